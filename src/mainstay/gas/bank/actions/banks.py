"""Banks and their lines."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.bank import library
from mainstay.gas.bank.models import Bank, Line
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit

_LEAST_PORT, _MOST_PORT = 1024, 65_535
_LEAST_LENGTH, _MOST_LENGTH = 64, 65_535


@action("gas.bank.save_bank", title=_("Save a bank"), unit=lambda unit, **_: unit.pk)
def save_bank(*, unit: Unit, bank: Bank | None = None, code: str, by: User, **values: Any) -> Bank:
    """Create or change a bank; its code stays, because payments, keys and files name it.

    `values` are fields of the model other than the business date, which begins today and moves by day cuts alone.
    """
    if bank is None:
        if Bank.objects.filter(code=code).exists():
            raise Problem(_("There is a bank with this code already."), field="code", code="code_taken")
        if not (code.isascii() and code.isalnum()):
            raise Problem(_("A code has letters and digits only."), field="code", code="bad_code")
        bank = Bank(code=code, business_on=local_today())
    before = {name: str(getattr(bank, name)) for name in values} if bank.pk else {}
    for name, value in {**values, "unit": unit}.items():
        setattr(bank, name, value)
    library.adapter(bank.layout)
    bank.save()
    note_change(before=before, after={name: str(value) for name, value in values.items()})
    return bank


@action("gas.bank.save_line", title=_("Save a bank line"), unit=lambda bank, **_: bank.unit_id)
def save_line(*, bank: Bank, line: Line | None = None, by: User, **values: Any) -> Line:
    """Create or change a line. A new address, layout or key is taken up when the front-end processor next starts."""
    line = line or Line(bank=bank)
    before = {name: str(getattr(line, name)) for name in values} if line.pk else {}
    for name, value in values.items():
        setattr(line, name, value)
    _check(line)
    line.save()
    note_change(before=before, after={name: str(value) for name, value in values.items()})
    return line


def _check(line: Line) -> None:
    if not _LEAST_PORT <= line.port <= _MOST_PORT:
        raise Problem(_("A port is between 1024 and 65535."), field="port", code="bad_port")
    if not _LEAST_LENGTH <= line.longest <= _MOST_LENGTH:
        raise Problem(_("The longest message is between 64 and 65535 bytes."), field="longest", code="bad_length")
    for field, address in [("host", line.host), *(("peers", peer) for peer in line.peers.split(",") if peer.strip())]:
        try:
            ipaddress.ip_address(address.strip())
        except ValueError:
            text = _("%(text)s is no IP address.")
            raise Problem(text % {"text": address}, field=field, code="bad_address") from None
    taken = Line.objects.filter(host=line.host, port=line.port).exclude(pk=line.pk).first()
    if taken is not None:
        text = _("The line %(line)s listens at this address and port already.")
        raise Problem(text % {"line": taken}, field="port", code="port_taken")
