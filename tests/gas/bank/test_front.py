"""The front-end processor with real connections: our own simulator, an independent peer, and lines that misbehave."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from iso8583sim.core.types import ISO8583Message
from iso8583sim.net.client import ISO8583Client
from iso8583sim.net.framing import Framing as PeerFraming
from iso8583sim.security.mac import generate_mac, verify_mac
from iso8583sim.wire import WireFormat, encode_message

from mainstay.gas.bank import library
from mainstay.gas.bank.front.server import Front, run
from mainstay.gas.bank.models import Bank, Day, Entry, Line, LineEvent, LineState
from mainstay.gas.bank.rules.framing import Framing
from mainstay.gas.bank.rules.messages import Code, Kind, Message
from mainstay.gas.bank.simulator import Player, Scenario, Silence, Wire, WireFacts
from mainstay.gas.payments.models import Payment
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.gas.bank.make import make_bank, make_debtor, make_debtors, make_line, system

pytestmark = pytest.mark.django_db(transaction=True)
Talk = Callable[[Any], Coroutine[Any, Any, Any]]


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """A front-end processor in a thread of its own, with everything real but the process."""

    def __init__(self, *lines: Line) -> None:
        self.loop = asyncio.new_event_loop()
        self.front = Front(money=2 if connection.vendor == "postgresql" else 1)
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.do(self.front.start(list(lines)))

    def do(self, talk: Coroutine[Any, Any, Any]) -> Any:
        """Run something in its loop."""
        return asyncio.run_coroutine_threadsafe(talk, self.loop).result(60)

    def stop(self) -> None:
        """End it properly."""
        self.do(self.front.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


@pytest.fixture
def running() -> Iterator[Callable[..., Running]]:
    """Start front-end processors, and stop them at the end."""
    started: list[Running] = []

    def start(*lines: Line) -> Running:
        started.append(Running(*lines))
        return started[-1]

    system()
    yield start
    for one in started:
        if one.loop.is_running():
            one.stop()


def a_line(bank: Bank | None = None, **values: Any) -> Line:
    return make_line(bank or make_bank(), port=free_port(), frame_seconds=1, **values)


def wire_facts(line: Line, **values: Any) -> WireFacts:
    bank = line.bank
    adapter, mac = library.speech(bank.layout, bank.code, bank.mac_method)
    framing = Framing(line.header, line.tpdu, line.longest)
    return WireFacts(line.host, line.port, adapter, mac, framing, **values)


def talk(line: Line, story: Talk) -> Any:
    """Tell a story over a fresh, signed-on connection."""

    async def told() -> Any:
        wire = Wire(wire_facts(line))
        await wire.connect(5)
        try:
            return await story(wire)
        finally:
            wire.drop()

    return asyncio.run(told())


def query(account_no: str) -> Message:
    return Message(kind=Kind.QUERY, account_no=account_no, business_on=local_today(), serial="Q1")


def payment(account_no: str, serial: str, amount_fen: int = 5_220) -> Message:
    return Message(kind=Kind.PAY, account_no=account_no, business_on=local_today(), serial=serial,
                   amount_fen=amount_fen)  # fmt: skip


@pytest.mark.parametrize(
    ("layout", "method", "header", "tpdu"),
    [
        ("iso8583", "sm4-cmac", "2b", False),
        ("fixed-gbk", "aes-cmac", "4a", False),
        ("xml-gbk", "x9.19", "4b", False),
        ("xml-utf8", "none", "2b", True),
    ],
)
def test_a_day_in_every_layout(running: Any, layout: str, method: str, header: str, tpdu: bool) -> None:
    line = a_line(make_bank(layout=layout, mac_method=method), header=header, tpdu=tpdu)
    account = make_debtor()
    running(line)

    async def day(wire: Wire) -> list[Message]:
        due, _body = await wire.ask(query(account.account_no))
        paid, first = await wire.ask(message := wire.dressed(payment(account.account_no, "P1")))
        _again, second = await wire.ask(message)
        assert first == second
        totals = Message(kind=Kind.NOTICE, business_on=local_today(), count=1, amount_fen=5_220)
        noted, _body = await wire.ask(totals)
        cut, _body = await wire.ask(Message(kind=Kind.DAY_CUT, business_on=local_today()))
        late, _body = await wire.ask(payment(account.account_no, "P2"))
        bye, _body = await wire.ask(Message(kind=Kind.SIGN_OFF))
        shut, _body = await wire.ask(query(account.account_no))
        return [due, paid, noted, cut, late, bye, shut]

    due, paid, noted, cut, late, bye, shut = talk(line, day)
    assert (due.code, due.amount_fen, due.text) == (Code.OK, 5_220, "李*")
    assert paid.code == Code.OK
    assert (noted.count, noted.amount_fen) == (1, 5_220)
    assert [cut.code, late.code, bye.code, shut.code] == [Code.OK, Code.DAY_CUT, Code.OK, Code.NOT_SIGNED_ON]
    assert Payment.objects.get().amount_fen == 5_220
    assert Day.objects.get(business_on=local_today()).told_count == 1
    assert Bank.objects.get(pk=line.bank_id).business_on == local_today() + dt.timedelta(days=1)


def test_an_independent_peer_pays_repeats_and_reverses(running: Any) -> None:
    """PyPI's iso8583sim knows nothing of us: its framing, its bitmaps, its retail MAC, its pairing of answers."""
    line = a_line(make_bank(mac_method="x9.19"))
    account = make_debtor(name="Li Ming")  # the peer reads field 48 in ASCII only
    key = library.key_file(line.bank.code).read_text().strip()
    running(line)
    wire_format = WireFormat.ascii_binary()
    day = f"{local_today():%Y%m%d}"

    def request(mti: str, stan: int, **fields: str) -> ISO8583Message:
        values = {int(name[1:]): value for name, value in fields.items()} | {11: f"{stan:06d}", 7: "1126153000"}
        mac_field = 128 if any(number > 64 for number in values) else 64
        draft = ISO8583Message(mti=mti, fields={0: mti, **values, mac_field: "0" * 16})
        raw = encode_message(draft, wire_format)
        draft.fields[mac_field] = generate_mac(bytes(raw[:-8]), key, 3, 1)
        return draft

    async def day_of_the_peer() -> list[ISO8583Message]:
        money = {"f4": "000000005220", "f32": "0001", "f60": day, "f62": account.account_no}
        async with ISO8583Client(line.host, line.port, wire_format=wire_format, framing=PeerFraming("2b")) as peer:
            pay = request("0200", 4, f3="500000", f37="PEER00000001", **money)
            undo = request("0400", 5, f3="500000", f37="PEER00000002", f61="PEER00000001", **money)
            return [
                await peer.send(request("0800", 1, f70="001")),
                await peer.send(request("0800", 2, f70="301")),
                await peer.send(request("0200", 3, f3="310000", f37="PEER0000000Q", f60=day, f62=account.account_no)),
                await peer.send(pay),
                await peer.send(pay),
                await peer.send(undo),
                await peer.send(undo),
            ]

    signed, echo, due, paid, again, undone, twice = asyncio.run(day_of_the_peer())
    assert [one.fields[39] for one in (signed, echo, due, paid, again, undone, twice)] == ["00"] * 7
    assert [signed.mti, due.mti, paid.mti, undone.mti] == ["0810", "0210", "0210", "0410"]
    assert due.fields[4] == "000000005220"
    assert paid.fields == again.fields
    raw = encode_message(paid, wire_format)
    assert verify_mac(bytes(raw[:-8]), paid.fields[64], key, 3, 1)
    assert sorted(Payment.objects.values_list("amount_fen", flat=True)) == [-5_220, 5_220]
    assert Entry.objects.count() == 2


def test_a_day_with_every_fault(running: Any) -> None:
    """The simulator's faults against one process; the whole drill with kills is `mainstay drill bank`."""
    line = a_line(make_bank(rate_account=1_000))
    accounts = [one.account_no for one in make_debtors(60)]
    running(line)
    faults = {"repeat": 100, "lost_answer": 150, "given_up": 100, "late_reversal": 100, "reversed_first": 100,
              "crossing": 100, "conflict": 100, "changed_amount": 50, "bad_mac": 50, "unknown_account": 50,
              "half_frame": 100}  # fmt: skip
    player = Player(wire_facts(line), Scenario(10_000, 6, 3, faults), local_today(), accounts)
    outcome = asyncio.run(player.play())
    assert not outcome.wrong
    assert len(outcome.stories) > 8
    back = set(Payment.objects.filter(amount_fen__lt=0).values_list("account_id", "refers_no"))
    booked = {one.serial for one in Payment.objects.filter(amount_fen__gt=0)
              if (one.account_id, one.payment_no) not in back}  # fmt: skip
    assert booked == {belief.serial for belief in outcome.beliefs if belief.money}


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"\xff\xff" + bytes(100), "bad_frame"),
        (b"\x00\x10" + b"garbage garbage!", "bad_frame"),
        pytest.param(b"\x00\x20half of", "slow", marks=pytest.mark.slow),
        pytest.param(b"\x00", "slow", marks=pytest.mark.slow),
    ],
)
def test_a_line_that_misbehaves_is_closed_and_told(running: Any, raw: bytes, kind: str) -> None:
    line = a_line()
    server = running(line)

    async def misbehave(wire: Wire) -> bool:
        wire.send(raw)
        return await wire.ended(4)

    assert talk(line, misbehave)
    server.stop()
    assert LineEvent.objects.filter(kind=kind).count() == 1
    assert LineState.objects.get(line=line).closed == 1
    assert not Payment.objects.exists()


def test_a_wrong_code_of_authentication_closes_the_line(running: Any) -> None:
    line, account = a_line(), make_debtor()
    server = running(line)

    async def forge(wire: Wire) -> bool:
        raw = bytearray(wire.frame(wire.dressed(payment(account.account_no, "P1"))))
        raw[-1] ^= 1
        wire.send(bytes(raw))
        return await wire.ended(4)

    assert talk(line, forge)
    server.stop()
    assert LineEvent.objects.filter(kind="bad_mac").exists()
    assert not Payment.objects.exists()


def test_strangers_are_not_let_in(running: Any) -> None:
    line = a_line(peers="192.0.2.1")
    server = running(line)

    async def knock() -> None:
        await Wire(wire_facts(line)).connect(0.3)

    with pytest.raises(Silence):
        asyncio.run(knock())
    server.stop()
    assert LineEvent.objects.filter(kind="stranger").exists()


def test_nothing_but_an_echo_before_the_sign_on(running: Any) -> None:
    line, account = a_line(), make_debtor()
    running(line)

    async def hasty(wire: Wire) -> list[Any]:
        await wire.ask(Message(kind=Kind.SIGN_OFF))
        found = [await wire.ask(payment(account.account_no, "P1")), await wire.ask(Message(kind=Kind.ECHO))]
        return [answer.code for answer, _body in found]

    assert talk(line, hasty) == [Code.NOT_SIGNED_ON, Code.OK]
    assert not Entry.objects.exists()


def test_too_many_requests_a_minute(running: Any) -> None:
    line, account = a_line(make_bank(rate_account=3)), make_debtor()
    running(line)

    async def hammer(wire: Wire) -> list[Any]:
        return [(await wire.ask(query(account.account_no)))[0].code for _time in range(5)]

    assert talk(line, hammer) == [Code.OK] * 3 + [Code.TOO_OFTEN] * 2


@pytest.mark.parametrize("message", [query("户"), query(""), Message(kind=Kind.NOTICE), Message(kind=Kind.DAY_CUT)])
def test_messages_that_lack_something(running: Any, message: Message) -> None:
    line = a_line(make_bank(layout="xml-utf8"))
    running(line)

    async def ask(wire: Wire) -> Any:
        return (await wire.ask(message))[0].code

    assert talk(line, ask) == Code.BAD_FORMAT


def test_unknown_accounts_and_days(running: Any) -> None:
    line = a_line()
    running(line)

    async def ask(wire: Wire) -> list[Any]:
        day = Message(kind=Kind.DAY_CUT, business_on=local_today() + dt.timedelta(days=9))
        return [(await wire.ask(one))[0].code for one in (query("404"), day)]

    assert talk(line, ask) == [Code.NO_ACCOUNT, Code.WRONG_DAY]


def test_what_is_in_flight_is_answered_before_the_process_ends(running: Any) -> None:
    line = a_line()
    accounts = [one.account_no for one in make_debtors(20)]
    server = running(line)

    async def rush(wire: Wire) -> int:
        asked = [asyncio.ensure_future(wire.ask(payment(no, f"P{place}"))) for place, no in enumerate(accounts)]
        await asyncio.sleep(0.03)
        stop = asyncio.to_thread(server.stop)
        found = await asyncio.gather(*asked, stop, return_exceptions=True)
        return sum(isinstance(one, tuple) for one in found)

    answered = talk(line, rush)
    assert Payment.objects.count() == answered == len(accounts)
    assert LineState.objects.get(line=line).state == "down"


def test_limits_changed_on_the_pages_hold_at_once(running: Any) -> None:
    line, account = a_line(), make_debtor()
    server = running(line)
    Bank.objects.filter(pk=line.bank_id).update(limit_payment_fen=100)

    server.front._keep_now()  # what its thread does every second

    async def ask(wire: Wire) -> Any:
        return (await wire.ask(payment(account.account_no, "P1")))[0].code

    assert talk(line, ask) == Code.OVER_LIMIT


def pay_over_tls(line: Line, account_no: str, *, shows: str = "") -> Any:
    """Pay over an encrypted line as a caller that trusts the line's certificate and may show one of its own."""
    folder = library.folder() / "tls"
    context = ssl.create_default_context(cafile=folder / f"{line.bank.code}.crt")
    context.check_hostname = False
    if shows:
        context.load_cert_chain(folder / f"{shows}.crt", folder / f"{shows}.key")

    async def told() -> Any:
        wire = Wire(wire_facts(line, tls=context))
        await wire.connect(0.3)
        answer, _body = await wire.ask(payment(account_no, "P1"))
        wire.drop()
        return answer.code

    return asyncio.run(told())


def test_tls(running: Any) -> None:
    line, account = a_line(tls=True), make_debtor()
    certify(library.folder() / "tls", line.bank.code)
    running(line)

    async def in_the_clear() -> None:
        await Wire(wire_facts(line)).connect(0.3)

    with pytest.raises(Silence):
        asyncio.run(in_the_clear())
    assert not Entry.objects.exists()
    assert pay_over_tls(line, account.account_no) == Code.OK


def test_where_the_bank_has_a_certificate_it_must_show_it(running: Any) -> None:
    line, account, folder = a_line(tls=True), make_debtor(), library.folder() / "tls"
    own, theirs, other = line.bank.code, f"{line.bank.code}-bank", f"{line.bank.code}-other"
    for name in (own, theirs, other):
        certify(folder, name)
    (folder / f"{own}.ca").write_bytes((folder / f"{theirs}.crt").read_bytes())
    running(line)
    for shows in ("", other):
        with pytest.raises(Silence):
            pay_over_tls(line, account.account_no, shows=shows)
    assert not Entry.objects.exists()
    assert pay_over_tls(line, account.account_no, shows=theirs) == Code.OK


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda base: base.with_suffix(".crt").unlink(), "no_certificate"),
        (lambda base: base.with_suffix(".key").unlink(), "no_certificate"),
        (lambda base: base.with_suffix(".key").chmod(0o644), "open_key"),
        (lambda base: base.with_suffix(".crt").write_text("none"), "bad_certificate"),
        (lambda base: base.with_suffix(".ca").write_text("none"), "bad_certificate"),
    ],
)
def test_certificates_that_will_not_do_are_told_at_the_start(spoil: Callable[[Path], Any], code: str) -> None:
    line = a_line(tls=True)
    base = library.folder() / "tls" / line.bank.code
    certify(base.parent, base.name)
    spoil(base)
    with pytest.raises(Problem) as refused:
        run()
    assert refused.value.code == code


def certify(folder: Path, name: str) -> None:
    """A certificate that signs itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / f"{name}.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / f"{name}.key").write_bytes(pem)
    (folder / f"{name}.key").chmod(0o600)
