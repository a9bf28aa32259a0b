"""The tables, as the migrations up to 0003_hard_accounts made them one after the other."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("plans", "0001_initial"), ("plans", "0003_hard_accounts")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("organisation", "0001_initial"),
        ("publications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=80, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("income", models.BooleanField(default=False, verbose_name="income")),
                ("hard", models.BooleanField(default=False, verbose_name="never beyond the budget")),
            ],
            options={
                "verbose_name": "budget account",
                "verbose_name_plural": "budget accounts",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="ContractTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=80, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="code")),
                ("lines", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "contract template",
                "verbose_name_plural": "contract templates",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Terms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(unique=True, verbose_name="from")),
                (
                    "amend_limit_bp",
                    models.PositiveIntegerField(default=1000, verbose_name="change of a target a quarter (bp)"),
                ),
                ("notice", models.CharField(max_length=120, verbose_name="notice")),
            ],
            options={
                "verbose_name": "terms",
                "verbose_name_plural": "terms",
                "ordering": ["-from_on"],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=80, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="code")),
                ("formula_zh", models.CharField(max_length=300, verbose_name="formula in Chinese words")),
                ("formula_en", models.CharField(blank=True, max_length=300, verbose_name="formula in English words")),
                ("unit_zh", models.CharField(max_length=20, verbose_name="unit (Chinese)")),
                ("unit_en", models.CharField(blank=True, max_length=30, verbose_name="unit (English)")),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("more", "more is better"),
                            ("less", "less is better"),
                            ("exact", "exactly the target is best"),
                        ],
                        default="more",
                        max_length=5,
                        verbose_name="direction",
                    ),
                ),
                (
                    "combine",
                    models.CharField(
                        choices=[
                            ("sum", "parts add up"),
                            ("last", "the last part counts"),
                            ("mean", "mean of the parts"),
                        ],
                        default="sum",
                        max_length=5,
                        verbose_name="from parts",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="data source")),
                ("provider", models.CharField(blank=True, max_length=60, verbose_name="answered by")),
                ("duty", models.CharField(blank=True, max_length=200, verbose_name="from the duty")),
                ("rule", models.JSONField(default=dict, verbose_name="usual scoring rule")),
                ("retired_on", models.DateField(blank=True, null=True, verbose_name="not used from")),
                (
                    "verifier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.post",
                        verbose_name="verified by the post",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicator",
                "verbose_name_plural": "indicators",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=10, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[("year", "year"), ("quarter", "quarter"), ("month", "month"), ("week", "week")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(verbose_name="until")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("closing", "closing"), ("closed", "closed")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="plans.period",
                        verbose_name="lies in",
                    ),
                ),
            ],
            options={
                "verbose_name": "period",
                "verbose_name_plural": "periods",
                "ordering": ["from_on", "-until_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("from_on"))), name="period_until_after_from"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "year"), ("parent", None)),
                            models.Q(models.Q(("kind", "year"), _negated=True), ("parent__isnull", False)),
                            _connector="OR",
                        ),
                        name="period_lies_in_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("company", "company"), ("unit", "unit"), ("person", "person")],
                        default="person",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("negotiating", "negotiating"),
                            ("signed", "signed"),
                            ("amending", "being amended"),
                            ("amended", "amended"),
                            ("closed", "closed"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("digest", models.CharField(blank=True, editable=False, max_length=64, verbose_name="content hash")),
                ("signed_a_at", models.DateTimeField(null=True, verbose_name="signed by party A")),
                ("signed_b_at", models.DateTimeField(null=True, verbose_name="signed by party B")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed at")),
                (
                    "party_a",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.person",
                        verbose_name="party A",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="organisation.person",
                        verbose_name="party B",
                    ),
                ),
                (
                    "signed_a_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signed_b_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="plans.period",
                        verbose_name="period",
                    ),
                ),
            ],
            options={
                "verbose_name": "performance contract",
                "verbose_name_plural": "performance contracts",
                "ordering": ["-period__from_on", "unit__path", "kind", "number"],
                "indexes": [
                    models.Index(fields=["person", "period"], name="contract_person"),
                    models.Index(fields=["period", "unit"], name="contract_period_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("period", "kind", "unit", "person"), name="contract_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["unit", "company"])),
                        fields=("period", "unit"),
                        name="contract_unit_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("party_a", models.F("person")), _negated=True), name="contract_two_parties"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "negotiating"]),
                            models.Q(
                                models.Q(("digest", ""), _negated=True),
                                ("signed_a_at__isnull", False),
                                ("signed_b_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="contract_signed_by_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_a_by", None),
                            ("signed_b_by", None),
                            models.Q(("signed_a_by", models.F("signed_b_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="contract_two_signers",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Charter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("preamble_zh", models.TextField(verbose_name="preamble in Chinese")),
                ("preamble_en", models.TextField(blank=True, verbose_name="preamble in English")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("approved", "approved"),
                            ("published", "published"),
                            ("superseded", "superseded"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "publication",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charter",
                        to="publications.publication",
                        verbose_name="publication",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charters",
                        to="plans.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charters",
                        to="plans.period",
                        verbose_name="period",
                    ),
                ),
            ],
            options={
                "verbose_name": "operating charter",
                "verbose_name_plural": "operating charters",
                "ordering": ["-period__from_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_fen", models.BigIntegerField(verbose_name="budget (fen)")),
                ("allowance_fen", models.BigIntegerField(default=0, verbose_name="approved beyond the budget (fen)")),
                ("limited", models.BooleanField(default=True, verbose_name="may not be passed")),
                ("committed_fen", models.BigIntegerField(default=0, verbose_name="committed (fen)")),
                ("actual_fen", models.BigIntegerField(default=0, verbose_name="actual (fen)")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="plans.budgetaccount",
                        verbose_name="account",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget_lines",
                        to="plans.period",
                        verbose_name="period",
                    ),
                ),
            ],
            options={
                "verbose_name": "budget line",
                "verbose_name_plural": "budget lines",
                "ordering": ["unit__path", "account__code", "period__from_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "account", "period"), name="budget_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actual_fen__gte", 0),
                            ("allowance_fen__gte", 0),
                            ("amount_fen__gte", 0),
                            ("committed_fen__gte", 0),
                        ),
                        name="budget_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("limited", False),
                            (
                                "committed_fen__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("amount_fen"), "+", models.F("allowance_fen")
                                    ),
                                    "-",
                                    models.F("actual_fen"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="budget_not_passed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                ("weight_bp", models.PositiveIntegerField(verbose_name="weight (bp)")),
                ("base_e4", models.BigIntegerField(blank=True, null=True, verbose_name="base value")),
                ("threshold_e4", models.BigIntegerField(blank=True, null=True, verbose_name="threshold value")),
                ("target_e4", models.BigIntegerField(verbose_name="target value")),
                ("challenge_e4", models.BigIntegerField(blank=True, null=True, verbose_name="challenge value")),
                ("rule", models.JSONField(verbose_name="scoring rule")),
                ("duty", models.CharField(blank=True, max_length=200, verbose_name="from the duty")),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="plans.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="plans.indicator",
                        verbose_name="indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
                "verbose_name_plural": "targets",
                "ordering": ["contract", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("contract", "indicator"), name="target_indicator_once"),
                    models.CheckConstraint(
                        condition=models.Q(("weight_bp__gt", 0), ("weight_bp__lte", 10000)), name="target_weight"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contribution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("share_bp", models.PositiveIntegerField(default=10000, verbose_name="share (bp)")),
                (
                    "covers_bp",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="covers of the parent (bp)"),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parents",
                        to="plans.target",
                        verbose_name="child target",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="plans.target",
                        verbose_name="parent target",
                    ),
                ),
            ],
            options={
                "verbose_name": "contribution",
                "verbose_name_plural": "contributions",
                "constraints": [
                    models.UniqueConstraint(fields=("child", "parent"), name="contribution_once"),
                    models.CheckConstraint(
                        condition=models.Q(("child", models.F("parent")), _negated=True), name="contribution_not_itself"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share_bp__gt", 0), ("share_bp__lte", 10000)), name="contribution_share"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Backing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measures", models.TextField(blank=True, verbose_name="measures")),
                ("resources", models.TextField(blank=True, verbose_name="resources needed")),
                ("risks", models.TextField(blank=True, verbose_name="risks and what is done about them")),
                (
                    "target",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="backing",
                        to="plans.target",
                        verbose_name="target",
                    ),
                ),
            ],
            options={
                "verbose_name": "backing of a target",
                "verbose_name_plural": "backings of targets",
            },
        ),
        migrations.CreateModel(
            name="BudgetEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("commit", "commitment"),
                            ("release", "commitment released"),
                            ("actual", "actual amount"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                ("business_on", models.DateField(verbose_name="business date")),
                ("text", models.CharField(max_length=200, verbose_name="what for")),
                ("beyond", models.BooleanField(default=False, verbose_name="beyond the budget")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="plans.budgetentry",
                        verbose_name="commitment",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="plans.budgetline",
                        verbose_name="budget line",
                    ),
                ),
            ],
            options={
                "verbose_name": "budget entry",
                "verbose_name_plural": "budget entries",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="budget_entry_amount")
                ],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quarter", models.CharField(max_length=6, verbose_name="quarter")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("changes", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("agreed", "agreed"), ("rejected", "rejected")],
                        default="proposed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="asked at")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="plans.contract",
                        verbose_name="contract",
                    ),
                ),
            ],
            options={
                "verbose_name": "amendment",
                "verbose_name_plural": "amendments",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")), fields=("contract",), name="amendment_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="amendment_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64, verbose_name="content hash")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("agreed_a_at", models.DateTimeField()),
                ("agreed_b_at", models.DateTimeField()),
                (
                    "agreed_a_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "agreed_b_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="plans.contract",
                        verbose_name="contract",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a contract",
                "verbose_name_plural": "versions of contracts",
                "ordering": ["contract", "version"],
                "constraints": [models.UniqueConstraint(fields=("contract", "version"), name="contract_version_once")],
            },
        ),
    ]
