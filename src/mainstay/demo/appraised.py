"""Last year's appraisal of the customer service centre: contracts, results, ratings, calibration, interviews, bonus."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date

from django.db.models import F

from mainstay.core.access.batch import system_user
from mainstay.core.access.models import User
from mainstay.core.organisation.models import Holding, Unit
from mainstay.core.publications.actions import acknowledge, edit_publication, publish
from mainstay.core.publications.models import Acknowledgement, Publication
from mainstay.demo.history import do_waiting_jobs
from mainstay.kit.dates import local_today
from mainstay.performance.appraisal import actions
from mainstay.performance.appraisal.models import Criterion, GradeScheme, RatingTask, Round
from mainstay.performance.plans.actions import (
    create_contract,
    create_year,
    offer_contract,
    save_indicator,
    save_target,
    sign_contract,
)
from mainstay.performance.plans.models import Contract, Indicator, Period
from mainstay.performance.posts.actions import record_qualification
from mainstay.performance.posts.models import Qualification
from mainstay.performance.posts.queries import superiors_of
from mainstay.performance.tracking.actions import report_actual, verify_actual

POLICY, TRAINING, CENTRE = "JX-01", "PX-1", "HT-KF"
E4 = 10_000
POOL_FEN = 12_000_000
BANDS = [
    {"grade": "A", "from_e2": 9500, "ratio_bp": 2000, "pay_steps": 1, "consequences": ["promotion", "career"]},
    {"grade": "B", "from_e2": 8500, "ratio_bp": None, "pay_steps": 0, "consequences": ["career"]},
    {"grade": "C", "from_e2": 7500, "ratio_bp": None, "pay_steps": 0, "consequences": []},
    {"grade": "D", "from_e2": 6000, "ratio_bp": None, "pay_steps": 0, "consequences": ["training", "improvement"]},
    {"grade": "E", "from_e2": 0, "ratio_bp": None, "pay_steps": -1, "consequences": ["post_change", "improvement"]},
]
CRITERIA = (
    ("NL-1", "ability", "专业能力", "Professional skill", "1 常需指导 · 3 独立胜任 · 5 能带别人"),
    ("NL-2", "ability", "沟通协作", "Working with others", "1 常起冲突 · 3 配合顺畅 · 5 主动协调"),
    ("QL-1", "potential", "学习成长", "Learning and growing", "1 停滞 · 3 跟得上 · 5 举一反三"),
)
INDICATORS = (
    ("KF-SFL", "收费率", "Collection rate", "当期实收 ÷ 当期应收", "%", 98, 6000),
    ("KF-MYD", "客户满意度", "Customer satisfaction", "满意回访数 ÷ 回访总数", "%", 95, 4000),
)
POLICY_TEXT = (
    "# 总则\n\n业绩以绩效合约为准，能力与潜力单独评价，互不折算。\n\n# 评分\n\n"
    "- 评分人须阅知本制度并完成培训。\n- 1分和5分须写明事例。\n- 评分一经提交不得修改。\n\n"
    "# 面谈与申诉\n\n考核后一周内面谈，十日内可申诉。"
)


def load_appraisal() -> int:
    """Appraise last year in the customer service centre; returns how many people. Running it again changes nothing."""
    year = local_today().year - 1
    centre = Unit.objects.get(code=CENTRE)
    done = Round.objects.filter(period__code=str(year), unit=centre).first()
    if done is not None:
        return done.appraisals.count()
    by = system_user()
    period = Period.objects.filter(code=str(year)).first() or create_year(year=year, weeks=False, by=by)
    people = _people(centre)
    contracts = _contracts(period, centre, people, by)
    one = _round(period, centre, by)
    _rate(one, by)
    _settle(one, contracts)
    return one.appraisals.count()


def _people(centre: Unit) -> dict[User, User]:
    """Everybody of the centre with a superior, and who that is."""
    today = local_today()
    held = Holding.objects.current(today).filter(post__unit__path__startswith=centre.path)
    users = {
        one.person_id: one.person.user
        for one in held.select_related("person__user").order_by("person__staff_no")
        if hasattr(one.person, "user")
    }
    above = superiors_of(users, today)
    bosses = {user.person_id: user for user in User.objects.filter(person__in={b for bs in above.values() for b in bs})}
    return {users[person]: bosses[min(found)] for person, found in above.items() if found}


def _contracts(period: Period, centre: Unit, people: dict[User, User], by: User) -> list[Contract]:
    indicators = [_indicator(*facts[:5], by=by) for facts in INDICATORS]
    made = []
    for number, (user, boss) in enumerate(people.items()):
        if user.person is None or boss.person is None:
            continue
        held = user.person.holdings.select_related("post__unit").order_by("from_on").first()
        unit = held.post.unit if held else centre
        contract = Contract.objects.filter(period=period, person=user.person, kind="person").first()
        if contract is None:
            contract = create_contract(period=period, unit=unit, person=user.person, party_a=boss.person, by=by)
            for indicator, facts in zip(indicators, INDICATORS, strict=True):
                rule = {"kind": "ratio", "cap": 120}
                save_target(
                    contract=contract,
                    indicator=indicator,
                    weight_bp=facts[6],
                    target_e4=facts[5] * E4,
                    rule=rule,
                    by=by,
                )
            offer_contract(contract=contract, by=by)
            for side in (boss, user):
                sign_contract(contract=contract, by=side)
            _actuals(contract, number, by)
        made.append(contract)
    return made


def _indicator(code: str, name_zh: str, name_en: str, formula: str, unit: str, *, by: User) -> Indicator:
    found = Indicator.objects.filter(code=code).first()
    return found or save_indicator(
        code=code, name_zh=name_zh, name_en=name_en, formula_zh=formula, unit_zh=unit, combine="mean", by=by
    )


def _actuals(contract: Contract, number: int, by: User) -> None:
    """Values around the target, a little different for everybody; reported by HR, verified by finance."""
    reporter, verifier = User.objects.get(username="people"), User.objects.get(username="finance2")
    for place, target in enumerate(contract.targets.order_by("id")):
        value = target.target_e4 * (106 - (number * 11 + place * 5) % 36) // 100
        actual = report_actual(target=target, period=contract.period, value_e4=value, note="年度汇总", by=reporter)
        verify_actual(actual=actual, by=verifier)


def _round(period: Period, centre: Unit, by: User) -> Round:
    policy = Publication.objects.filter(code=POLICY).first()
    if policy is None:
        draft = edit_publication(
            code=POLICY, title_zh="员工绩效管理制度", title_en="Employee performance policy", body=POLICY_TEXT,
            unit=Unit.objects.get(code="HT"), kind="rule", by=by,
        )  # fmt: skip
        policy = publish(publication=draft, by=by)
    if not GradeScheme.objects.exists():
        actions.set_scheme(from_on=date(period.from_on.year, 1, 1), notice="海燃人〔2025〕3号", bands=BANDS, by=by)
    for code, axis, name_zh, name_en, anchors in CRITERIA:
        if not Criterion.objects.filter(code=code).exists():
            actions.save_criterion(code=code, axis=axis, name_zh=name_zh, name_en=name_en, anchors=anchors, by=by)
    training = Qualification.objects.get(code=TRAINING)
    one = actions.start_round(period=period, unit=centre, policy=policy, training=training, by=by)
    actions.assign_raters(round=one, by=by)
    actions.add_cross_raters(round=one, share=100, by=by)
    return one


def _trained(user: User, one: Round, by: User) -> User:
    if not Acknowledgement.objects.filter(publication=one.policy, user=user).exists():
        acknowledge(publication=one.policy, by=user)
    if user.person and not user.person.qualifications.filter(qualification=one.training).exists():
        record_qualification(person=user.person, qualification=one.training, proof="绩效培训签到表", by=by)
    return user


def _rate(one: Round, by: User) -> None:
    """Levels that follow the person, the rater's severity, and the criterion; the same in every demonstration."""
    tasks = RatingTask.objects.filter(round=one).select_related(
        "rater__user", "ratee", "round__policy", "round__training"
    )
    chance = random.Random(11)  # noqa: S311  # the same story every time
    merit: dict[int, float] = defaultdict(lambda: chance.gauss(0, 0.6))
    severity: dict[int, float] = defaultdict(lambda: chance.gauss(0, 0.5))
    for task in tasks.order_by("pk"):
        user = _trained(task.rater.user, one, by)
        impression = 3.4 + merit[task.ratee_id] - severity[task.rater_id] + chance.gauss(0, 0.3)
        levels, incidents = {}, {}
        for place, (code, *_words) in enumerate(CRITERIA):
            levels[code] = min(max(round(impression - 0.2 * place + chance.gauss(0, 0.5)), 1), 5)
            if levels[code] in (1, 5):
                incidents[code] = "第三季度窗口高峰期的表现，见例会记录。"
        actions.give_ratings(task=task, levels=levels, incidents=incidents, by=user)


def _settle(one: Round, contracts: list[Contract]) -> None:
    """Calibrate, talk, confirm, close; divide the bonus and propose what follows: it waits for the general manager."""
    hr, boss = User.objects.get(username="people"), User.objects.get(username="manager")
    by = system_user()
    for user in (hr, boss):
        _trained(user, one, by)
    actions.begin_calibration(round=one, by=hr)
    do_waiting_jobs()
    one.refresh_from_db()
    middle = one.appraisals.filter(grade="C").order_by("pk").first()
    if middle is not None:
        actions.change_grade(appraisal=middle, grade="B", reason="全年代管两个册段，合约未计入。", by=boss)
    actions.finish_calibration(round=one, by=hr)
    for row in one.appraisals.select_related("person__user").order_by("pk"):
        other = boss if row.person_id == hr.person_id else hr
        actions.hold_interview(
            appraisal=row, successes="收费与回访按时完成。", to_improve="欠费清收的节奏。", training="沟通技巧",
            own_view="认可", career="三年内成为组长", next_steps="每月例会复盘一次。", by=other,
        )  # fmt: skip
        actions.confirm_result(appraisal=row, by=row.person.user)
    _plan_ahead(one, hr)
    actions.close_round(round=one, by=hr)
    actions.create_pool(round=one, unit=one.unit, pool_fen=POOL_FEN, by=hr)
    actions.propose_consequences(round=one, by=hr)


def _plan_ahead(one: Round, by: User) -> None:
    """The career plan of the best in a team: what the team leader's post asks for and is missing becomes a training."""
    below = one.appraisals.filter(post__reporting__superior__unit=F("unit")).exclude(person=by.person_id)
    best = below.select_related("post__reporting__superior").order_by("-result_e2", "pk").first()
    if best is None or best.post is None:
        return
    aim = best.post.reporting.superior
    actions.write_career(
        appraisal=best, goal=f"三年内胜任{aim.name_zh}", steps="每月代理排班一周；带一名新员工；每季度与上级回顾一次。",
        post=aim, train=True, review_on=date(local_today().year + 1, 3, 31), by=by,
    )  # fmt: skip
