"""What people enter about tariffs and terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.gas.customers.models import Account
from mainstay.gas.tariffs import rules
from mainstay.gas.tariffs.library import from_text
from mainstay.gas.tariffs.models import Plan
from mainstay.gas.tariffs.rules_words import season_name, told
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.volume import parse_m3

Path = tuple[str | int, ...]
MOST_BYTES = 1_000_000
AROUND = 3
PRICE, VOLUME, FEE = 4, 3, 2
_LINE = re.compile(r"line (\d+)")
_DAY = {"type": "date"}


class PriceField(forms.DecimalField):
    """Yuan per m³ with up to four decimals; gives 1/10000 yuan."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=9, decimal_places=PRICE, **kwargs)
        self.widget = forms.TextInput({"inputmode": "decimal", "class": "ms-num", "autocomplete": "off"})

    def clean(self, value: Any) -> int | None:
        """1/10000 yuan, None for nothing."""
        number = super().clean(value)
        return None if number is None else int(number.scaleb(PRICE))


class VolumeField(forms.CharField):
    """Cubic metres as people write them; gives litres."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=24, **kwargs)
        self.widget = forms.TextInput({"inputmode": "decimal", "class": "ms-num", "autocomplete": "off"})

    def clean(self, value: Any) -> int | None:
        """Litres, None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_m3(text)
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None


class PlanForm(forms.Form):
    """Names and category of a plan."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    category = forms.ChoiceField(label=_("Category of use"), choices=Account.Category.choices)


class NewPlanForm(PlanForm):
    """A plan with its code."""

    code = forms.CharField(
        label=_("Code"), max_length=60, widget=forms.TextInput({"class": "ms-code"}),
        help_text=_("City and plan, as in a tariff file: Sample City/residential."),
    )  # fmt: skip
    field_order = ("code",)


class EmptyForm(forms.Form):
    """Nothing but the button."""


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class FileForm(forms.Form):
    """A tariff file, uploaded or written here. What is wrong in it is shown at its line."""

    file = forms.FileField(label=_("Tariff file (YAML or JSON)"), required=False)
    text = forms.CharField(
        label=_("Or write it here"), required=False, strip=False,
        widget=forms.Textarea({"rows": 18, "class": "ms-code", "spellcheck": "false", "wrap": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.excerpt: list[tuple[int, str, bool]] = []
        self.versions: list[dict[str, Any]] = []

    def clean(self) -> dict[str, Any]:
        """Read the file and find the plan in it."""
        data = super().clean() or {}
        text = self._text(data)
        if not text.strip() or self.errors:
            if not self.errors:
                raise forms.ValidationError(_("Choose a tariff file, or write one."))
            return data
        try:
            library, _raw = from_text(text)
            self.versions = [rules.version_to_data(one) for one in self._mine(library).versions]
        except rules.TariffError as error:
            self._show(text, error)
            self.add_error("text", told(error))
        return data

    def _text(self, data: dict[str, Any]) -> str:
        """The text to read. That of a file moves into the text box, where it can be mended."""
        file = data.get("file")
        if not file:
            return str(data.get("text") or "")
        if file.size > MOST_BYTES:
            self.add_error("file", _("The file is over 1 MB: no tariff file."))
            return ""
        try:
            text = str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not UTF-8 text: save it as UTF-8."))
            return ""
        self.data = {**self.data, self.add_prefix("text"): text}
        return text

    def _mine(self, library: Any) -> rules.Plan:
        """The plan of the file that is meant: by its address, by its code, or the only one."""
        same = [one for address, one in library.items() if address.casefold() == self.plan.code.casefold()]
        code = self.plan.code.rpartition("/")[2].casefold()
        found = same or [one for one in library.values() if one.code.casefold() == code] or list(library.values())
        if len(found) == 1:
            return found[0]
        names = ", ".join(library)
        raise rules.TariffError(
            "tariff.which", field="text",
            en=f"The file has several plans ({names}): leave only the one that is meant, or call it {self.plan.code}",
            zh=f"文件中有多个价目（{names}）：请只保留本价目，或命名为 {self.plan.code}",
        )  # fmt: skip

    def _show(self, text: str, error: rules.TariffError) -> None:
        found = _LINE.match(error.en)
        if found is None:
            return
        wrong, lines = int(found[1]), text.splitlines()
        first = max(1, wrong - AROUND)
        self.excerpt = [
            (number, line, number == wrong)
            for number, line in enumerate(lines[first - 1 : wrong + AROUND], start=first)
        ]


class NumbersForm(forms.Form):
    """The numbers of a version, one field each; everything else is taken over from the version it begins with.

    `data` is a version in the keys of the tariff file. Numbers that its notice leaves open are asked for.
    """

    effective_on = forms.DateField(label=_("Effective on"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    notice = forms.CharField(label=_("Notice"), max_length=120, help_text=_("Who published it, and its number."))

    def __init__(self, *args: Any, data_of: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = with_gaps(data_of)
        self.paths: dict[str, Path] = {}
        for path, label, decimals in numbers_of(self.base):
            name = field_name(path)
            value = value_at(self.base, path)
            self.paths[name] = path
            self.fields[name] = forms.DecimalField(
                label=label, min_value=0, max_digits=12, decimal_places=decimals, initial=value,
                widget=forms.TextInput({"inputmode": "decimal", "class": "ms-num", "autocomplete": "off"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Put the numbers together; what the tariff rules find wrong is shown at its field."""
        data = super().clean() or {}
        if self.errors:
            return data
        version = deepcopy(self.base)
        version["effective"], version["notice"] = data["effective_on"].isoformat(), data["notice"].strip()
        version.pop("source", None)  # the source of the last version says nothing of this one
        for name, path in self.paths.items():
            put_at(version, path, f"{Decimal(data[name]):f}")
        try:
            rules.version_from_data(version)
        except rules.TariffError as error:
            self.add_error(self._nearest(error.path), told(error))
        data["version"] = version
        return data

    def _nearest(self, path: Path) -> str | None:
        """The field of a place in the data, or the first one below it."""
        named = {one: name for name, one in self.paths.items()}
        return named.get(path) or next((name for one, name in named.items() if path and one[: len(path)] == path), None)


def with_gaps(data: dict[str, Any]) -> dict[str, Any]:
    """A copy with empty places for bounds and prices that the notice leaves to the local authority."""
    found = deepcopy(data)
    if any(key in found for key in ("bands", "blocks")):
        return found
    seasons = [one["prices"] for one in found.get("seasons", []) if "prices" in one]
    rows = seasons or [row for row in (found.get("prices"), found.get("ratio")) if row]
    if "bounds" not in found and rows and len(rows[0]) > 1:
        found["bounds"] = [""] * (len(rows[0]) - 1)
    if not rows:
        found["prices"] = [""] * (len(found.get("bounds", [])) + 1)
    elif "ratio" in found and "base_price" not in found:
        found["base_price"] = ""
    return found


def numbers_of(data: dict[str, Any]) -> Iterator[tuple[Path, Any, int]]:
    """(path, label, decimals) of each number of a version that a new notice may change."""
    yield from _ladder(data, (), "")
    if "heating" in data:
        yield from _ladder(data["heating"], ("heating",), _("Heating households: "))
    for key in ("bands", "blocks"):
        for index, band in enumerate(data.get(key, [])):
            yield from _band((key, index), band, index + 1)
    household = data.get("household", {})
    for index, _more in enumerate(household.get("raise_bounds_by", [])):
        more = _("Large households: bound %(tier)s raised by (m³)") % {"tier": index + 1}
        yield ("household", "raise_bounds_by", index), more, VOLUME
    relief = {
        "free_volume_per_month": (_("Low income: free volume a month (m³)"), VOLUME),
        "free_volume_per_year": (_("Low income: free volume a year (m³)"), VOLUME),
        "flat_price": (_("Low income: price (yuan/m³)"), PRICE),
    }
    for key in relief.keys() & data.get("low_income", {}).keys():
        yield ("low_income", key), *relief[key]
    for key, label in (("base_fee", _("Base fee (yuan)")), ("minimum", _("Minimum charge (yuan)"))):
        if key in data:
            yield (key, "amount"), label, PRICE if data[key]["per"] == "day" else FEE


def _ladder(data: dict[str, Any], path: Path, before: Any) -> Iterator[tuple[Path, Any, int]]:
    for index, _bound in enumerate(data.get("bounds", [])):
        label = _("tier %(tier)s up to and with (m³ a year)") % {"tier": index + 1}
        yield (*path, "bounds", index), f"{before}{label}", VOLUME
    for index, _price in enumerate(data.get("prices", [])):
        price = _("tier %(tier)s: price (yuan/m³)") % {"tier": index + 1}
        yield (*path, "prices", index), f"{before}{price}", PRICE
    if "base_price" in data:
        yield (*path, "base_price"), _("Price of tier 1 (yuan/m³); the others follow by the ratio"), PRICE
    for number, season in enumerate(data.get("seasons", [])):
        for index, _price in enumerate(season.get("prices", [])):
            names = {"season": season_name(season["name"]), "tier": index + 1}
            text = _("%(season)s, tier %(tier)s: price (yuan/m³)") % names
            yield (*path, "seasons", number, "prices", index), f"{before}{text}", PRICE


def _band(path: Path, band: dict[str, Any], number: int) -> Iterator[tuple[Path, Any, int]]:
    labels = {
        "upto": (_("band %(number)s up to and with (m³)"), VOLUME),
        "upto_per_day": (_("block %(number)s up to and with (m³ a day)"), VOLUME),
        "price": (_("band %(number)s: price (yuan/m³)"), PRICE),
        "base_fee": (_("band %(number)s: base fee (yuan)"), FEE),
    }
    for key, (label, decimals) in labels.items():
        if key in band:
            yield (*path, key), label % {"number": number}, decimals


def field_name(path: Path) -> str:
    """The name of the field of a place in the data."""
    return "n-" + "-".join(map(str, path))


def value_at(data: Any, path: Path) -> Any:
    """What stands at a place."""
    for step in path:
        data = data[step]
    return data


def put_at(data: Any, path: Path, value: str) -> None:
    """Put a number at a place."""
    *way, last = path
    value_at(data, tuple(way))[last] = value


class PreviewForm(forms.Form):
    """A household and what it used."""

    volume = VolumeField(label=_("Volume (m³)"), initial="60")
    year_before = VolumeField(label=_("Used before in the tariff year (m³)"), initial="0")
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    to_on = forms.DateField(label=_("To"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    persons = forms.IntegerField(label=_("Persons"), min_value=1, max_value=99, initial=3)
    contract_price = PriceField(label=_("Agreed price (yuan/m³)"), required=False)
    low_income = forms.BooleanField(label=_("Low income"), required=False)
    heating = forms.BooleanField(label=_("Heats with gas"), required=False)

    def clean(self) -> dict[str, Any]:
        """The end is not before the beginning."""
        data = super().clean() or {}
        if data.get("from_on") and data.get("to_on") and data["to_on"] < data["from_on"]:
            self.add_error("to_on", _("The period ends before it begins."))
        return data


def usual_period(plan: Plan, today: date | None = None) -> tuple[date, date]:
    """A period of a month for a preview: the last one, or the first one of a plan that is not yet in force."""
    day = today or local_today()
    first = plan.versions.order_by("effective_on").values_list("effective_on", flat=True).first()
    begin = max(day - timedelta(days=30), first or day)
    return begin, begin + timedelta(days=30)


class TermsForm(forms.Form):
    """What an account is billed by."""

    from_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"),
        help_text=_("A bill takes the terms that hold on its last day of use."),
    )  # fmt: skip
    plan = forms.ModelChoiceField(Plan.objects.order_by("code"), label=_("Tariff plan"))
    persons = forms.IntegerField(label=_("Persons"), min_value=1, max_value=99, initial=3)
    low_income = forms.BooleanField(label=_("Low income"), required=False)
    low_income_until = forms.DateField(
        label=_("Low income approved until"), required=False, widget=forms.DateInput(_DAY, format="%Y-%m-%d"),
        help_text=_("Last day of the approval; the same terms hold on without it. Empty: no end."),
    )  # fmt: skip
    heating = forms.BooleanField(label=_("Heats with gas"), required=False)
    contract_price = PriceField(
        label=_("Agreed price (yuan/m³)"), required=False,
        help_text=_("Only for plans with a maximum price; a contract may agree on less."),
    )  # fmt: skip
