"""`mainstay site ca`: an authority of the site's own and a certificate for its server, so that phones trust it.

Service workers and cameras of phones need HTTPS also inside a company's network, where no public authority reaches.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import re
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mainstay.commands.words import _, say
from mainstay.kit.errors import Problem

CA_DAYS = 3650
SERVER_DAYS = 397  # phones refuse certificates that are valid longer
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)


def main(argv: list[str]) -> int:
    """Make what is not there yet, tell what to do with it; 0 when done."""
    options = parser().parse_args(argv)
    from mainstay.config.env import data_dir

    folder = data_dir() / "ca"
    made = ensure(folder, options.name or default_names(), days=options.days, renew=options.renew)
    say(told(folder, made))
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser(
        "mainstay site", description=_("Make this site's own authority and its server certificate, for phones")
    )
    made.add_argument("what", choices=["ca"], help=_("ca: the authority and the certificate"))
    made.add_argument(
        "--name", action="append", help=_("host name or address of the site; repeat it (default: MAINSTAY_HOSTS)")
    )
    made.add_argument(
        "--days", type=int, default=SERVER_DAYS, help=_("days the server certificate is valid (1 to 397)")
    )
    made.add_argument(
        "--renew",
        action="store_true",
        help=_("make a new server certificate beside the old one, by the same authority"),
    )
    return made


def default_names() -> list[str]:
    """The names the site answers to, or those of this machine."""
    named = [name.strip() for name in os.environ.get("MAINSTAY_HOSTS", "").split(",") if name.strip()]
    return named or [socket.gethostname(), "localhost", "127.0.0.1"]


def ensure(folder: Path, names: list[str], *, days: int = SERVER_DAYS, renew: bool = False) -> list[Path]:
    """Make authority and server certificate in a folder unless they are there; returns the files made.

    Nothing is overwritten: a renewed server certificate gets the next number in its name. Keys are files only their
    owner can read. Raises Problem for a name that is none, days out of range, and half a pair of files.
    """
    alternative = [_alternative(name) for name in names]
    if not 1 <= days <= SERVER_DAYS:
        raise Problem(_("Give 1 to {most} days: phones refuse more.").format(most=SERVER_DAYS), code="bad_days")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: list[Path] = []
    ca_key, ca_crt = folder / "ca.key", folder / "ca.crt"
    if ca_key.exists() != ca_crt.exists():
        text = _("In {folder} one of ca.key and ca.crt is missing. Restore it, or move the other one away.")
        raise Problem(text.format(folder=folder), code="half")
    if not ca_key.exists():
        made += _write_pair(ca_key, ca_crt, *_authority())
    place = _free(folder) if renew else ""
    key, crt = folder / f"server{place}.key", folder / f"server{place}.crt"
    if not key.exists() and not crt.exists():
        signer = serialization.load_pem_private_key(ca_key.read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)  # noqa: S101  # we wrote it
        issuer = x509.load_pem_x509_certificate(ca_crt.read_bytes())
        made += _write_pair(key, crt, *_server(signer, issuer, alternative, days))
    return made


def fingerprint(path: Path) -> str:
    """The SHA-256 of a certificate, as phones show it."""
    found = x509.load_pem_x509_certificate(path.read_bytes()).fingerprint(hashes.SHA256())
    return found.hex(":").upper()


def told(folder: Path, made: list[Path]) -> str:
    """What was made, and how a phone and the server get it."""
    lines = [_("Made: {files}").format(files=", ".join(path.name for path in made))] if made else []
    lines += [] if made else [_("Everything is there already; nothing was changed.")]
    newest = max(folder.glob("server*.crt"), key=lambda path: path.stat().st_mtime_ns)
    lines += [
        "",
        _("Authority:   {path}").format(path=folder / "ca.crt"),
        _("Fingerprint: {text}").format(text=fingerprint(folder / "ca.crt")),
        _("Server:      {path} with {key}").format(path=newest, key=newest.with_suffix(".key").name),
        "",
        _("1. Give the server certificate and its key to the web server before the site, and set MAINSTAY_HTTPS=true."),
        _("2. On each phone open http://SITE/phone/ca.crt, or carry ca.crt there, and compare the fingerprint."),
        _("3. Android: Settings, Security, Encryption and credentials, Install a certificate, CA certificate."),
        _("4. iPhone: install the profile, then Settings, General, About, Certificate Trust Settings: switch it on."),
        _("5. Open https://SITE/phone/ and put it on the home screen."),
        _("Keep ca.key safe: who has it can pretend to be any site to these phones."),
    ]
    return "\n".join(lines)


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    if not HOST.fullmatch(name):
        raise Problem(_("{name} is no host name or address.").format(name=name), code="bad_name")
    return x509.DNSName(name.lower())


def _free(folder: Path) -> str:
    number = 2
    while (folder / f"server-{number}.crt").exists() or (folder / f"server-{number}.key").exists():
        number += 1
    return f"-{number}"


def _named(text: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Mainstay"), x509.NameAttribute(NameOID.COMMON_NAME, text)]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
    made = made.not_valid_after(now + timedelta(days=days))
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return made.add_extension(identity, critical=False)


def _usage(**set_: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: set_.get(name, False) for name in names})


def _authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(f"Mainstay CA {socket.gethostname()[:40]}")
    made = _builder(name, name, key, CA_DAYS)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    made = made.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return key, made.sign(key, hashes.SHA256())


def _server(
    signer: ec.EllipticCurvePrivateKey, issuer: x509.Certificate, names: list[x509.GeneralName], days: int
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    made = _builder(_named(str(names[0].value)[:64]), issuer.subject, key, days)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    made = made.add_extension(_usage(digital_signature=True), critical=True)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    whose = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return key, made.add_extension(whose, critical=False).sign(signer, hashes.SHA256())


def _write_pair(
    key_path: Path, crt_path: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> list[Path]:
    """Write both, the key first and readable for its owner alone. A file that exists is an error, never overwritten."""
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for path, content, mode in ((key_path, private, 0o600), (crt_path, certificate.public_bytes(pem), 0o644)):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    return [key_path, crt_path]
