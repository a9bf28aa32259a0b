"""Plain text with headings and lists, as blocks that a template shows; everything else stays text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A heading ("h2", "h3"), a paragraph ("p") or a list ("ul"); `lines` are its plain texts."""

    kind: str
    lines: tuple[str, ...]


def blocks_of(text: str) -> list[Block]:
    """Cut a text into blocks: "# " and "## " begin headings, "- " list items, empty lines part paragraphs."""
    blocks: list[Block] = []
    held: list[str] = []
    kind = "p"

    def close() -> None:
        if held:
            blocks.append(Block(kind, tuple(held)))
            held.clear()

    for raw in text.replace("\r\n", "\n").split("\n"):
        line = raw.strip()
        if line.startswith(("# ", "## ")):
            close()
            blocks.append(Block("h2" if line.startswith("# ") else "h3", (line.lstrip("# "),)))
        elif not line:
            close()
        else:
            wanted = "ul" if line.startswith(("- ", "* ")) else "p"
            if wanted != kind:
                close()
            kind = wanted
            held.append(line[2:] if wanted == "ul" else line)
    close()
    return blocks
