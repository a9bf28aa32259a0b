"""The three sheets of a take-over as kinds of import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import Check, Checked, Commit, ImportKind
from mainstay.gas.takeover.actions import load_sheet
from mainstay.gas.takeover.batch.columns import ACCOUNTS, BILLS, DEBTS
from mainstay.gas.takeover.batch.staging import check_accounts, check_bills, check_debts, look_up
from mainstay.gas.takeover.models import Takeover
from mainstay.gas.takeover.queries import takeovers_visible_to
from mainstay.kit.errors import Problem
from mainstay.kit.sheets import Sheet

if TYPE_CHECKING:
    from mainstay.core.access.models import User

RIGHT = "gas.takeover.load_sheet"


def _choices() -> list[tuple[str, str]]:
    rows = Takeover.objects.filter(state=Takeover.State.COLLECTING).select_related("unit")
    return [(str(one.pk), f"{one} · {one.unit}") for one in rows]


class Options(forms.Form):
    """Which take-over the sheet belongs to."""

    takeover = forms.ChoiceField(
        label=_("Take-over"),
        choices=_choices,
        help_text=_("One that is under way; begin it first where none is listed."),
    )


def _takeover(options: Mapping[str, Any], user: User) -> Takeover:
    rows = takeovers_visible_to(user, RIGHT).filter(state=Takeover.State.COLLECTING)
    found = rows.filter(pk=int(options.get("takeover") or 0)).first()
    if found is None:
        raise Problem(_("Choose a take-over that is under way."), field="takeover", code="no_takeover")
    return found


def _checker(look: Callable[[Sheet, Takeover, Checked], None]) -> Check:
    def check(sheet: Sheet, options: Mapping[str, Any], user: User, _final: bool) -> Checked:
        checked = Checked()
        look(sheet, _takeover(options, user), checked)
        return checked

    return check


def _check_accounts(sheet: Sheet, takeover: Takeover, checked: Checked) -> None:
    known = look_up(sheet, takeover)
    checked.basis = known.basis
    check_accounts(sheet, known, checked)


def _basis_of_accounts(sheet: Sheet, options: Mapping[str, Any], user: User) -> tuple[Any, ...]:
    return look_up(sheet, _takeover(options, user)).basis


def _committer(what: str) -> Commit:
    def commit(*, sheet_import: SheetImport, sheet: Sheet, checked: Checked, by: User) -> int:
        return load_sheet(takeover=_takeover(sheet_import.options, by), what=what, rows=checked.payload, by=by)

    return commit


_STAGED = _("The rows are staged only: nothing counts before the take-over is made real.")
KINDS = (
    ImportKind(
        "gas.takeover.accounts", _("Accounts of the old system"), RIGHT, ACCOUNTS, _checker(_check_accounts),
        _committer("accounts"), Options, _STAGED, basis=_basis_of_accounts,
    ),
    ImportKind(
        "gas.takeover.debts", _("Unpaid bills of the old system"), RIGHT, DEBTS, _checker(check_debts),
        _committer("debts"), Options, _STAGED,
    ),
    ImportKind(
        "gas.takeover.bills", _("Last bills of the old system"), RIGHT, BILLS, _checker(check_bills),
        _committer("bills"), Options, _STAGED,
    ),
)  # fmt: skip
