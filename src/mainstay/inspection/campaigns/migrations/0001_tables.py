"""The tables, as the migrations up to 0005_rounds made them one after the other."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("campaigns", "0001_initial"),
        ("campaigns", "0003_alter_answer_options_alter_target_options_and_more"),
        ("campaigns", "0004_alter_campaign_state"),
        ("campaigns", "0005_rounds"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("checklists", "0001_tables"),
        ("evidence", "0001_initial"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=80, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("vault", "cash vaults"),
                            ("household", "household checks"),
                            ("room", "machine-room patrols"),
                        ],
                        default="vault",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="code")),
                ("basis_title", models.CharField(blank=True, max_length=200, verbose_name="basis")),
                ("basis_number", models.CharField(blank=True, max_length=60, verbose_name="number of the notice")),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(verbose_name="until")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("active", "started"),
                            ("collecting", "being inspected"),
                            ("reviewing", "under review"),
                            ("issued", "bulletin issued"),
                            ("closed", "campaign over"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("min_inspectors", models.PositiveSmallIntegerField(default=2, verbose_name="inspectors who sign")),
                ("companion_needed", models.BooleanField(default=True, verbose_name="somebody of the unit signs too")),
                ("activated_at", models.DateTimeField(blank=True, null=True, verbose_name="started since")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="ended since")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="lead organiser",
                    ),
                ),
                (
                    "versions",
                    models.ManyToManyField(
                        related_name="campaigns", to="checklists.checklistversion", verbose_name="checklists"
                    ),
                ),
                (
                    "round_on",
                    models.DateField(db_index=True, editable=False, null=True, verbose_name="round of a patrol"),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
                "ordering": ["-from_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("from_on"))), name="campaign_until_after_from"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name of the group")),
                ("area", models.CharField(blank=True, max_length=120, verbose_name="area of the group")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="groups", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "verbose_name": "inspection group",
                "verbose_name_plural": "inspection groups",
                "ordering": ["campaign", "code"],
                "constraints": [models.UniqueConstraint(fields=("campaign", "code"), name="inspection_group_once")],
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("leads", models.BooleanField(default=False, verbose_name="leads the group")),
                ("duty", models.CharField(blank=True, max_length=120, verbose_name="share of the work")),
                ("sections", models.JSONField(blank=True, default=list, verbose_name="parts of the checklists")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="sent by",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="campaigns.inspectiongroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "member of a group",
                "verbose_name_plural": "members of groups",
                "ordering": ["group", "-leads", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("group", "person"), name="group_member_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("leads", True)), fields=("group",), name="group_one_leader"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("first", models.PositiveIntegerField(verbose_name="first number")),
                ("last", models.PositiveIntegerField(verbose_name="last number")),
                ("device", models.CharField(max_length=40, verbose_name="device")),
                ("leased_at", models.DateTimeField(verbose_name="lent at")),
                ("expires_at", models.DateTimeField(verbose_name="numbers valid until")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="taken back at")),
                ("unused", models.JSONField(default=list, verbose_name="numbers not used")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="inspector",
                    ),
                ),
            ],
            options={
                "verbose_name": "block of numbers",
                "verbose_name_plural": "blocks of numbers",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "year", "first"), name="number_block_once"),
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="number_block_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organiser",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(default=1)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="organisers", to="campaigns.campaign"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "organiser",
                "verbose_name_plural": "organisers",
                "ordering": ["campaign", "order", "id"],
                "constraints": [models.UniqueConstraint(fields=("campaign", "unit"), name="organiser_once")],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("vault", "cash vaults"),
                            ("household", "household checks"),
                            ("room", "machine-room patrols"),
                        ],
                        default="vault",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="what it is")),
                (
                    "klass",
                    models.CharField(
                        choices=[
                            ("city", "city"),
                            ("county", "county"),
                            ("rural", "rural"),
                            ("resident", "resident"),
                            ("business", "business customer"),
                            ("room", "machine room"),
                        ],
                        default="city",
                        max_length=10,
                        verbose_name="class",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("block", models.CharField(blank=True, max_length=60, verbose_name="block")),
                ("stair", models.CharField(blank=True, max_length=20, verbose_name="stair")),
                ("room", models.CharField(blank=True, max_length=20, verbose_name="room")),
                (
                    "account_no",
                    models.CharField(blank=True, db_index=True, max_length=24, verbose_name="customer account"),
                ),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="contact")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                ("lat_e6", models.IntegerField(blank=True, null=True, verbose_name="latitude (1/1000000)")),
                ("lng_e6", models.IntegerField(blank=True, null=True, verbose_name="longitude (1/1000000)")),
                ("qr", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="QR label")),
                ("attributes", models.JSONField(blank=True, default=dict, verbose_name="attributes")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="owning unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "inspection target",
                "verbose_name_plural": "inspection targets",
                "ordering": ["code"],
                "indexes": [models.Index(fields=["kind", "unit", "block", "stair", "code"], name="target_place")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "klass",
                    models.CharField(
                        choices=[
                            ("city", "city"),
                            ("county", "county"),
                            ("rural", "rural"),
                            ("resident", "resident"),
                            ("business", "business customer"),
                            ("room", "machine room"),
                        ],
                        max_length=10,
                        verbose_name="class",
                    ),
                ),
                ("block", models.CharField(blank=True, max_length=60, verbose_name="block")),
                ("stair", models.CharField(blank=True, max_length=20, verbose_name="stair")),
                ("due_on", models.DateField(null=True, verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "not visited"),
                            ("visited", "begun"),
                            ("unreachable", "nobody there"),
                            ("refused", "refused entry"),
                            ("done", "inspected"),
                            ("exempt", "exempt"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("late", models.BooleanField(default=False, verbose_name="joined late")),
                ("revision", models.PositiveIntegerField(default=0)),
                ("visits", models.PositiveSmallIntegerField(default=0, verbose_name="visits")),
                ("reached_on", models.DateField(null=True, verbose_name="reached on")),
                ("inspected_on", models.DateField(null=True, verbose_name="inspected on")),
                ("exempt_reason", models.CharField(blank=True, max_length=200, verbose_name="reason of the exemption")),
                (
                    "exempt_by",
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
                        verbose_name="owning unit",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="campaigns.inspectiongroup",
                        verbose_name="group",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="campaigns.target",
                        verbose_name="inspection target",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
                "ordering": ["campaign", "block", "stair", "target_id"],
                "indexes": [
                    models.Index(fields=["campaign", "block", "stair", "target"], name="assignment_place"),
                    models.Index(fields=["campaign", "state", "due_on"], name="assignment_state"),
                    models.Index(fields=["group", "state"], name="assignment_group"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "target"), name="assignment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("inspected_on", None), ("state", "done"), _connector="OR"),
                        name="assignment_inspected_is_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "exempt"), _negated=True),
                            models.Q(("exempt_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="assignment_exempt_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.UUIDField(unique=True)),
                ("record", models.UUIDField(db_index=True)),
                ("edition", models.PositiveSmallIntegerField(default=1, verbose_name="edition")),
                ("current", models.BooleanField(default=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("done", "inspected"),
                            ("partial", "begun"),
                            ("nobody_home", "nobody there"),
                            ("refused", "refused entry"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "submitted"),
                            ("confirmed", "confirmed by the leader"),
                            ("locked", "locked"),
                            ("superseded", "replaced by an edit"),
                        ],
                        default="submitted",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("arrived_at", models.DateTimeField(verbose_name="arrived at")),
                ("left_at", models.DateTimeField(verbose_name="left at")),
                ("received_at", models.DateTimeField(auto_now_add=True, verbose_name="received at")),
                ("device", models.CharField(blank=True, max_length=40, verbose_name="device")),
                ("lat_e6", models.IntegerField(null=True)),
                ("lng_e6", models.IntegerField(null=True)),
                ("accuracy_m", models.PositiveIntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="opinion")),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("body", models.JSONField()),
                ("passed", models.PositiveSmallIntegerField(default=0, verbose_name="items right")),
                ("failed", models.PositiveSmallIntegerField(default=0, verbose_name="items wrong")),
                ("score_bp", models.PositiveSmallIntegerField(null=True, verbose_name="score (1/100 %)")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed at")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="campaigns.assignment",
                        verbose_name="assignment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("scanned", models.BooleanField(default=False, verbose_name="opened by its label")),
            ],
            options={
                "verbose_name": "inspection record",
                "verbose_name_plural": "inspection records",
                "ordering": ["-arrived_at", "-id"],
                "indexes": [models.Index(fields=["assignment", "current", "arrived_at"], name="inspection_of_target")],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "edition"), name="inspection_edition_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("current", True)), fields=("record",), name="inspection_one_current"
                    ),
                    models.UniqueConstraint(fields=("assignment", "revision"), name="inspection_revision_once"),
                    models.CheckConstraint(
                        condition=models.Q(("left_at__gte", models.F("arrived_at"))),
                        name="inspection_left_after_arrived",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("pass", "passes"), ("fail", "fails"), ("na", "does not apply"), ("", "not answered")],
                        max_length=4,
                        verbose_name="result",
                    ),
                ),
                ("value", models.JSONField(default=dict)),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="finding")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="checklists.checklistitem",
                        verbose_name="item",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="campaigns.inspection"
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to an item",
                "verbose_name_plural": "answers to items",
                "ordering": ["inspection", "item__section__order", "item__order", "id"],
                "constraints": [models.UniqueConstraint(fields=("inspection", "item"), name="answer_once")],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item_code", models.CharField(blank=True, max_length=24, verbose_name="item")),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("taken_at", models.DateTimeField(null=True, verbose_name="taken at")),
                ("lat_e6", models.IntegerField(null=True)),
                ("lng_e6", models.IntegerField(null=True)),
                ("is_signature", models.BooleanField(default=False)),
                (
                    "attachment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.attachment",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="campaigns.inspection"
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["inspection", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "digest", "item_code"), name="photo_of_item_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("inspector", "inspector"),
                            ("companion", "accompanying person"),
                            ("witness", "witness"),
                        ],
                        max_length=10,
                        verbose_name="as",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("refused", models.BooleanField(default=False, verbose_name="refused to sign")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="campaigns.inspection",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "ordering": ["inspection", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "role", "name"), name="signature_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refused", False), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="signature_refusal_has_reason",
                    ),
                ],
            },
        ),
    ]
