"""Bulletins: drafted from the data, sealed by every organiser, issued at full coverage, acknowledged by the units."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from docx import Document as Word
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.core.door import Refused
from mainstay.core.todos.models import Todo
from mainstay.inspection.bulletins import actions, papers, queries, rules
from mainstay.inspection.bulletins.models import Paper
from mainstay.inspection.bulletins.states import PAPER
from mainstay.inspection.campaigns.models import Assignment
from mainstay.inspection.campaigns.rules import Coverage
from mainstay.kit.errors import Problem
from tests.core.make import make_unit
from tests.inspection.bulletins.make import bulletin, editor, reviewed, sealer
from tests.inspection.make import joint, person_in
from tests.pages.battery import signed_in

pytestmark = pytest.mark.django_db


def _organisers(paper: Paper) -> list[Any]:
    return list(paper.campaign.organisers.select_related("unit").order_by("order"))


def test_the_graph_is_sound() -> None:
    assert list(PAPER.faults()) == []


def test_the_draft_tells_the_campaign() -> None:
    one = reviewed()
    paper = bulletin(one, editor(one))
    text = {block["key"]: block["text"] for block in paper.blocks}
    assert list(text) == list(rules.KEYS)
    assert "邮安〔2026〕18号" in text["overview"] and "共检查3个单位" in text["overview"]
    assert "覆盖率100%" in text["coverage"]
    assert "市区应检1处、实检1处" in text["coverage"]
    assert "转字锁完好（重大）：1处不合格" in text["problems"]
    assert "东山县局金库0：转字锁打不乱（重大隐患）" in text["typical"]
    assert "五落实" in text["requirements"]
    assert [line[1:5] for line in paper.annex] == [["东山县局", "金库0", "K1.1 转字锁打不乱", "重大"]]
    with pytest.raises(Problem):
        bulletin(one, editor(one))


def test_nothing_is_issued_before_the_last_seal() -> None:
    one = reviewed()
    by = editor(one)
    paper = actions.submit_paper(paper=bulletin(one, by), by=by)
    first, second = _organisers(paper)
    with pytest.raises(Problem) as none:
        actions.issue_paper(paper=paper, by=by)
    assert none.value.code == "not_signed"
    actions.seal_paper(paper=paper, organiser=first, by=sealer(one.bureau))
    with pytest.raises(Problem):
        actions.issue_paper(paper=paper, by=by)
    actions.seal_paper(paper=paper, organiser=second, by=sealer(one.bank))
    actions.issue_paper(paper=paper, by=by)
    paper.refresh_from_db()
    one.campaign.refresh_from_db()
    assert (paper.state, one.campaign.state) == ("issued", "issued")
    assert paper.document and paper.document.number.endswith("-000001")
    assert paper.document.data["seals"][1]["by"] == "用印人"


def test_one_organiser_cannot_seal_for_the_other_and_nobody_twice() -> None:
    one = reviewed()
    by = editor(one)
    paper = actions.submit_paper(paper=bulletin(one, by), by=by)
    first, second = _organisers(paper)
    with pytest.raises(Refused):
        actions.seal_paper(paper=paper, organiser=second, by=sealer(one.bureau))
    both = person_in(one.bureau, "两边", {"inspection.bulletins.seal_paper": ("all", None)})
    actions.seal_paper(paper=paper, organiser=first, by=both)
    with pytest.raises(Problem) as twice:
        actions.seal_paper(paper=paper, organiser=second, by=both)
    assert twice.value.code == "signed_twice"


def test_a_change_makes_the_seals_of_before_worthless() -> None:
    one = reviewed()
    by = editor(one)
    paper = actions.submit_paper(paper=bulletin(one, by), by=by)
    first, second = _organisers(paper)
    seals = [(first, sealer(one.bureau)), (second, sealer(one.bank))]
    for organiser, who in seals:
        actions.seal_paper(paper=paper, organiser=organiser, by=who)
    with pytest.raises(Problem) as sealed:
        actions.edit_paper(paper=paper, title="改", texts={}, by=by)
    assert sealed.value.code == "not_draft"
    actions.return_paper(paper=paper, reason="补充", by=by)
    actions.edit_paper(paper=paper, title=paper.title, texts={"good": "某库管理规范。"}, by=by)
    actions.submit_paper(paper=paper, by=by)
    with pytest.raises(Problem):
        actions.issue_paper(paper=paper, by=by)
    for organiser, who in seals:
        actions.seal_paper(paper=paper, organiser=organiser, by=who)
    actions.issue_paper(paper=paper, by=by)
    assert "某库管理规范" in str(Paper.objects.get().document.data)  # type: ignore[union-attr]


def test_nothing_is_issued_below_full_coverage_without_exemptions() -> None:
    one = reviewed(all_of_them=False)
    by = editor(one)
    paper = actions.submit_paper(paper=bulletin(one, by), by=by)
    for organiser in _organisers(paper):
        actions.seal_paper(paper=paper, organiser=organiser, by=sealer(organiser.unit))
    with pytest.raises(Problem) as open_ones:
        actions.issue_paper(paper=paper, by=by)
    assert open_ones.value.code == "not_covered" and "金库2" in str(open_ones.value)
    Assignment.objects.filter(pk=one.assignments[2].pk).update(state="exempt", exempt_reason="库房停用")
    actions.issue_paper(paper=paper, by=by)


def test_the_units_acknowledge() -> None:
    one = reviewed()
    by = editor(one)
    paper = actions.submit_paper(paper=bulletin(one, by), by=by)
    for organiser in _organisers(paper):
        actions.seal_paper(paper=paper, organiser=organiser, by=sealer(organiser.unit))
    actions.issue_paper(paper=paper, by=by)
    assert Todo.objects.filter(kind="bulletin", unit_id=one.county.pk, done_at=None).count() == 1
    unit = person_in(one.county, "县局", {"inspection.bulletins.acknowledge_paper": ("unit", None)})
    actions.acknowledge_paper(paper=paper, unit=one.county, by=unit)
    actions.acknowledge_paper(paper=paper, unit=one.county, by=unit)
    assert paper.receipts.count() == 1
    assert not Todo.objects.filter(kind="bulletin", done_at=None).exists()
    other = make_unit("未检查单位")
    with pytest.raises(Problem):
        actions.acknowledge_paper(
            paper=paper, unit=other,
            by=person_in(other, "别", {"inspection.bulletins.acknowledge_paper": ("unit", None)}),
        )  # fmt: skip


def test_only_the_leader_writes_the_summary_and_its_good_practice_reaches_the_bulletin() -> None:
    one = reviewed()
    with pytest.raises(Refused):
        actions.draft_summary(group=one.group, by=editor(one))
    leader = one.leader
    from tests.core.make import grant, make_role

    grant(
        make_role({f"inspection.bulletins.{v}": ("all", None) for v in ("draft_summary", "edit_paper")}),
        one.bureau,
        user=leader,
    )
    leader = type(leader).objects.get(pk=leader.pk)
    summary = actions.draft_summary(group=one.group, by=leader)
    assert "第一组按照方案共检查3处" in summary.blocks[0]["text"]
    actions.edit_paper(paper=summary, title=summary.title, texts={"good": "东山县局坚持每日双人查库。"}, by=leader)
    paper = bulletin(one, editor(one))
    assert "东山县局坚持每日双人查库。" in next(b["text"] for b in paper.blocks if b["key"] == "good")


def test_a_bulletin_waits_for_the_review() -> None:
    one = joint()
    with pytest.raises(Problem) as caught:
        bulletin(one, editor(one))
    assert caught.value.code == "not_reviewing"


def test_word_and_pdf_hold_the_text() -> None:
    one = reviewed()
    by = editor(one)
    paper = actions.submit_paper(paper=bulletin(one, by), by=by)
    word = Word(BytesIO(papers.as_docx(paper)))
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "关于业务库安全检查情况的通报" in text and "五、典型问题" in text
    assert word.tables[0].cell(1, 3).text == "K1.1 转字锁打不乱"
    client = signed_in(by)
    assert client.get(reverse("bulletins:paper_pdf", args=[paper.pk])).content.startswith(b"%PDF")
    assert client.get(reverse("bulletins:paper_docx", args=[paper.pk])).content.startswith(b"PK")


def test_the_editor_in_the_browser() -> None:
    one = reviewed()
    by = editor(one)
    paper = bulletin(one, by)
    client = signed_in(by, "zh-hans")
    address = reverse("bulletins:paper_edit", args=[paper.pk])
    assert "典型问题" in client.get(address).content.decode()
    sent = {"title": "关于业务库安全检查的通报", "text_good": "好。\n很好。"}
    assert client.post(address, sent).status_code == 302
    paper.refresh_from_db()
    assert next(b["text"] for b in paper.blocks if b["key"] == "good").splitlines() == ["好。", "很好。"]


def test_trends_open_their_rows() -> None:
    one = reviewed()
    user = person_in(
        one.bureau, "统计", {queries.STATS: ("all", None), "inspection.hazards.view_hazard": ("all", None)}
    )
    row = next(row for row in queries.campaigns_over_time(user, "vault") if row["pk"] == one.campaign.pk)
    assert (row["total"], row["done"], row["n"], row["major"]) == (3, 3, 1, 1)
    page = signed_in(user).get(reverse("bulletins:statistics")).content.decode()
    assert f"?campaign={one.campaign.pk}&amp;level=major" in page
    listed = signed_in(user).get(reverse("hazards:hazard_list") + f"?campaign={one.campaign.pk}&level=major")
    assert listed.content.count(b"<tr") == 2  # the heading and the one


COVERAGES = st.builds(
    lambda done, exempt, open_: Coverage(done + exempt + open_, done, exempt, done, 0, 0),
    st.integers(0, 50), st.integers(0, 5), st.integers(0, 5),
)  # fmt: skip


@settings(max_examples=30)
@given(COVERAGES, st.integers(0, 9), st.integers(0, 9))
def test_a_draft_never_contradicts_the_numbers(whole: Coverage, major: int, general: int) -> None:
    day = date(2026, 9, 20)
    named = [
        rules.Named("甲局", f"库{n}", "门坏", "major" if n < major else "general", day) for n in range(major + general)
    ]
    facts = rules.Facts(
        name="检查", basis="", organisers=["甲", "乙"], from_on=day, until_on=day, groups=3, inspectors=9, whole=whole,
        classes=[("市区", whole)], exempt=[], good=[], practices=[], problems=[], named=named, hazards=len(named),
        major=major, repeats=0, noticed=0, closed=0,
    )  # fmt: skip
    text = {block.key: block.text for block in rules.draft(facts)}
    assert f"发现隐患{major + general}项，其中重大隐患{major}项" in text["overview"]
    assert ("100%" in text["coverage"].partition("覆盖率")[2].partition("，")[0]) == whole.is_full
    assert ("五落实" in text["requirements"]) == (major > 0)
    assert text["typical"].count("（重大隐患）") == min(major, rules.MOST_TYPICAL)
