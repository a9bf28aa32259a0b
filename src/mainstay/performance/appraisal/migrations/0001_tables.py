"""The tables, as the migrations up to 0004_career_plans made them one after the other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("appraisal", "0001_initial"),
        ("appraisal", "0003_scoring_in_the_background"),
        ("appraisal", "0004_career_plans"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("organisation", "0001_initial"),
        ("plans", "0001_tables"),
        ("posts", "0001_initial"),
        ("publications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=80, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                (
                    "axis",
                    models.CharField(
                        choices=[("ability", "ability"), ("potential", "potential")], max_length=9, verbose_name="axis"
                    ),
                ),
                ("anchors", models.TextField(blank=True, verbose_name="what the levels mean")),
                ("retired_on", models.DateField(blank=True, null=True, verbose_name="not used from")),
            ],
            options={
                "verbose_name": "criterion",
                "verbose_name_plural": "criteria",
                "ordering": ["axis", "code"],
            },
        ),
        migrations.CreateModel(
            name="GradeScheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(unique=True, verbose_name="from")),
                ("notice", models.CharField(max_length=120, verbose_name="notice")),
                ("bands", models.JSONField(verbose_name="grades")),
                ("fewest", models.PositiveSmallIntegerField(default=20, verbose_name="ratios from so many people on")),
                (
                    "mean_cap_e2",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="highest mean of a unit (1/100 points)"
                    ),
                ),
                ("result_low_e2", models.PositiveIntegerField(default=7500)),
                ("result_high_e2", models.PositiveIntegerField(default=9500)),
                ("potential_low_e2", models.PositiveIntegerField(default=250)),
                ("potential_high_e2", models.PositiveIntegerField(default=375)),
            ],
            options={
                "verbose_name": "grading scheme",
                "verbose_name_plural": "grading schemes",
                "ordering": ["-from_on"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("fewest__gte", 20)), name="scheme_no_small_groups"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result_low_e2__lt", models.F("result_high_e2")),
                            ("potential_low_e2__lt", models.F("potential_high_e2")),
                        ),
                        name="scheme_cuts_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "rating"),
                            ("scoring", "scoring"),
                            ("calibrating", "calibration"),
                            ("talking", "interviews"),
                            ("closed", "closed"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("scored_at", models.DateTimeField(null=True, verbose_name="scored at")),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="plans.period",
                        verbose_name="period",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publications.publication",
                        verbose_name="performance policy",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="appraisal.gradescheme",
                        verbose_name="grading scheme",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "training",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="posts.qualification",
                        verbose_name="training raters must have",
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
                ("scored_to", models.PositiveBigIntegerField(default=0)),
                ("scoring_at", models.DateTimeField(null=True, verbose_name="scoring began at")),
            ],
            options={
                "verbose_name": "appraisal round",
                "verbose_name_plural": "appraisal rounds",
                "ordering": ["-period__from_on", "unit__path"],
                "constraints": [models.UniqueConstraint(fields=("period", "unit"), name="round_once")],
            },
        ),
        migrations.CreateModel(
            name="Appraisal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contract_version", models.PositiveSmallIntegerField(verbose_name="version of the contract")),
                ("contract_digest", models.CharField(max_length=64)),
                ("result_e2", models.IntegerField(null=True, verbose_name="results")),
                ("caps", models.JSONField(default=list)),
                ("ability_e2", models.PositiveSmallIntegerField(null=True, verbose_name="ability")),
                ("ability_adjusted_e2", models.SmallIntegerField(null=True)),
                ("ability_low_e2", models.SmallIntegerField(null=True)),
                ("ability_high_e2", models.SmallIntegerField(null=True)),
                ("potential_e2", models.PositiveSmallIntegerField(null=True, verbose_name="potential")),
                ("potential_adjusted_e2", models.SmallIntegerField(null=True)),
                ("potential_low_e2", models.SmallIntegerField(null=True)),
                ("potential_high_e2", models.SmallIntegerField(null=True)),
                ("box", models.PositiveSmallIntegerField(null=True, verbose_name="box")),
                ("grade_rule", models.CharField(blank=True, max_length=4, verbose_name="grade by the rules")),
                ("grade", models.CharField(blank=True, max_length=4, verbose_name="grade")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scored", "scored"),
                            ("calibrated", "calibrated"),
                            ("interviewed", "interviewed"),
                            ("confirmed", "confirmed"),
                            ("appealed", "appealed"),
                            ("final", "final"),
                        ],
                        default="scored",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisals",
                        to="plans.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisals",
                        to="organisation.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.post",
                        verbose_name="post",
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisals",
                        to="appraisal.round",
                        verbose_name="appraisal round",
                    ),
                ),
            ],
            options={
                "verbose_name": "appraisal",
                "verbose_name_plural": "appraisals",
                "ordering": ["round", "unit__path", "person__staff_no"],
                "indexes": [
                    models.Index(fields=["round", "box"], name="appraisal_box"),
                    models.Index(fields=["round", "grade"], name="appraisal_grade"),
                    models.Index(fields=["round", "unit"], name="appraisal_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "person"), name="appraisal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "scored"),
                            models.Q(models.Q(("grade", ""), _negated=True), ("result_e2__isnull", False)),
                            _connector="OR",
                        ),
                        name="appraisal_has_grade",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField(verbose_name="held on")),
                ("successes", models.TextField(verbose_name="successes")),
                ("to_improve", models.TextField(verbose_name="to improve")),
                ("training", models.TextField(blank=True, verbose_name="training needed")),
                ("own_view", models.TextField(blank=True, verbose_name="the person's own view")),
                ("help_wanted", models.TextField(blank=True, verbose_name="help wanted")),
                ("career", models.TextField(blank=True, verbose_name="career plan")),
                ("next_steps", models.TextField(verbose_name="next steps")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed by the person")),
                (
                    "appraisal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interview",
                        to="appraisal.appraisal",
                        verbose_name="appraisal",
                    ),
                ),
                (
                    "interviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="interviewer",
                    ),
                ),
            ],
            options={
                "verbose_name": "interview",
                "verbose_name_plural": "interviews",
            },
        ),
        migrations.CreateModel(
            name="RatingTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("own", models.BooleanField(default=True, verbose_name="own superior")),
                ("given_at", models.DateTimeField(null=True, verbose_name="given at")),
                (
                    "ratee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.person",
                        verbose_name="ratee",
                    ),
                ),
                (
                    "rater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating_tasks",
                        to="organisation.person",
                        verbose_name="rater",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="appraisal.round",
                        verbose_name="appraisal round",
                    ),
                ),
            ],
            options={
                "verbose_name": "rating task",
                "verbose_name_plural": "rating tasks",
                "ordering": ["round", "rater", "-own", "ratee__staff_no"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "rater", "ratee"), name="rating_task_once"),
                    models.CheckConstraint(
                        condition=models.Q(("rater", models.F("ratee")), _negated=True), name="rating_task_not_oneself"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BonusPool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pool_fen", models.BigIntegerField(verbose_name="pool (fen)")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("approved", "approved")],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pools",
                        to="appraisal.round",
                        verbose_name="appraisal round",
                    ),
                ),
            ],
            options={
                "verbose_name": "bonus pool",
                "verbose_name_plural": "bonus pools",
                "ordering": ["round", "unit__path"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "unit"), name="pool_once"),
                    models.CheckConstraint(condition=models.Q(("pool_fen__gt", 0)), name="pool_above_nothing"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="pool_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeverityRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "axis",
                    models.CharField(
                        choices=[("ability", "ability"), ("potential", "potential")], max_length=9, verbose_name="axis"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
                ("ratings", models.PositiveIntegerField(verbose_name="ratings")),
                ("separable", models.BooleanField(verbose_name="separable")),
                ("connected", models.BooleanField(verbose_name="all raters comparable")),
                ("note_zh", models.TextField(blank=True)),
                ("note_en", models.TextField(blank=True)),
                ("variances", models.JSONField(default=dict)),
                ("review", models.JSONField(default=list)),
                ("proposed", models.JSONField(default=list)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="severity_runs",
                        to="appraisal.round",
                        verbose_name="appraisal round",
                    ),
                ),
            ],
            options={
                "verbose_name": "estimate of severity",
                "verbose_name_plural": "estimates of severity",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="RaterSeverity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("severity_e4", models.IntegerField(null=True, verbose_name="severity")),
                ("low_e4", models.IntegerField(null=True)),
                ("high_e4", models.IntegerField(null=True)),
                ("flagged", models.BooleanField(default=False, verbose_name="flagged")),
                ("habits", models.JSONField(default=dict)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.person",
                        verbose_name="rater",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="raters", to="appraisal.severityrun"
                    ),
                ),
            ],
            options={
                "verbose_name": "severity of a rater",
                "verbose_name_plural": "severities of raters",
                "ordering": ["run", "-severity_e4"],
                "constraints": [models.UniqueConstraint(fields=("run", "person"), name="severity_once")],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="objection")),
                ("filed_at", models.DateTimeField(verbose_name="filed at")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("upheld", models.BooleanField(null=True, verbose_name="upheld")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
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
                    "appraisal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="appraisal.appraisal",
                        verbose_name="appraisal",
                    ),
                ),
            ],
            options={
                "verbose_name": "appeal",
                "verbose_name_plural": "appeals",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(models.Q(("answer", ""), _negated=True), ("upheld__isnull", False)),
                            _connector="OR",
                        ),
                        name="appeal_has_answer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AppraisalChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.CharField(max_length=4, verbose_name="grade before")),
                ("after", models.CharField(max_length=4, verbose_name="grade after")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "appraisal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="appraisal.appraisal",
                        verbose_name="appraisal",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a grade",
                "verbose_name_plural": "changes of grades",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="grade_change_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True), name="grade_change_changes"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consequence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pay_step", "pay step"),
                            ("bonus", "bonus"),
                            ("promotion", "promotion to be considered"),
                            ("post_change", "change of post to be considered"),
                            ("training", "training"),
                            ("improvement", "improvement plan"),
                            ("career", "career plan"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("steps", models.SmallIntegerField(default=0, verbose_name="pay steps")),
                ("amount_fen", models.BigIntegerField(null=True, verbose_name="amount")),
                ("weight", models.BigIntegerField(editable=False, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("approved", "approved"), ("effective", "effective")],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("effective_on", models.DateField(null=True, verbose_name="effective from")),
                (
                    "appraisal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consequences",
                        to="appraisal.appraisal",
                        verbose_name="appraisal",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="appraisal.bonuspool",
                        verbose_name="bonus pool",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "consequence",
                "verbose_name_plural": "consequences",
                "ordering": ["appraisal", "kind"],
                "constraints": [
                    models.UniqueConstraint(fields=("appraisal", "kind"), name="consequence_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_fen__gte", 0), ("kind", "bonus"), ("pool__isnull", False)),
                            models.Q(models.Q(("kind", "bonus"), _negated=True), ("amount_fen", None), ("pool", None)),
                            _connector="OR",
                        ),
                        name="consequence_bonus_has_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "proposed"),
                            models.Q(
                                ("approved_by__isnull", False),
                                models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="consequence_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "effective"), _negated=True),
                            ("effective_on__isnull", False),
                            _connector="OR",
                        ),
                        name="consequence_has_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(verbose_name="from")),
                ("factor_bp", models.PositiveIntegerField(verbose_name="factor (bp)")),
                ("notice", models.CharField(max_length=120, verbose_name="notice")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="factors",
                        to="organisation.post",
                        verbose_name="post",
                    ),
                ),
            ],
            options={
                "verbose_name": "post factor",
                "verbose_name_plural": "post factors",
                "ordering": ["post", "-from_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("post", "from_on"), name="post_factor_once"),
                    models.CheckConstraint(
                        condition=models.Q(("factor_bp__gt", 0), ("factor_bp__lte", 100000)), name="post_factor_range"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("incident", models.TextField(blank=True, verbose_name="incident")),
                ("at", models.DateTimeField(verbose_name="given at")),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="appraisal.criterion",
                        verbose_name="criterion",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="appraisal.ratingtask",
                        verbose_name="rating task",
                    ),
                ),
            ],
            options={
                "verbose_name": "rating",
                "verbose_name_plural": "ratings",
                "ordering": ["task", "criterion"],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "criterion"), name="rating_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 5)), name="rating_level"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level__gte", 2), ("level__lte", 4)),
                            models.Q(("incident", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="rating_has_incident",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CareerPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("goal", models.TextField(verbose_name="career goal")),
                ("steps", models.TextField(verbose_name="agreed steps")),
                ("review_on", models.DateField(verbose_name="looked at again on")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "appraisal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="careers",
                        to="appraisal.appraisal",
                        verbose_name="appraisal",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="careers",
                        to="organisation.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.post",
                        verbose_name="post aimed at",
                    ),
                ),
            ],
            options={
                "verbose_name": "career plan",
                "verbose_name_plural": "career plans",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("goal", ""), _negated=True), models.Q(("steps", ""), _negated=True)
                        ),
                        name="career_plan_says_what",
                    )
                ],
            },
        ),
    ]
