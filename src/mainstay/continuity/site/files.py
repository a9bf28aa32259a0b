"""The declaration as a file."""

from __future__ import annotations

from pathlib import Path

from mainstay.continuity.site.rules import DeclarationError, Site, site_from_text

LARGEST = 1_000_000  # bytes


def load(path: Path) -> Site:
    """Read a declaration. Raises DeclarationError, also for a file that cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise DeclarationError((), f"{path} is too large.", f"{path} 过大。")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        en = f"There is no {path}. `mainstay site example` prints one to begin with."
        raise DeclarationError((), en, f"没有文件 {path}。可用 mainstay site example 输出示例作为起点。") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DeclarationError((), f"{path} cannot be read: {error}.", f"无法读取 {path}：{error}。") from None
    return site_from_text(text)
