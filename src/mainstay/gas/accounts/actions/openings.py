"""An account from an application."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.accounts.actions.cases import about_case, begin, case_is_known, end, locked, of_case
from mainstay.gas.accounts.models import Case
from mainstay.gas.customers.actions import open_account
from mainstay.gas.customers.models import shown_name
from mainstay.gas.customers.rules import tidy_name
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.customers.models import Account


@action("gas.accounts.file_application", title=_("File application"), unit=lambda unit, **_f: unit.pk)
def file_application(
    *, unit: Unit, name: str, kind: str, phone: str, id_no: str, address: str, category: str, wished_on: date | None,
    note: str = "", reference: str = "", by: User,
) -> Case:  # fmt: skip
    """Keep what somebody applies for before his account can be opened (the meter comes later, say). Raises Problem.

    `reference` is the number another system gave it.
    """
    name = tidy_name(name)
    if not name:
        raise Problem(_("Enter the applicant's name."), field="name", code="name_missing")
    facts = {
        "name": name, "kind": kind, "phone": phone.strip(), "id_no": id_no.strip(), "address": address.strip(),
        "category": category, **({"reference": reference} if reference else {}),
    }  # fmt: skip
    case = begin(Case.Kind.OPENING, unit, wished_on or local_today(), by, reason=note.strip()[:200], facts=facts)
    note_change(subject=about_case(case), after={"name": shown_name(kind, name), "category": category})
    return case


@action("gas.accounts.open_from_application", title=_("Open account"), unit=of_case, subject=about_case)
def open_from_application(
    *, case: Case, customer: Any, premise: Any, unit: Unit, category: str, opened_on: date,
    parts: Mapping[str, Mapping[str, Any]], note: str = "", by: User,
) -> Account:  # fmt: skip
    """Open the account an application asks for; arguments and errors as of `open_account`."""
    case = locked(case)
    if case.kind != Case.Kind.OPENING or case.account_id is not None:
        raise Problem(_("This is no application that waits for its account."), code="wrong_case")
    with case_is_known():
        account = open_account(
            unit=unit, customer=customer, premise=premise, category=category, opened_on=opened_on, parts=parts,
            note=note, by=by,
        )  # fmt: skip
    end(case, by, account=account, on=opened_on, unit=unit)
    note_change(after={"account_no": account.account_no})
    return account
