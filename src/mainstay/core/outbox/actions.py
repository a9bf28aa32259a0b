"""Text messages queued, written into a file, answered.

`queue_message` is called by the acts and probes of other parts: what goes out follows from what happened, so it has no
audit row of its own. Writing a batch out goes through the door.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change
from mainstay.core.evidence.actions import store_file
from mainstay.core.outbox.models import Batch, Message
from mainstay.core.outbox.queries import ANSWERS, WRITE, sender, waiting
from mainstay.core.outbox.rules import file_of, mobile, signed
from mainstay.core.todos.actions import close_todos
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

CARRY = "outbox_carry"


def queue_message(*, key: str, to: str, phone: str, text: str) -> Message:
    """Queue a text message with the company's name in front; the same key is queued once.

    What is no mobile number is kept as refused, so that somebody sees it.
    """
    number = mobile(phone)
    facts = {
        "to": to[:60], "phone": number or phone[:30], "text": signed(sender(), text), "queued_at": timezone.now(),
        "state": Message.State.WAITING if number else Message.State.REFUSED,
    }  # fmt: skip
    return Message.objects.get_or_create(key=key[:120], defaults=facts)[0]


@action(WRITE, title=_("Write out text messages to colleagues"))
def write_batch(*, by: User) -> Batch:
    """Write every waiting message into one numbered file; none is in two files. Raises Problem when none waits."""
    lock("outbox.batch", 0)
    rows = list(waiting())
    if not rows:
        raise Problem(_("No text message waits. Nothing was written."), code="none")
    year = local_today().year
    number = f"WF{year}{next_number('outbox', year):05d}"
    lines = []
    for place, one in enumerate(rows, 1):
        one.number, one.state = f"{number}-{place:05d}", Message.State.SENT
        lines.append((one.number, one.phone, one.text))
    kept = store_file(file=BytesIO(file_of(lines)), name=f"{number}.csv", subject=f"outbox.batch:{number}", by=by)
    made = Batch.objects.create(number=number, file=kept, messages=len(rows), by=by, at=timezone.now())
    for one in rows:
        one.batch, one.phone = made, one.phone[-4:]
    Message.objects.bulk_update(rows, ["number", "state", "batch", "phone"], batch_size=500)
    close_todos(kind=CARRY, subject="outbox", by=by)
    note_change(subject=f"outbox.batch:{made.pk}", after={"number": number, "messages": len(rows)})
    return made


@action(ANSWERS, title=_("Import answers to text messages to colleagues"))
def import_answers(*, results: Sequence[tuple[Message, bool, str]], by: User) -> int:
    """Write what the carrier answered: (message, delivered, reason); returns how many."""
    for message, delivered, reason in results:
        message.state = Message.State.DELIVERED if delivered else Message.State.FAILED
        message.reason = "" if delivered else reason[:200]
    Message.objects.bulk_update([one for one, _ok, _why in results], ["state", "reason"], batch_size=500)
    note_change(after={"answers": len(results), "failed": sum(not ok for _one, ok, _why in results)})
    return len(results)
