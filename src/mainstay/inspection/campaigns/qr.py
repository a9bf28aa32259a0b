"""QR labels: a stable text that phones know, drawn as SVG with the name below."""

from __future__ import annotations

from io import BytesIO
from xml.sax.saxutils import escape

import segno

from mainstay.inspection.campaigns.models import Target

PREFIX = "mainstay:target:"
_SIZE, _FOOT = 29, 6


def label_text(target: Target) -> str:
    """What the label says: its UUID, which never changes, so that an old label stays good."""
    return f"{PREFIX}{target.qr}"


def label_svg(target: Target) -> bytes:
    """The label as a picture to print."""
    code = segno.make(label_text(target), error="m")
    width, _height = code.symbol_size(border=2)
    inner = BytesIO()
    code.save(inner, kind="svg", border=2, xmldecl=False, svgns=False)
    name, number = escape(target.name), escape(target.code)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="60mm" viewBox="0 0 {width} {width + _FOOT}">'
        f'{inner.getvalue().decode()}<g text-anchor="middle" font-family="sans-serif" fill="#000">'
        f'<text x="{width / 2}" y="{width + 1.6}" font-size="2.2">{name}</text>'
        f'<text x="{width / 2}" y="{width + 4.4}" font-size="1.8">{number}</text></g></svg>'
    ).encode()
