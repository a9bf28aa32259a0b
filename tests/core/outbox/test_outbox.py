"""Text messages that leave: queued once, in one file, handed to the gateway once whatever happens in between."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from mainstay.core.evidence.actions import open_file
from mainstay.core.jobs.models import Schedule
from mainstay.core.outbox import batch
from mainstay.core.outbox.actions import CARRY, import_answers, queue_message, write_batch
from mainstay.core.outbox.models import Batch, Message
from mainstay.core.outbox.queries import ANSWERS, VIEW, WRITE
from mainstay.core.outbox.rules import HEADS, LONGEST, file_of, mobile, signed
from mainstay.core.outbox.sheet import COLUMNS, check
from mainstay.core.todos.models import Todo
from mainstay.kit.errors import Problem
from mainstay.kit.sheets import read_sheet
from tests.core.make import make_unit, make_user

ALL = dict.fromkeys((VIEW, WRITE, ANSWERS), ("all", None))


def queued(key: str = "a", phone: str = "13900000001") -> Message:
    return queue_message(key=key, to="秦守一", phone=phone, text="运行安全告警：D8 电池供电")


def lines(one: Batch) -> list[list[str]]:
    with open_file(one.file.file) as file:
        return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("written", "number"),
    [("13812345678", "13812345678"), ("+86 138-1234-5678", "13812345678"), ("0571-12345678", ""), ("", "")],
)
def test_only_a_mobile_number_gets_a_message(written: str, number: str) -> None:
    assert mobile(written) == number


def test_the_file_survives_what_stands_in_a_text() -> None:
    text = '一,"二"\n三'
    rows = list(csv.reader(io.StringIO(file_of([("N-1", "13900000001", text)]).decode("utf-8-sig"), newline="")))
    assert rows == [list(HEADS), ["N-1", "13900000001", text]]
    assert len(signed("江城燃气", "长" * 400)) == LONGEST and signed("", "x") == "x"


@pytest.mark.django_db
def test_the_company_signs_in_chinese_whoever_sends() -> None:
    make_unit("江城燃气")
    with override("en"):
        assert queued().text == "【江城燃气】运行安全告警：D8 电池供电"


@pytest.mark.django_db
def test_the_same_is_queued_once_and_no_mobile_number_is_seen() -> None:
    assert queued().pk == queued().pk
    bad = queued("b", "0571-88001234")
    assert (bad.state, bad.phone) == ("refused", "0571-88001234")
    made = write_batch(by=make_user(rights=ALL))
    assert [row[1] for row in lines(made)[1:]] == ["13900000001"]
    bad.refresh_from_db()
    assert bad.state == "refused" and bad.batch is None


@pytest.mark.django_db
def test_a_message_is_in_one_file_and_its_number_in_full_only_there() -> None:
    by = make_user(rights=ALL)
    one = queued()
    first = write_batch(by=by)
    one.refresh_from_db()
    assert (one.state, one.phone, one.number) == ("sent", "0001", f"{first.number}-00001")
    with pytest.raises(Problem) as refused:
        write_batch(by=by)
    assert refused.value.code == "none"
    queued("b", "13900000002")
    assert [row[1] for row in lines(write_batch(by=by))[1:]] == ["13900000002"]


@pytest.mark.django_db
def test_without_a_gateway_somebody_is_asked_to_carry() -> None:
    now = timezone.now()
    assert batch.carry(now) == 0 and not Todo.objects.filter(kind=CARRY).exists()
    queued()
    assert batch.carry(now) == batch.carry(now + timedelta(minutes=1)) == 0
    todo = Todo.objects.get(kind=CARRY, done_at=None)
    write_batch(by=make_user(rights=ALL))
    todo.refresh_from_db()
    assert todo.done_at


@pytest.mark.django_db
def test_the_gateway_gets_each_batch_once(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX_FOLDER = str(tmp_path / "gateway")
    queued()
    assert batch.carry(timezone.now()) == 1
    (file,) = (tmp_path / "gateway").iterdir()
    assert file.name == f"{Batch.objects.get().number}.csv" and b"13900000001" in file.read_bytes()
    file.unlink()  # the gateway took it
    assert batch.carry(timezone.now()) == 0 and not list((tmp_path / "gateway").iterdir())


@pytest.mark.django_db
@pytest.mark.parametrize("recorded", [False, True])
def test_a_restart_in_between_neither_loses_nor_repeats(recorded: bool, settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX_FOLDER = str(tmp_path)
    queued()
    made = write_batch(by=make_user(rights=ALL))
    (tmp_path / f"{made.number}.csv.part").write_bytes(b"" if not recorded else b"whole")
    if recorded:  # the power went after the record and before the name
        Batch.objects.update(handed_at=timezone.now())
    assert batch.carry(timezone.now()) == (0 if recorded else 1)
    (file,) = tmp_path.iterdir()
    assert file.name == f"{made.number}.csv" and (file.read_bytes() == b"whole") is recorded
    file.unlink()
    assert batch.carry(timezone.now()) == 0 and not list(tmp_path.iterdir())


@pytest.mark.django_db
def test_answers_say_what_was_delivered() -> None:
    by = make_user(rights=ALL)
    queued("a")
    queued("b", "13900000002")
    number = write_batch(by=by).number
    answers = (f"{number}-00001,成功,", f"{number}-00002,失败,空号", f"{number}-00002,失败,空号", "X,成功,")
    content = "\n".join(("短信编号,结果,失败原因", *answers)).encode()
    sheet = read_sheet(io.BytesIO(content), columns=COLUMNS)
    checked = check(sheet, {}, by, False)
    assert checked.new == 2 and sorted(checked.errors) == [4, 5]
    assert import_answers(results=checked.payload, by=by) == 2
    assert list(Message.objects.order_by("pk").values_list("state", "reason")) == [
        ("delivered", ""),
        ("failed", "空号"),
    ]
    assert check(sheet, {}, by, False).already == 2


@pytest.mark.django_db
def test_the_page_writes_out_and_masks(client: Client) -> None:
    client.force_login(make_user(rights=ALL))
    queued()
    page = client.get("/outbox/").content.decode()
    assert "***0001" in page and "13900000001" not in page
    assert client.post("/outbox/write/").status_code == 302
    made = Batch.objects.get()
    assert b"13900000001" in b"".join(client.get(f"/outbox/files/{made.pk}/").streaming_content)
    client.force_login(make_user(rights={VIEW: ("all", None)}))
    assert client.get(f"/outbox/files/{made.pk}/").status_code == 403


@pytest.mark.django_db
def test_carrying_is_scheduled_once() -> None:
    batch.install_schedule()
    batch.install_schedule()
    assert Schedule.objects.filter(kind=batch.JOB).count() == 1
