"""Shapes that every part of the API shares: texts, dates, amounts, errors."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext_noop as _n
from ninja import Field, Schema
from pydantic import ConfigDict

# Nothing a database refuses gets past these: control characters are in no number, key or note.
Number = Annotated[str, Field(pattern=r"^[0-9A-Za-z._:-]{1,40}$")]
Key = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,64}$")]
Text = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", examples=["52.20"])]
Volume = Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,3})?$", examples=["1283", "1283.5"])]
Period = Annotated[int, Field(ge=200001, le=299912, examples=[202610])]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]


class Incoming(Schema):
    """What a program sends: fields nobody knows are refused, because they are mistakes."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class FieldError(Schema):
    """One field that was not accepted."""

    field: str
    message: str


class Fault(Schema):
    """What is wrong and what to do."""

    code: str = Field(description=_n("A stable word for programs."))
    message: str = Field(description=_n("What is wrong and what to do, in the language of Accept-Language."))
    field: str | None = Field(default=None, description=_n("The field it belongs to."))
    fields: list[FieldError] = Field(default=[], description=_n("Every field that was not accepted."))
    right: str | None = Field(default=None, description=_n("The right that is missing."))
    money_moved: bool = Field(default=False, description=_n("Whether money was booked before the fault."))
    request_id: str | None = Field(default=None, description=_n("Name this to the administrator."))


class ErrorOut(Schema):
    """The one shape of every error."""

    error: Fault


class ApprovalOut(Schema):
    """The act waits for a second person; nothing was changed yet."""

    approval: int
    message: str


READ: dict[int, Any] = {400: ErrorOut, 401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut}
WRITE: dict[int, Any] = {**READ, 202: ApprovalOut, 409: ErrorOut, 413: ErrorOut}
