"""The billing terms of a new account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mainstay.gas.customers.opening import Place
from mainstay.gas.tariffs.actions import set_terms
from mainstay.gas.tariffs.forms import TermsForm
from mainstay.gas.tariffs.models import Plan

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account


class OpeningTermsForm(TermsForm):
    """Terms from the day of opening on; plans of the account's category are offered."""

    from_on = None  # type: ignore[assignment]

    def __init__(self, *args: Any, place: Place | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = Plan.objects.filter(category=place.category) if place else Plan.objects.none()
        self.fields["plan"].queryset = plans.order_by("code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Keep the agreed price as it was typed for the check at the end, beside its 1/10000 yuan."""
        data: dict[str, Any] = super().clean() or {}
        return data | {
            "contract_price_e4": data.get("contract_price"),
            "contract_price": self["contract_price"].value(),
        }


def opening_form() -> type[OpeningTermsForm]:
    """The form of the step."""
    return OpeningTermsForm


def set_first_terms(account: Account, data: Mapping[str, Any], by: User) -> None:
    """Put the new account on its first terms."""
    assert account.opened_on is not None  # noqa: S101  # an account is opened on a day
    set_terms(
        account=account,
        from_on=account.opened_on,
        plan=data["plan"],
        persons=data["persons"],
        low_income=data["low_income"],
        low_income_until=data["low_income_until"],
        heating=data["heating"],
        contract_price_e4=data["contract_price_e4"],
        by=by,
    )
