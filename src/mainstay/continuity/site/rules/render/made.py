"""A file that follows from the declaration, and the secrets that are put into it where it is installed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# What each secret opens. They are drawn once for a site and carried to its hosts by hand; no declaration holds one.
SECRETS = {
    "superuser": "PostgreSQL: the owner of the cluster",
    "replication": "PostgreSQL: copying to the other server",
    "rewind": "PostgreSQL: taking back a server that ran alone",
    "app": "PostgreSQL: the application",
    "restapi": "Patroni: planned switches",
    "backup": "pgBackRest: the encrypted off-site copy",
    "power": "NUT: the watcher of the supply",
}
MARK = re.compile(r"@SECRET:([a-z]+)@")
HEAD = "Made by `mainstay site render` from site.toml; change that and apply it again."


@dataclass(frozen=True, slots=True)
class Made:
    """A file: path on the host, text, owner and mode, the units that read it, the program that checks it."""

    path: str
    text: str
    owner: str = "root"
    mode: int = 0o644
    units: tuple[str, ...] = ()
    checker: str = ""


def secret(name: str) -> str:
    """The mark of a secret. Raises KeyError for one that does not exist."""
    SECRETS[name]
    return f"@SECRET:{name}@"


def secrets_in(files: Iterable[Made]) -> list[str]:
    """Names of the secrets that some files need, sorted."""
    return sorted({name for one in files for name in MARK.findall(one.text)})


def filled(text: str, secrets: Mapping[str, str]) -> str:
    """Put the secrets in. Raises KeyError for one that is not there."""
    return MARK.sub(lambda found: secrets[found.group(1)], text)


def lines(*texts: str, comment: str = "#") -> str:
    """Lines below the head that says where the file comes from."""
    return "\n".join([f"{comment} {HEAD}", *texts, ""])


def as_json(facts: Mapping[str, Any]) -> str:
    """JSON, which is YAML too, in the order given."""
    return json.dumps(facts, ensure_ascii=False, indent=2) + "\n"


def as_yaml(facts: Mapping[str, Any]) -> str:
    """YAML in the order given: tables and lists indented, every scalar as JSON writes it."""
    return lines(*_yaml(facts, ""))


def _yaml(value: Mapping[str, Any] | list[Any], pad: str) -> list[str]:
    found: list[str] = []
    pairs = (
        [(f"{key}:", one) for key, one in value.items()] if isinstance(value, Mapping) else [("-", o) for o in value]
    )
    for head, one in pairs:
        if isinstance(one, Mapping | list) and one:
            found += [f"{pad}{head}", *_yaml(one, pad + "  ")]
        else:
            found.append(f"{pad}{head} {json.dumps(one, ensure_ascii=False)}")
    return found
