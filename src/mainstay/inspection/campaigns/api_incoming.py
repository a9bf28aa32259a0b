"""The shapes of what a phone sends, checked before anything is looked up."""

from __future__ import annotations

import datetime as dt
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Field
from pydantic import ValidationError

from mainstay.config.api_words import in_words
from mainstay.kit.api import Incoming, Text
from mainstay.kit.errors import Problem

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,24}$")]
Note = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Name = Annotated[Text, Field(min_length=1, max_length=60)]
Latitude = Annotated[int, Field(ge=-90_000_000, le=90_000_000)]
Longitude = Annotated[int, Field(ge=-180_000_000, le=180_000_000)]


class AnswerIn(Incoming):
    """An answer: what the item's types ask for; `result` where the inspector judges."""

    result: Literal["pass", "fail", "na", ""] = ""
    number: Annotated[str, Field(pattern=r"^(-?[0-9]{1,12}(\.[0-9]{1,3})?)?$")] = ""
    date: dt.date | Literal[""] = ""
    choice: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{0,24}$")] = ""
    text: Note = ""
    note: Note = ""


class PhotoIn(Incoming):
    """A picture that will follow; `item` "" is one of the whole target."""

    hash: Hash
    item: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{0,24}$")] = ""
    name: Annotated[Text, Field(max_length=120)] = ""
    taken_at: datetime | None = None
    lat_e6: Latitude | None = None
    lng_e6: Longitude | None = None


class SignatureIn(Incoming):
    """A signature on glass (`hash` of its picture), or a refusal with its reason."""

    role: Literal["inspector", "companion", "witness"]
    name: Name
    person: Annotated[int, Field(ge=1, le=2**53)] | None = None
    hash: Hash | None = None
    refused: bool = False
    reason: Annotated[Text, Field(max_length=200)] = ""


class PositionIn(Incoming):
    """Where the phone was, in millionths of a degree."""

    lat_e6: Latitude
    lng_e6: Longitude
    accuracy_m: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class NoticeIn(Incoming):
    """A rectification notice issued on the spot under a lent number."""

    number: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{6}$")]
    items: Annotated[list[Code], Field(min_length=1, max_length=60)]
    deadline_on: date
    served: Literal["hand", "post", "door", "phone", "sms"] = "hand"
    received_by: Annotated[Text, Field(max_length=60)] = ""
    refused: bool = False
    witness: Annotated[Text, Field(max_length=60)] = ""
    measures: Note = ""


class RecordIn(Incoming):
    """The record of one visit. `id` is made anew for each sending that differs; `record` names the visit for ever.

    `exemption` asks, with its reason, to take the target out of the campaign.
    """

    id: UUID
    record: UUID
    assignment: Annotated[int, Field(ge=1, le=2**53)]
    base: Annotated[int, Field(ge=0, le=2**31)]
    outcome: Literal["done", "partial", "nobody_home", "refused"]
    arrived_at: datetime
    left_at: datetime
    device: Annotated[str, Field(pattern=r"^[0-9A-Za-z._:-]{0,40}$")] = ""
    position: PositionIn | None = None
    scanned: bool = False
    exemption: Note = ""
    note: Note = ""
    answers: dict[Code, AnswerIn] = {}
    photos: Annotated[list[PhotoIn], Field(max_length=200)] = []
    signatures: Annotated[list[SignatureIn], Field(max_length=20)] = []
    notices: Annotated[list[NoticeIn], Field(max_length=20)] = []


def read_record(data: bytes) -> dict[str, Any]:
    """Return the body as plain values, the same for the same content. Raises Problem naming the field at fault."""
    try:
        found = RecordIn.model_validate_json(data)
    except ValidationError as error:
        raise bad_body(error) from None
    return plain(found)


def plain(record: RecordIn) -> dict[str, Any]:
    """The body as plain values, as actions take it and as its hash is made of."""
    found = record.model_dump(mode="json")
    for name in ("scanned", "exemption"):
        if not found[name]:
            del found[name]  # a record sent by an earlier release keeps its hash
    return found


def bad_body(error: ValidationError) -> Problem:
    """The problem to tell about a body that has not the agreed shape."""
    first = in_words(error.errors())[0]
    text = _("%(what)s (%(field)s) Nothing was stored.")
    return Problem(
        text % {"field": first["field"] or "body", "what": first["message"]}, field=first["field"], code="invalid"
    )
