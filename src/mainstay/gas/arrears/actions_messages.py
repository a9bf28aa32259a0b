"""Text messages over the gap: written out as a file that somebody carries, answers taken in from a sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change
from mainstay.core.evidence.actions import store_file
from mainstay.core.outbox.queries import sender
from mainstay.core.outbox.rules import file_of, mobile
from mainstay.gas.arrears import rules
from mainstay.gas.arrears.models import DunningAct, DunningRun, Message, MessageFile
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.sqlkit import lock

# What customers read; the rules of the company and of the carrier ask for its name in front.
_TEXT = "【{company}】您的燃气用户号{account_no}截至{day}有逾期燃气费{owed}元未缴，请尽快缴纳，已缴请忽略。"


@action(
    "gas.arrears.export_messages", title=_("Write out text messages"), unit=lambda *, run, **_facts: run.unit_id,
    subject=lambda *, run, **_facts: f"arrears.dunningrun:{run.pk}",
)  # fmt: skip
def export_messages(*, run: DunningRun, by: User) -> MessageFile:
    """Write the text messages of a confirmed run into one file to be carried out; those written before stay out.

    The file is kept as it left; nobody without a mobile number is in it (they are counted). Raises Problem when no
    message waits or the run is not confirmed.
    """
    lock("arrears.messages", 0)
    if run.state != DunningRun.State.CONFIRMED:
        raise Problem(_("Confirm the steps first. Nothing was written."), code="not_confirmed")
    waiting = run.acts.filter(kind=rules.SMS, state=DunningAct.State.DONE, message=None).order_by("pk")
    acts = list(waiting.select_related("account__customer"))
    reached = [(act, number) for act in acts if (number := mobile(act.account.customer.phone))]
    if not reached:
        raise Problem(_("No text message waits, or nobody has a mobile number. Nothing was written."), code="none")
    year = local_today().year
    number = f"DX{year}{next_number('arrears-messages', year):05d}"
    rows = [(f"{number}-{place:05d}", act, phone) for place, (act, phone) in enumerate(reached, 1)]
    content = io.BytesIO(_file_of(rows))
    kept = store_file(file=content, name=f"{number}.csv", subject=f"arrears.messagefile:{number}", by=by)
    made = MessageFile.objects.create(
        number=number, run=run, file=kept, messages=len(rows), without_phone=len(acts) - len(rows), by=by,
        at=timezone.now(),
    )  # fmt: skip
    Message.objects.bulk_create(
        [Message(number=no, of_file=made, act=act, phone_tail=phone[-4:]) for no, act, phone in rows], batch_size=1000
    )
    note_change(after={"number": number, "messages": len(rows), "without_phone": made.without_phone})
    return made


def _file_of(rows: Sequence[tuple[str, DunningAct, str]]) -> bytes:
    company = sender()
    return file_of(
        (number, phone, _TEXT.format(
            company=company, account_no=act.account.account_no, day=act.on, owed=yuan(act.owed_fen, thousands=False)
        ))
        for number, act, phone in rows
    )  # fmt: skip


@action("gas.arrears.import_answers", title=_("Import answers to text messages"))
def import_answers(*, results: Sequence[tuple[Message, bool, str]], by: User) -> int:
    """Write what the carrier answered: (message, delivered, reason); returns how many. What failed asks for a call."""
    for message, delivered, reason in results:
        message.state = Message.State.DELIVERED if delivered else Message.State.FAILED
        message.reason = "" if delivered else reason[:200]
    Message.objects.bulk_update([one for one, _ok, _why in results], ["state", "reason"], batch_size=500)
    failed = sum(not delivered for _one, delivered, _why in results)
    note_change(after={"answers": len(results), "failed": failed})
    return len(results)
