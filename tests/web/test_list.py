"""The list page: its faces, search, filters, order, paging, batch bar, export."""

from __future__ import annotations

import io
import re

import django_tables2 as tables
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from python_calamine import CalamineWorkbook

from mainstay.core.organisation.models import Unit
from mainstay.gas.readings.models import Reading
from mainstay.web.pages import Button, FirstUse, ListPage, paging
from tests.gas.make import make_account, make_reading
from tests.web.conftest import client_with
from tests.web.site import Units

HTMX = {"HX-Request": "true"}


def codes(html: str) -> list[str]:
    return re.findall(r"<a[^>]*>(X\d{3})</a>", html)


def test_rows_order_and_pages_are_stable(client: Client, units: list[Unit]) -> None:
    seen = []
    for page in (1, 2, 3):
        seen += codes(client.get(f"/test/list/?page={page}").content.decode())
    assert len(seen) == 60
    assert len(set(seen)) == 60, "with equal names a row must not appear on two pages"
    assert codes(client.get("/test/list/?sort=-code").content.decode())[0] == "X059"
    assert codes(client.get("/test/list/?sort=nonsense").content.decode())[0] == "X000"


def test_search_and_filter_narrow_and_can_be_cleared(client: Client, units: list[Unit]) -> None:
    html = client.get("/test/list/?q=Station+3&code=X0").content.decode()
    assert set(codes(html)) == {f"X{n:03}" for n in range(60) if n % 7 == 3}
    assert "Clear search and filters" in html
    html = client.get("/test/list/?q=nowhere").content.decode()
    assert "Nothing matches" in html
    assert "No units yet" not in html


def test_a_filter_of_yes_and_no_that_is_not_set_means_all(client: Client, units: list[Unit]) -> None:
    html = client.get("/test/list/").content.decode()
    assert re.search(r'<select[^>]*name="top".*?<option value=""[^>]*>\s*All\s*<', html, re.DOTALL)
    assert "Unknown" not in html


def test_a_filter_value_that_makes_no_sense_says_so_and_keeps_the_page(client: Client, units: list[Unit]) -> None:
    response = client.get("/test/list/?active_from=abc")
    assert response.status_code == 200
    assert "Enter a number" in response.content.decode()
    assert codes(response.content.decode()) == []


def test_first_use_is_another_face_than_no_match(client: Client) -> None:
    Unit.objects.update(code="HIDDEN")
    html = client.get("/test/list/").content.decode()
    assert "No units yet" in html
    assert "Units hold posts." in html


def test_first_use_offers_its_button_only_to_who_may_press_it(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    button = Button("Begin", "/test/form/", right="test.add")
    monkeypatch.setattr(Units, "first_use", FirstUse("Nothing", "Yet.", button))
    monkeypatch.setattr(Units, "queryset", lambda _page: Unit.objects.none())
    shown = {
        right: "Begin" in client_with("test.view", right).get("/test/list/").content.decode()
        for right in ("test.add", "test.close")
    }
    assert shown == {"test.add": True, "test.close": False}


def test_without_right_the_missing_right_is_named(units: list[Unit]) -> None:
    response = client_with("test.add").get("/test/list/")
    assert response.status_code == 403
    assert "test.view" in response.content.decode()
    assert codes(response.content.decode()) == []


def test_strangers_are_sent_to_the_log_in_page(db: None) -> None:
    response = Client().get("/test/list/?q=a")
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/test/list/%3Fq%3Da")


def test_a_database_error_has_a_face_that_says_what_is_safe(client: Client) -> None:
    response = client.get("/test/broken/")
    assert response.status_code == 500
    assert "nothing was changed" in response.content.decode()


def test_htmx_gets_the_rows_alone(client: Client, units: list[Unit]) -> None:
    response = client.get("/test/list/", headers=HTMX)
    html = response.content.decode()
    assert html.strip().startswith("<section")
    assert 'aria-live="polite"' in html
    assert "<html" not in html
    assert "HX-Request" in response["Vary"]
    whole = client.get("/test/list/", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()


def test_counting_stops_at_the_limit(client: Client, units: list[Unit]) -> None:
    html = client.get("/test/few/").content.decode()
    assert "<b>30+</b> rows" in html
    assert len(codes(client.get("/test/few/?page=2").content.decode())) == 5
    response = client.get("/test/few/?page=3")
    assert response.status_code == 422
    assert "Filter or search" in response.content.decode()


def test_no_query_counts_or_skips_the_whole_table(client: Client, units: list[Unit]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/test/few/?page=2")
    of_units = [q["sql"] for q in queries.captured_queries if "HIDDEN" in q["sql"]]
    assert of_units
    assert [sql for sql in of_units if "LIMIT" not in sql] == []


def test_a_page_that_shows_all_is_not_counted(client: Client, units: list[Unit]) -> None:
    for query, counted, shown in (
        ("?per_page=100", 0, "<b>61</b> rows"), ("?page=2&per_page=50", 0, "<b>61</b> rows"), ("", 1, "<b>61</b> rows"),
        ("?page=9&per_page=50", 1, "<b>61</b> rows"), ("?q=nothing", 0, "<b>0</b> rows"),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/test/list/{query}").content.decode()
        assert sum("COUNT(" in one["sql"] and "HIDDEN" in one["sql"] for one in queries.captured_queries) == counted
        assert shown in page
        assert ("51–61 of 61" in page) == query.startswith(("?page=2", "?page=9"))


@pytest.mark.parametrize("query", ["?", "?q=Station 3&", "?q=nothing&", "?sort=-code&"])
def test_keys_first_shows_the_same(
    client: Client, units: list[Unit], monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    def shown() -> list[list[str]]:
        pages = [client.get(f"/test/list/{query}page={page}").content.decode() for page in (1, 2, 3, 9)]
        return [[*codes(page), *re.findall(r"\S+ of \d+", page)] for page in pages]

    usual = shown()
    monkeypatch.setattr(Units, "keys_first", "pk")
    assert shown() == usual


def test_the_number_of_queries_does_not_grow_with_the_rows(client: Client, units: list[Unit]) -> None:
    client.get("/test/list/")  # what happens once in a session is not counted
    counts = []
    for size in (25, 50):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/test/list/?per_page={size}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1.5", "99999999999999999999"])
def test_strange_page_numbers_are_no_fault(client: Client, units: list[Unit], page: str) -> None:
    assert client.get(f"/test/list/?page={page}").status_code in (200, 422)


def test_columns_can_be_chosen_and_are_remembered(client: Client, units: list[Unit]) -> None:
    html = client.get("/test/list/?cols=name_en").content.decode()
    assert "Station 1" in html
    assert "站1" not in html
    assert "X001" in html, "the first column says what the row is and stays"
    assert "站1" not in client.get("/test/list/").content.decode()


def test_the_menu_of_columns_names_them_as_their_heads_do(units: list[Unit]) -> None:
    class Plain(tables.Table):
        name_zh, path = tables.Column(), tables.Column(verbose_name="Way")

        class Meta:
            model, fields = Unit, ("code", "name_zh", "path")

    page = ListPage()
    page.table_class = Plain
    with translation.override("zh-hans"):
        menu = page.column_menu(Plain(Unit.objects.all(), exclude=["name_zh"]))  # hidden, it has no head in the table
        assert [(one["title"], one["shown"]) for one in menu] == [
            (str(Unit._meta.get_field("name_zh").verbose_name), False), ("Way", True),
        ]  # fmt: skip


def test_batch_acts_on_the_ticked_rows_only_within_sight(client: Client, units: list[Unit]) -> None:
    hidden = Unit.objects.create(code="HIDDEN", path="h.")
    ids = [units[0].pk, units[1].pk, hidden.pk]
    response = client.post("/test/list/?code=X0", {"batch": "close", "ids": ids}, follow=True)
    assert "closed 2" in response.content.decode()
    assert response.redirect_chain == [("/test/list/?code=X0", 302)]


def test_batch_can_take_all_rows_of_the_filter(client: Client, units: list[Unit]) -> None:
    response = client.post("/test/list/?code=X00", {"batch": "close", "all": "1"}, follow=True)
    assert "closed 10" in response.content.decode()


def test_batch_needs_rows_a_known_act_and_the_right(client: Client, units: list[Unit]) -> None:
    assert client.post("/test/list/", {"batch": "close"}).status_code == 422
    assert client.post("/test/list/", {"batch": "burn", "all": "1"}).status_code == 422
    viewer = client_with("test.view")
    assert viewer.post("/test/list/", {"batch": "close", "all": "1"}).status_code == 403
    html = viewer.get("/test/list/").content.decode()
    assert "Close units" not in html
    assert "Add unit" not in html
    assert 'name="ids"' not in html


def test_xlsx_holds_what_is_filtered_in_the_columns_shown(client: Client, units: list[Unit]) -> None:
    response = client.get("/test/list/?code=X00&cols=name_zh.pk&sort=-code&export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue())).get_sheet_by_index(0)
    response.close()
    table = rows.to_python()
    assert table[0] == ["Code", "名称", "Amount"]
    assert [row[0] for row in table[1:]] == [f"X{n:03}" for n in range(9, -1, -1)]
    assert table[1][2] == units[9].pk / 100
    assert "attachment" in response["Content-Disposition"]


def test_what_is_masked_on_the_screen_is_masked_in_the_sheet(client: Client, units: list[Unit]) -> None:
    Unit.objects.filter(pk=units[1].pk).update(parent=units[0])
    response = client.get("/test/list/?code=X00&cols=path.head&sort=code&export=csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[:3] == ["Code,Secret,Above", "X000,***,", "X001,***,站0"]


def test_csv_defuses_formulas(client: Client, units: list[Unit]) -> None:
    Unit.objects.filter(pk=units[0].pk).update(name_zh="=HYPERLINK(1)")
    response = client.get("/test/list/?code=X000&export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text


def test_export_refuses_what_is_too_large_or_unknown(client: Client, units: list[Unit]) -> None:
    assert client.get("/test/few/?export=xlsx").status_code == 422
    assert client.get("/test/few/?code=X00&export=csv").status_code == 200
    assert client.get("/test/list/?export=exe").status_code == 422
    assert client_with("test.add").get("/test/list/?export=csv").status_code == 403


def test_rows_far_down_are_the_same_rows(client: Client, units: list[Unit], monkeypatch: pytest.MonkeyPatch) -> None:
    near = [codes(client.get(f"/test/list/?page={page}&sort=-code").content.decode()) for page in (2, 3)]
    monkeypatch.setattr(paging, "FAR_DOWN", 10)
    with CaptureQueriesContext(connection) as captured:
        far = [codes(client.get(f"/test/list/?page={page}&sort=-code").content.decode()) for page in (2, 3)]
    assert far == near and far[0]
    skipping = [query["sql"] for query in captured.captured_queries if "OFFSET" in query["sql"]]
    assert len(skipping) == 2 and not any('"name_zh"' in sql.partition(" FROM ")[0] for sql in skipping)


@pytest.mark.django_db
def test_far_down_works_with_keys_of_several_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account()
    for period in range(202601, 202610):
        make_reading(account, period)
    monkeypatch.setattr(paging, "FAR_DOWN", 2)
    rows = Reading.objects.select_related("account").order_by("-period", "-account_id")
    page = paging.CappedPaginator(rows, 3).page(2)
    assert [row.period for row in page.object_list] == [202606, 202605, 202604]
