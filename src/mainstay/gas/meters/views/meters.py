"""Meters: the list, those whose verification ends, one meter, and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.meters import actions, forms, queries
from mainstay.gas.meters.filters import DueFilter, MeterFilter
from mainstay.gas.meters.models import Meter
from mainstay.gas.meters.states import METER
from mainstay.gas.meters.tables import DueTable, InstallationTable, MeterTable
from mainstay.kit.dates import local_today
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Section, SignedRequest

LIST = "meters:meter_list"
REGISTER = Button(_("Register meter"), "meters:meter_register", (), "gas.meters.register_meter", "plus", True)


class MeterList(ListPage):
    """All meters of the person's branches."""

    title = _("Meters")
    right = queries.VIEW
    table_class = MeterTable
    filterset_class = MeterFilter
    search_placeholder = _("beginning of the meter number")
    count_limit = 1_000
    actions = (REGISTER,)
    first_use = FirstUse(_("No meters yet"), _("A meter is registered once and then hung at accounts."), REGISTER)

    def queryset(self) -> Any:
        """What this person may see; the company's own store when its meters are asked for."""
        asked = self.request.GET
        with_store = bool(asked.get("q")) or asked.get("state") == Meter.State.STOCK
        return queries.meters_for_list(self.request.user, with_store=with_store)


class DueList(ListPage):
    """Meters to be exchanged or verified: the nearest end of a verification first."""

    title = _("Verification due")
    right = queries.VIEW
    table_class = DueTable
    filterset_class = DueFilter
    first_use = FirstUse(
        _("No verification ends soon"),
        _("Meters whose verification ends within three months appear here; choose a later day to look further ahead."),
    )

    def queryset(self) -> Any:
        """What this person may see."""
        return queries.due_installations(self.request.user)

    @cached_property
    def filterset(self) -> Any:
        """The filters; unless told otherwise the list looks some months ahead."""
        data = self.request.GET.copy()
        data.setdefault("until", queries.due_until().isoformat())
        return self.filterset_class(data=data, queryset=self.queryset(), request=self.request)


class MeterDetail(DetailPage):
    """One meter: what it is, where it hangs and hung."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """What this person may see."""
        return Meter.objects.visible_to(self.request.user, queries.VIEW).select_related("unit")

    def get_title(self) -> Any:
        """Name it."""
        return _("Meter %(number)s") % {"number": self.subject.meter_no}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Meters"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = METER.state(self.subject.state)
        return state.title, state.hue

    @cached_property
    def places(self) -> list[Any]:
        """Where it hangs and hung, newest first."""
        rows = self.subject.installations.select_related("account__premise", "meter", "master__meter")
        return list(rows.order_by("-from_on", "-pk"))

    def get_actions(self) -> Sequence[Button]:
        """What can be done with it now."""
        meter, pk = self.subject, (self.subject.pk,)
        change = Button(_("Change meter"), "meters:meter_change", pk, "gas.meters.change_meter", "edit")
        if meter.state == Meter.State.STOCK:
            return [
                Button(
                    _("Install meter"), "meters:meter_install", pk, "gas.meters.install_meter", "plus", primary=True
                ),
                change,
                Button(_("Scrap meter"), "meters:meter_scrap", pk, "gas.meters.scrap_meter", "trash", danger=True),
            ]
        hung = next((one for one in self.places if one.until_on is None), None)
        if hung is None:
            return []
        key = (hung.pk,)
        return [
            Button(
                _("Exchange meter"), "meters:meter_exchange", key, "gas.meters.exchange_meter", "refresh", primary=True
            ),
            Button(_("Remove meter"), "meters:meter_remove", key, "gas.meters.remove_meter", "arrow-back-up"),
            Button(_("Master meter"), "meters:meter_master", key, "gas.meters.set_master", "git-branch"),
            change,
        ]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """What needs attention."""
        meter = self.subject
        if meter.state == Meter.State.SCRAPPED or meter.verified_until is None:
            return ()
        if meter.verified_until < local_today():
            return [("red", _("The verification ended on %(day)s.") % {"day": meter.verified_until})]
        if meter.verified_until <= queries.due_until():
            return [("amber", _("The verification ends on %(day)s.") % {"day": meter.verified_until})]
        return ()

    def facts(self) -> Sequence[Fact]:
        """The header."""
        meter = self.subject
        return [
            Fact(_("Meter number"), meter.meter_no, "code", copy=True),
            Fact(_("Kind"), meter.get_kind_display()),
            Fact(_("Maker"), meter.maker),
            Fact(_("Branch"), meter.unit or _("company store")),
            Fact(_("Digits before the point"), meter.digits),
            Fact(_("Unit factor"), factor_of(meter)),
            Fact(_("Made on"), meter.made_on, "date"),
            Fact(_("Verification valid until"), meter.verified_until, "date"),
        ]

    def sections(self) -> Sequence[Section]:
        """Where it hung."""
        table = InstallationTable(self.places, exclude=("meter_no", "kind", "verified_until", "acts"))
        table.empty_text = _("It has not hung anywhere yet.")
        return [Section(_("Installations"), table=table, key="installations", count=len(self.places))]


class MeterRegister(FormPage):
    """A new meter."""

    title = _("Register meter")
    right = "gas.meters.register_meter"
    form_class = forms.MeterForm
    submit_label = _("Register meter")
    success_message = _("The meter is registered.")

    def form_kwargs(self) -> dict[str, Any]:
        """The person decides which branches can be chosen."""
        return {"user": self.request.user, "right": self.right}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Meters"), reverse(LIST))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Register it."""
        return actions.register_meter(**form.facts(), by=self.request.user)


class MeterForm(FormPage):
    """A form about one meter."""

    @cached_property
    def meter(self) -> Meter:
        """The meter, or 404."""
        rows = Meter.objects.visible_to(self.request.user, self.right or "")
        return get_object_or_404(rows.select_related("unit"), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """What is done to which meter."""
        return f"{self.title} {self.meter.meter_no}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the meter."""
        return [(_("Meters"), reverse(LIST)), (self.meter.meter_no, self.meter.get_absolute_url())]

    def success(self, result: Any) -> Any:
        """Back to the meter."""
        return self.meter.get_absolute_url()


class MeterChange(MeterForm):
    """What is known of a meter."""

    title = _("Change meter")
    right = "gas.meters.change_meter"
    form_class = forms.MeterForm
    submit_label = _("Save meter")

    def form_kwargs(self) -> dict[str, Any]:
        """The person decides which branches can be chosen."""
        return {"user": self.request.user, "right": self.right}

    def initial(self) -> dict[str, Any]:
        """As it is."""
        names = ("meter_no", "kind", "maker", "digits", "made_on", "verified_until", "unit")
        return {name: getattr(self.meter, name) for name in names} | {"factor": factor_of(self.meter)}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.change_meter(meter=self.meter, **form.facts(), by=self.request.user)


class MeterScrap(MeterForm):
    """The end of a meter."""

    title = _("Scrap meter")
    right = "gas.meters.scrap_meter"
    form_class = forms.ReasonForm
    submit_label = _("Scrap meter")
    danger = True
    intro = _("A scrapped meter never hangs again. Its history stays.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Scrap it."""
        return actions.scrap_meter(meter=self.meter, **form.cleaned_data, by=self.request.user)


def factor_of(meter: Meter) -> str:
    """The unit factor as a decimal number without empty decimals."""
    return f"{(Decimal(meter.factor_e4) / forms.FULL_FACTOR).normalize():f}"
