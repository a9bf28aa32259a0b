"""How a host differs from its declaration: files, firewall, units, network cards, roads out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mainstay.continuity.site.rules import Host, Site
from mainstay.continuity.site.rules.render import Made, files_of, filled, secrets_in
from mainstay.continuity.site.rules.render.firewall import kernel_of

SECONDS = 30
TABLE = "mainstay"
# Nothing is sent there; the kernel is only asked which way it would go.
OUTSIDE, OUTSIDE6 = "1.1.1.1", "2001:4860:4860::8888"
KERNEL = Path("/proc/sys")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what, whether it is as declared, and otherwise what differs, in both languages."""

    subject: str
    fine: bool
    en: str = ""
    zh: str = ""

    def told(self, language: str) -> str:
        """What differs, in a language."""
        return self.zh if language.startswith("zh") else self.en


def drift(site: Site, host: Host, secrets: Mapping[str, str], root: str = "") -> list[Finding]:
    """Compare a host with its declaration; run on that host, as root. `root` is put before the paths of files."""
    files = files_of(site, host)
    found = [_file(made, secrets, root) for made in files]
    found += firewall(site, host)
    found += _units(files)
    found += network(site, host)
    return found


def _file(made: Made, secrets: Mapping[str, str], root: str) -> Finding:
    path = Path(root + made.path)
    if missing := [name for name in secrets_in([made]) if name not in secrets]:
        text = ", ".join(missing)
        return Finding(made.path, False, f"secret missing: {text}", f"缺少密钥：{text}")
    try:
        there = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Finding(made.path, False, "not installed; run site apply", "尚未安装；请运行 site apply")
    except OSError as error:
        return Finding(made.path, False, f"cannot be read: {error.strerror}", f"无法读取：{error.strerror}")
    if there != filled(made.text, secrets):
        return Finding(made.path, False, "differs from the declaration", "与声明不一致")
    if (mode := path.stat().st_mode & 0o777) != made.mode:
        return Finding(made.path, False, f"mode is {mode:o}, not {made.mode:o}", f"权限为 {mode:o}，应为 {made.mode:o}")
    return Finding(made.path, True)


def firewall(site: Site, host: Host) -> Iterator[Finding]:
    """The rules of a host that run, against the declared ones; nothing where nft may not be asked."""
    return _firewall(next(one for one in files_of(site, host) if one.checker == "nft"))


def _firewall(made: Made) -> Iterator[Finding]:
    """Compare the running rules with the declared ones, loaded in a network of their own that is thrown away."""
    if not shutil.which("nft") or os.geteuid() != 0:
        return
    running = rules_running()
    declared = rules_declared(made.text)
    if declared is None:
        yield Finding("firewall", False, "the declared rules do not load", "声明的规则无法加载")
        return
    extra = [one for one in running if one not in declared]
    lost = [one for one in declared if one not in running]
    if not extra and not lost:
        fine = running == declared
        yield Finding("firewall", fine, "" if fine else "rules in another order", "" if fine else "规则顺序不同")
        return
    en = "; ".join([*(f"added: {_short(one)}" for one in extra), *(f"missing: {_short(one)}" for one in lost)])
    zh = "；".join([*(f"多出：{_short(one)}" for one in extra), *(f"缺少：{_short(one)}" for one in lost)])
    yield Finding("firewall", False, en, zh)


def rules_running(namespace: str = "") -> list[str]:
    """Every table, chain and rule that filters now, normalised; of the whole host, not of our table alone."""
    words = ["ip", "netns", "exec", namespace] if namespace else []
    done = run([*words, "nft", "-j", "list", "ruleset"])
    return _normal(done.stdout) if done.returncode == 0 else []


def rules_declared(text: str) -> list[str] | None:
    """The same of a file, loaded where nothing passes; None when it does not load."""
    with tempfile.NamedTemporaryFile("w", suffix=".nft", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        shell = 'nft -f "$1" && nft -j list ruleset'
        done = run(["unshare", "--net", "sh", "-c", shell, "sh", file.name])
    return _normal(done.stdout) if done.returncode == 0 else None


def _normal(text: str) -> list[str]:
    """Rules without what changes by itself: handles and counters. One JSON text each, in order."""
    found = []
    for entry in json.loads(text or "{}").get("nftables", []):
        if "metainfo" not in entry:
            found.append(json.dumps(_without(entry), sort_keys=True, ensure_ascii=False))
    return found


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: None if key == "counter" else _without(one)
            for key, one in value.items()
            if key not in {"handle", "index", "packets", "bytes"}
        }
    return [_without(one) for one in value] if isinstance(value, list) else value


def _short(rule: str) -> str:
    facts = json.loads(rule)
    kind, one = next(iter(facts.items()))
    return " ".join(str(part) for part in (kind, one.get("chain", one.get("name", "")), one.get("comment", "")) if part)


def _units(files: tuple[Made, ...]) -> Iterator[Finding]:
    """Whether each unit of ours runs; only where systemd does."""
    if not Path("/run/systemd/system").is_dir():
        return
    names = sorted(
        {unit for one in files for unit in one.units if unit.startswith("mainstay-") and "backup" not in unit}
    )
    for name in names:
        state = run(["systemctl", "is-active", name]).stdout.strip()
        yield Finding(f"{name}.service", state == "active", f"is {state}", f"状态为 {state}")


def network(site: Site, host: Host) -> list[Finding]:
    """Cards and addresses as declared and none besides; no road out of an isolated zone, no resolver there."""
    done = run(["ip", "-j", "address"])
    if done.returncode:
        return []
    cards = {card["ifname"]: card for card in json.loads(done.stdout)}
    found = [
        _card(site, host, name, cards) for name in sorted({one.name for one in host.interfaces} | set(cards) - {"lo"})
    ]
    found.append(_kernel(host))
    isolated = {one.name for one in site.zones if one.isolated}
    if host.zones() & isolated:
        for subject, outside in (("route", OUTSIDE), ("IPv6 route", OUTSIDE6)):
            out = run(["ip", "-j", "route", "get", outside]).returncode == 0
            found.append(Finding(subject, not out, "there is a way out of the zone", "存在通往区域外的路由"))
        named = _resolvers()
        found.append(Finding("resolver", not named, f"asks {', '.join(named)}", f"会查询 {'、'.join(named)}"))
    return found


def _card(site: Site, host: Host, name: str, cards: Mapping[str, Any]) -> Finding:
    declared = next((one for one in host.interfaces if one.name == name), None)
    if declared is None:
        return Finding(name, False, "this network card is not declared", "此网卡未在声明中")
    if name not in cards:
        return Finding(name, False, "there is no such network card", "没有这块网卡")
    facts = cards[name]
    there = _addresses_of(facts, own_link=declared.address6 is not None)
    wanted = [str(one) for one in declared.addresses()]
    if lost := [one for one in wanted if one not in there]:
        return Finding(name, False, f"lacks the address {lost[0]}", f"缺少地址 {lost[0]}")
    if extra := sorted(there - {*wanted, str(site.service.address)}):
        return Finding(name, False, f"also has {', '.join(extra)}", f"另有地址 {'、'.join(extra)}")
    if declared.mac and facts.get("address") != declared.mac:
        mac = facts.get("address")
        return Finding(name, False, f"is another card: {mac}", f"网卡已更换：{mac}")
    return Finding(name, True)


def _addresses_of(facts: Mapping[str, Any], *, own_link: bool) -> set[str]:
    """A card's addresses; that of IPv6's own link counts where no IPv6 is declared: there it is a second way in."""
    found = facts.get("addr_info", [])
    return {one["local"] for one in found if not (own_link and one["family"] == "inet6" and one["scope"] == "link")}


def _kernel(host: Host) -> Finding:
    """Whether the kernel speaks IPv6 only where declared, and takes no address or road from routers."""
    wrong = []
    for key, wanted in kernel_of(host).items():
        try:
            there = int(KERNEL.joinpath(*key.split(".")).read_text())
        except (OSError, ValueError):
            continue  # no such card, which the card's own finding tells, or a kernel without IPv6
        if there != wanted:
            wrong.append(f"{key} = {there}")
    text = ", ".join(wrong)
    return Finding("IPv6", not wrong, f"the kernel has {text}; run site apply", f"内核设置为 {text}；请运行 site apply")


def _resolvers() -> list[str]:
    try:
        text = Path("/etc/resolv.conf").read_text(encoding="utf-8")
    except OSError:
        return []
    return [line.split()[1] for line in text.splitlines() if line.startswith("nameserver ") and len(line.split()) > 1]


def run(words: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program and keep what it says; 127 where it is not installed."""
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False)
    except FileNotFoundError:
        return subprocess.CompletedProcess(words, 127, "", "")
