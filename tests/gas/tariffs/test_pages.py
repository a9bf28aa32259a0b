"""Pages of tariffs at work: files with mistakes, numbers by form, sample bills, terms of an account."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mainstay.gas.tariffs import forms, queries
from mainstay.gas.tariffs.batch import store_library
from mainstay.gas.tariffs.models import Plan, Terms
from mainstay.gas.tariffs.rules import version_from_data, version_to_data
from mainstay.gas.tariffs.rules_words import reason
from mainstay.kit.dates import local_today
from tests.gas.make import make_account, make_plan, make_user

pytestmark = pytest.mark.django_db
GOOD = """
- city: {zh: 示例市, en: Sample City}
  effective: 2027-07-01
  notice: "示例价〔2027〕12号"
  plans:
  - code: residential
    tiers: [{upto: 350, price: 2.71}, {upto: 500, price: 2.93}, {price: 4.33}]
"""
FRAGMENT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def clerk() -> Any:
    verbs = ("view_plan", "view_terms", "add_versions", "change_version", "withdraw_version", "set_terms",
             "create_plan", "load_library")  # fmt: skip
    return make_user(*(f"gas.tariffs.{verb}" for verb in verbs), "gas.customers.view_account")


@pytest.fixture
def browser(clerk: Any, client: Client) -> Client:
    client.force_login(clerk)
    client.cookies["django_language"] = "en"
    return client


def send(browser: Client, name: str, pk: int, **data: Any) -> Any:
    return browser.post(reverse(f"tariffs:{name}", args=[pk]), data)


class TestUpload:
    def test_a_file_becomes_a_version(self, browser: Client) -> None:
        plan = make_plan("Sample City/residential")
        file = SimpleUploadedFile("prices.yaml", GOOD.encode())
        assert send(browser, "version_upload", plan.pk, file=file).status_code == 302
        made = plan.versions.get(effective_on=date(2027, 7, 1))
        assert made.notice == "示例价〔2027〕12号" and made.data["prices"] == ["2.71", "2.93", "4.33"]

    @pytest.mark.parametrize(("language", "said"), [("en", "line 7: 1.plans.1.tiers"), ("zh-hans", "第 7 行")])
    def test_a_mistake_is_shown_at_its_line(self, browser: Client, language: str, said: str) -> None:
        browser.cookies["django_language"] = language
        plan = make_plan("Sample City/residential")
        wrong = GOOD.replace("upto: 500", "upto: 300")
        file = SimpleUploadedFile("prices.yaml", wrong.encode())
        response = send(browser, "version_upload", plan.pk, file=file)
        assert response.status_code == 422
        form = response.context["form"]
        assert said in form.errors["text"][0]
        shown = {number: (line, bad) for number, line, bad in form.excerpt}
        assert shown[7][1] and "upto: 300" in shown[7][0] and not shown[6][1]
        text = response.content.decode()
        assert "ms-wrong" in text and "upto: 300" in text.split("<textarea")[1]
        assert plan.versions.count() == 1

    @pytest.mark.parametrize(
        ("file", "field"),
        [(b"\xff\xfe\x00", "file"), (b"x" * (forms.MOST_BYTES + 1), "file"), (b": [", "text"), (b"", "__all__")],
    )
    def test_what_is_no_tariff_file(self, browser: Client, file: bytes, field: str) -> None:
        plan = make_plan()
        sent = {"file": SimpleUploadedFile("x.yaml", file)} if file else {"text": " "}
        response = send(browser, "version_upload", plan.pk, **sent)
        assert response.status_code == 422 and field in response.context["form"].errors
        assert plan.versions.count() == 1

    def test_a_file_with_several_plans_must_name_the_one(self, browser: Client) -> None:
        plan = make_plan("Sample City/commercial")
        two = GOOD + "  - code: institution\n    tiers: [{price: 3.05}]\n"
        response = send(browser, "version_upload", plan.pk, text=two)
        assert "Sample City/commercial" in response.context["form"].errors["text"][0]
        assert send(browser, "version_upload", plan.pk, text=GOOD).status_code == 302  # the only one is meant

    def test_the_text_begins_with_the_last_version(self, browser: Client) -> None:
        plan = make_plan("Sample City/residential")
        first = browser.get(reverse("tariffs:version_upload", args=[plan.pk])).context["form"].initial["text"]
        later = first.replace("2018-07-10", "2028-01-01").replace("2.61", "2.99")
        assert send(browser, "version_upload", plan.pk, text=later).status_code == 302
        assert plan.versions.get(effective_on=date(2028, 1, 1)).data["prices"][0] == "2.99"


class TestNumbers:
    def test_new_prices_in_the_old_shape(self, browser: Client) -> None:
        plan = make_plan()
        page = browser.get(reverse("tariffs:version_new", args=[plan.pk]))
        names = list(page.context["form"].fields)
        assert names == ["effective_on", "notice", "n-bounds-0", "n-bounds-1", "n-prices-0", "n-prices-1", "n-prices-2"]
        data = {"effective_on": "2027-01-01", "notice": "新文", "n-bounds-0": "360", "n-bounds-1": "500.5"}
        data |= {"n-prices-0": "2.7", "n-prices-1": "2.9055", "n-prices-2": "4.4"}
        assert send(browser, "version_new", plan.pk, **data).status_code == 302
        made = plan.versions.get(effective_on=date(2027, 1, 1))
        assert made.data["bounds"] == ["360", "500.5"] and made.data["prices"] == ["2.7", "2.9055", "4.4"]

    def test_a_mistake_stands_at_its_number(self, browser: Client) -> None:
        plan = make_plan()
        data = {"effective_on": "2027-01-01", "notice": "新文", "n-bounds-0": "360", "n-bounds-1": "300"}
        data |= {"n-prices-0": "2.7", "n-prices-1": "2.90551", "n-prices-2": "4.4"}
        form = send(browser, "version_new", plan.pk, **data).context["form"]
        assert set(form.errors) == {"n-prices-1"}
        form = send(browser, "version_new", plan.pk, **{**data, "n-prices-1": "2.9"}).context["form"]
        assert set(form.errors) == {"n-bounds-0"} and plan.versions.count() == 1

    def test_every_published_tariff_can_be_renewed(self) -> None:
        """The numbers of each library plan, read into fields and back, give the same version at another day."""
        store_library()
        for plan in Plan.objects.all():
            data = queries.stored_data(plan.versions.latest("effective_on"))
            blank = forms.NumbersForm(data_of=data)
            given = {
                name: "1" if field.initial in ("", None) else field.initial for name, field in blank.fields.items()
            }
            open_bounds = [name for name in given if name.startswith("n-bounds") and blank.fields[name].initial == ""]
            given |= {name: str(100 * (index + 1)) for index, name in enumerate(open_bounds)}
            form = forms.NumbersForm({**given, "effective_on": "2030-01-01", "notice": "新文"}, data_of=data)
            assert form.is_valid(), (plan.code, form.errors)
            made = version_to_data(version_from_data(form.cleaned_data["version"]))
            kept = {key: value for key, value in data.items() if key not in {"effective", "notice", "source", "ratio"}}
            assert kept.items() <= made.items(), plan.code
            assert made["effective"] == "2030-01-01"

    def test_a_used_version_is_refused_before_anything_is_typed(
        self, browser: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = make_plan().versions.get()
        change = reverse("tariffs:version_change", args=[version.pk])
        assert change in browser.get(version.plan.get_absolute_url()).content.decode()
        monkeypatch.setattr(queries, "is_used", lambda _version: True)
        monkeypatch.setattr(queries, "plainly_used", lambda _plan: {version.pk})
        assert browser.get(change).status_code == 422
        page = browser.get(version.plan.get_absolute_url()).content.decode()
        assert change not in page and "Bills rest on this version" in page
        monkeypatch.undo()
        assert send(browser, "version_withdraw", version.pk, reason="错").status_code == 302
        assert not version.plan.versions.exists()


class TestSample:
    def ask(self, browser: Client, plan: Plan, **changed: Any) -> Any:
        data = {"volume": "400", "year_before": "0", "from_on": "2026-01-01", "to_on": "2026-02-01", "persons": "3"}
        return browser.get(reverse("tariffs:plan_sample", args=[plan.pk]), data | changed, **FRAGMENT)

    def test_a_bill_with_its_tiers_drawn(self, browser: Client) -> None:
        response = self.ask(browser, make_plan())
        assert response.context["rating"].amount_fen == 350 * 261 + 50 * 283
        text = response.content.decode()
        assert "<svg" in text and "1,055.00" in text and "<html" not in text
        assert "tier 2" in text

    def test_what_the_rules_refuse_is_said(self, browser: Client) -> None:
        plan = make_plan()
        assert "fixed" in self.ask(browser, plan, contract_price="2").content.decode()
        assert "ends before" in self.ask(browser, plan, to_on="2025-01-01").content.decode()
        assert self.ask(browser, plan, volume="viel").status_code == 200

    def test_reasons_are_sentences(self) -> None:
        store_library()
        for plan in Plan.objects.all():
            for era in queries.eras_of(plan):
                assert era.rule is not None
        facts = [
            {"code": "household", "persons": 5, "over": 4, "times": 1},
            {"code": "partial_year", "months": 7},
            {"code": "free_volume_month", "volume_l": 4000, "months": 1},
            {"code": "free_volume_year", "volume_l": 120_000},
            {"code": "flat_price", "price_e4": 19_600},
            {"code": "contract_price", "price_e4": 35_000},
            {"code": "heating"},
            {"code": "season", "name": "peak"},
            {"code": "part", "from": "2026-01-01", "to": "2026-02-01", "version": "2025-01-01", "season": None,
             "volume_l": 5000, "normalised": 0},
            {"code": "energy", "volume_l": 5000, "energy_m": 53_000, "unit": "kWh"},
        ]  # fmt: skip
        assert all(reason(fact) for fact in facts)
        assert reason({"code": "tiers", "bounds_l": (), "prices_e4": ()}) == ""

    def test_every_published_tariff_is_shown(self, browser: Client) -> None:
        store_library()
        for plan in Plan.objects.all():
            response = browser.get(plan.get_absolute_url())
            assert response.status_code == 200 and plan.code in response.content.decode()
            assert self.ask(browser, plan).status_code == 200


class TestTermsPages:
    def test_terms_are_set_and_shown(self, browser: Client) -> None:
        account, day = make_account(), local_today() + timedelta(days=3)
        plan = make_plan("Sample City/residential")
        url = reverse("tariffs:terms_set", args=[account.pk])
        assert browser.get(url).context["form"].initial["persons"] == 3
        data = {"from_on": day.isoformat(), "plan": plan.pk, "persons": "6", "low_income": "on"}
        data |= {"low_income_until": (day + timedelta(days=99)).isoformat()}
        assert browser.post(url, data).status_code == 302
        assert Terms.objects.filter(account=account).count() == 3
        tab = browser.get(reverse("tariffs:account_terms", args=[account.pk]), **FRAGMENT)
        text = tab.content.decode()
        assert "<html" not in text and text.count("Sample City/residential") == 2 and day.isoformat() in text

    def test_a_problem_stands_at_its_field_with_everything_kept(self, browser: Client) -> None:
        account, plan = make_account(), make_plan()
        data = {"from_on": "2026-05-01", "plan": plan.pk, "persons": "4", "contract_price": "2.10"}
        response = browser.post(reverse("tariffs:terms_set", args=[account.pk]), data)
        form = response.context["form"]
        assert response.status_code == 422 and set(form.errors) == {"contract_price"}
        assert 'value="2.10"' in response.content.decode()

    def test_the_library_by_a_button(self, browser: Client) -> None:
        response = browser.post(reverse("tariffs:library_load"), {})
        assert response.status_code == 200 and str(Plan.objects.count()) in response.content.decode()


class TestFilesAboveTheLimit:
    @pytest.mark.parametrize("text", ["", GOOD])
    def test_a_file_dropped_on_its_way_in_is_told(self, browser: Client, settings: Any, text: str) -> None:
        """Also where a file is not needed: the form must not go on without the one that was chosen."""
        settings.UPLOAD_LIMIT = 1_000
        plan = make_plan()
        versions = plan.versions.count()
        file = SimpleUploadedFile("tariff.yaml", b"#" * 2_000)
        response = send(browser, "version_upload", plan.pk, file=file, text=text)
        assert response.status_code == 422
        assert "larger than" in response.content.decode()
        assert "This field is required" not in response.content.decode()
        assert plan.versions.count() == versions
