"""What a reader's phone hands over, by network or as a file: an answer for each reading, each report, each photo.

Each has its own key, so whichever way it comes, and however often, it is kept once.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from mainstay.core.access.models import User
from mainstay.core.door import Refused, rights
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings import actions_round, queries_round
from mainstay.gas.readings.api_incoming import RECORD_LIST, ReadingIn, record_list
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.rules import Doubt
from mainstay.gas.readings.rules_words import doubt_sentences
from mainstay.kit.errors import Problem

AT_ONCE = 200
FILE_KIND, FILE_VERSION = "mainstay-rounds-queue", 1
Answer = dict[str, Any]


def meter_of(user: User, key: Any) -> Installation:
    """A meter in the reader's units, or 404."""
    ids = rights.unit_ids(user, RECORD_LIST)
    rows = Installation.objects.select_related("account__book_entry", "meter")
    rows = rows if ids is None else rows.filter(account__unit_id__in=ids)
    return get_object_or_404(rows, pk=key if str(key).isdigit() else 0)


def no_such_meter() -> str:
    """The answer for a meter that does not exist, or not for this person."""
    return _("There is no such meter for you.")


def take_sent(user: User, sent: Mapping[str, Any]) -> dict[str, list[Answer]]:
    """Record `{"readings": […], "visits": […]}`, up to 200 of each; one that is refused stops none of the others.

    Raises Problem when these are no such lists.
    """
    readings, visits = _list(sent, "readings"), _list(sent, "visits")
    return {"readings": _take_readings(user, readings), "visits": [_take_visit(user, one) for one in visits]}


def _take_readings(user: User, rows: list[Mapping[str, Any]]) -> list[Answer]:
    good, answers = [], dict[int, Answer]()
    for number, row in enumerate(rows):
        try:
            good.append((number, _reading_in(row)))
        except ValueError:
            answers[number] = _refused(row, "bad_request", _("This reading cannot be understood. Enter it again."))
    outcomes, new = record_list(user, [row for _number, row in good]) if good else ([], set())
    for place, (number, read) in enumerate(good):
        found = outcomes[place]
        if isinstance(found, Reading):
            answers[number] = _answer(read, found, place in new)
        else:
            answers[number] = _refused(rows[number], found.code, found)
    return [answers[number] for number in range(len(rows))]


def _take_visit(user: User, row: Mapping[str, Any]) -> Answer:
    try:
        actions_round.report_visit(
            installation=meter_of(user, row.get("installation")),
            client_key=UUID(str(row.get("client_key"))),
            period=int(row.get("period", 0)),
            on=date.fromisoformat(str(row.get("on"))),
            reason=str(row.get("reason")),
            note=str(row.get("note", "")),
            by=user,
        )
    except (Problem, Refused) as problem:
        return _refused(row, getattr(problem, "code", "refused"), problem)
    except Http404:
        return _refused(row, "not_found", no_such_meter())
    except (ValueError, TypeError):
        return _refused(row, "bad_request", _("This report cannot be understood."))
    return {"client_key": row["client_key"], "outcome": "kept"}


@dataclass(slots=True)
class Handed:
    """What became of a phone's file: counts, and (meter, why not) of what was refused."""

    reader: str
    new: int = 0
    already: int = 0
    visits: int = 0
    photos: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def take_file(user: User, file: BinaryIO) -> Handed:
    """Take a phone's queue over from a file it saved; each item by itself, as if the phone had sent it.

    The phone may still send the same later: every reading, report and photo is kept once. Raises Problem, and then
    nothing is recorded: no file of a phone.
    """
    content = _content(file)
    entries = {_key(one["body"]): one for one in content["entries"]}
    found = Handed(str(content["user"]["name"])[:80])
    for kind, name in (("reading", "readings"), ("visit", "visits")):
        rows = [one["body"] for one in entries.values() if one["kind"] == kind]
        for begin in range(0, len(rows), AT_ONCE):
            for answer in take_sent(user, {name: rows[begin : begin + AT_ONCE]})[name]:
                _count(found, entries, answer)
    for photo in content["photos"]:
        if (entry := entries.get(str(photo["owner"]))) is not None:
            _take_photo(user, found, entry, photo)
    return found


def _content(file: BinaryIO) -> dict[str, Any]:
    """The content of a phone's file, its shape checked."""
    try:
        content = json.loads(file.read())
        fits = (content["kind"], content["version"]) == (FILE_KIND, FILE_VERSION) and all(
            one["kind"] in {"reading", "visit"} and _key(one["body"]) and isinstance(one["title"], str)
            for one in content["entries"]
        )
        fits = (
            fits
            and bool(content["user"]["name"])
            and all(
                isinstance(one["data"], str) and isinstance(one["hash"], str) and one["owner"]
                for one in content["photos"]
            )
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        fits = False
    if not fits:
        text = _("This is no file that a reader's phone has saved. On the phone: To send, Save as a file.")
        raise Problem(text, field="file", code="bad_file")
    return content


def _key(body: Mapping[str, Any]) -> str:
    return str(UUID(str(body["client_key"])))


def _count(found: Handed, entries: Mapping[str, Mapping[str, Any]], answer: Answer) -> None:
    outcome, entry = answer["outcome"], entries[_key(answer)]
    if outcome == "refused":
        found.refused.append((_name(entry), answer["message"]))
    found.new += outcome == "new"
    found.already += outcome == "already"
    found.visits += outcome == "kept"


def _take_photo(user: User, found: Handed, entry: Mapping[str, Any], photo: Mapping[str, Any]) -> None:
    try:
        actions_round.keep_photo(
            installation=meter_of(user, entry.get("installation")), period=int(entry["body"].get("period", 0)),
            digest=photo["hash"], file=io.BytesIO(base64.b64decode(photo["data"], validate=True)), by=user,
        )  # fmt: skip
        found.photos += 1
    except (Problem, Refused) as problem:
        found.refused.append((_name(entry), str(problem)))
    except Http404:
        found.refused.append((_name(entry), no_such_meter()))
    except (ValueError, TypeError, binascii.Error):
        found.refused.append((_name(entry), _("The photo was damaged on its way. Send it again.")))


def _name(entry: Mapping[str, Any]) -> str:
    return f"{entry['title']} {entry.get('code') or ''}".strip()[:160]


def _list(sent: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = sent.get(key, [])
    if not isinstance(found, list) or len(found) > AT_ONCE or not all(isinstance(one, dict) for one in found):
        raise Problem(_("Too much at once: send up to 200."), code="too_large")
    return found


def _reading_in(row: Mapping[str, Any]) -> ReadingIn:
    """A row of the phone as the rows of the API are; ValueError when it is none."""
    names = ("client_key", "meter_no", "account_no", "index_m3", "taken_on", "period", "note")
    return ReadingIn.model_validate({name: row[name] for name in names if name in row} | {"source": "reader"})


def _refused(row: Mapping[str, Any], code: str, message: Any) -> Answer:
    return {"client_key": str(row.get("client_key")), "outcome": "refused", "code": code, "message": str(message)}


def _answer(row: ReadingIn, found: Reading, new: bool) -> Answer:
    """What became of a reading; `others` are different ones of the same meter and month."""
    questioned = found.state == Reading.State.QUESTIONED
    answer = {
        "client_key": str(row.client_key), "outcome": "new" if new else "already",
        "reading": queries_round.reading_facts(found),
        "doubts": [str(text) for text in doubt_sentences(found.doubts)] if questioned else [],
    }  # fmt: skip
    others = queries_round.others_of(found) if found.doubts & Doubt.SECOND else []
    return answer | {"others": [queries_round.reading_facts(one) | {"by": str(one.taken_by or "")} for one in others]}
