# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journeys: givers, conversations, themes, findings, opgaven, efforts, plans."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Made by makemigrations from the models."""

    initial = True

    dependencies: ClassVar[list[Any]] = [
        ("accounts", "0004_retention"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Effort",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("title", models.CharField(max_length=160)),
                ("instrument", models.CharField(max_length=40)),
                (
                    "perspective",
                    models.CharField(
                        choices=[
                            ("entrepreneurship", "Ondernemerschap"),
                            ("space", "Ruimte om te werken"),
                            ("work", "Werk"),
                            ("cohesion", "Samenhang"),
                        ],
                        max_length=16,
                    ),
                ),
                ("cost_low", models.PositiveBigIntegerField()),
                ("cost_likely", models.PositiveBigIntegerField()),
                ("cost_high", models.PositiveBigIntegerField()),
                ("hours", models.PositiveIntegerField(default=0)),
                ("space", models.PositiveIntegerField(default=0)),
                ("value", models.PositiveSmallIntegerField(default=3)),
                ("must", models.BooleanField(default=False)),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("open", "Not decided"),
                            ("chosen", "Chosen"),
                            ("not", "Not chosen"),
                        ],
                        default="open",
                        max_length=6,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Aim",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "contribution",
                    models.CharField(
                        choices=[("large", "Large"), ("moderate", "Moderate"), ("small", "Small")],
                        default="moderate",
                        max_length=8,
                    ),
                ),
                ("assumption", models.CharField(max_length=300)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "effort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aims",
                        to="journey.effort",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("release", models.CharField(max_length=40)),
                ("area", models.CharField(max_length=10)),
                ("indicator", models.CharField(max_length=60)),
                ("year", models.PositiveSmallIntegerField()),
                ("value", models.FloatField()),
                ("unit", models.CharField(max_length=40)),
                ("gap", models.JSONField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("claim", models.CharField(max_length=300)),
                (
                    "perspective",
                    models.CharField(
                        choices=[
                            ("entrepreneurship", "Ondernemerschap"),
                            ("space", "Ruimte om te werken"),
                            ("work", "Werk"),
                            ("cohesion", "Samenhang"),
                        ],
                        max_length=16,
                    ),
                ),
                ("contrary", models.TextField(blank=True, max_length=1000)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirms", "Words and figures agree"),
                            ("qualifies", "The figures qualify the words"),
                            ("contradicts", "Words and figures contradict each other"),
                            ("only_words", "Only words"),
                            ("only_figures", "Only figures"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        choices=[("strong", "Strong"), ("fair", "Fair"), ("weak", "Weak")],
                        default="fair",
                        max_length=6,
                    ),
                ),
                (
                    "became",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed",
                        to="journey.finding",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("sentence", models.CharField(max_length=300)),
                ("target", models.FloatField(blank=True, null=True)),
                ("sign", models.CharField(blank=True, max_length=300)),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "baseline",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goals",
                        to="journey.figure",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="effort",
            name="goals",
            field=models.ManyToManyField(
                related_name="efforts", through="journey.Aim", to="journey.goal"
            ),
        ),
        migrations.AddField(
            model_name="aim",
            name="goal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="aims", to="journey.goal"
            ),
        ),
        migrations.CreateModel(
            name="Journey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("assignment", models.TextField(blank=True, max_length=2000)),
                ("area", models.CharField(max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "Preparing"),
                            ("exploring", "Exploring"),
                            ("sense", "Making sense"),
                            ("planning", "Planning"),
                            ("acting", "Doing"),
                            ("closed", "Closed"),
                        ],
                        default="exploring",
                        max_length=10,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="journeys",
                        to="accounts.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ("-starts_on", "name"),
            },
        ),
        migrations.CreateModel(
            name="Ground",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "contribution",
                    models.CharField(
                        choices=[("large", "Large"), ("moderate", "Moderate"), ("small", "Small")],
                        default="moderate",
                        max_length=8,
                    ),
                ),
                ("assumption", models.CharField(max_length=300)),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grounds",
                        to="journey.finding",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="goal",
            name="journey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="journey.journey",
            ),
        ),
        migrations.CreateModel(
            name="Giver",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("pseudonym", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("resident", "Resident"),
                            ("entrepreneur", "Entrepreneur"),
                            ("school", "School"),
                            ("housing", "Housing corporation"),
                            ("association", "Association"),
                            ("professional", "Professional"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "age",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("0-24", "Under 25"),
                            ("25-44", "25 to 44"),
                            ("45-64", "45 to 64"),
                            ("65+", "65 or older"),
                        ],
                        max_length=6,
                    ),
                ),
                ("language", models.CharField(default="nl", max_length=8)),
                ("buurt", models.CharField(blank=True, max_length=10)),
                ("card", models.CharField(editable=False, max_length=64, unique=True)),
                ("wants_answer", models.BooleanField(default=True)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="finding",
            name="journey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="journey.journey",
            ),
        ),
        migrations.AddField(
            model_name="figure",
            name="journey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="journey.journey",
            ),
        ),
        migrations.AddField(
            model_name="effort",
            name="journey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="journey.journey",
            ),
        ),
        migrations.CreateModel(
            name="Conversation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("street", "In the street"),
                            ("kitchen", "At the kitchen table"),
                            ("visit", "At a business"),
                            ("session", "Working session"),
                            ("school", "At a school"),
                            ("stand", "At a stand"),
                        ],
                        default="street",
                        max_length=8,
                    ),
                ),
                ("language", models.CharField(default="nl", max_length=8)),
                ("held_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("checked", "Checked for personal data"),
                            ("returned", "Back to the field worker"),
                        ],
                        default="received",
                        max_length=8,
                    ),
                ),
                ("from_paper", models.BooleanField(default=False)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to="journey.giver",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("note", "We write down what you say"),
                            ("quote", "Your words may stand in the plan"),
                            ("public", "Your words may stand on a public page"),
                            ("photo", "We keep your photo"),
                            ("again", "We may come to you again"),
                        ],
                        max_length=8,
                    ),
                ),
                ("given", models.BooleanField()),
                ("text_version", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=8)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("spoken", "Said aloud"),
                            ("ticked", "Ticked by the giver"),
                            ("card", "With the card"),
                        ],
                        max_length=8,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="journey.giver",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("partner", models.CharField(max_length=120)),
                ("what", models.CharField(max_length=300)),
                ("due", models.DateField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "effort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="journey.effort",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("text", models.TextField(max_length=1000)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="journey.giver",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="aim",
            name="journey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="journey.journey",
            ),
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("seen_at", models.DateTimeField()),
                ("place", models.CharField(max_length=120)),
                ("note", models.TextField(max_length=1000)),
                (
                    "perspective",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("entrepreneurship", "Ondernemerschap"),
                            ("space", "Ruimte om te werken"),
                            ("work", "Werk"),
                            ("cohesion", "Samenhang"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Opgave",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("sentence", models.CharField(max_length=300)),
                (
                    "perspective",
                    models.CharField(
                        choices=[
                            ("entrepreneurship", "Ondernemerschap"),
                            ("space", "Ruimte om te werken"),
                            ("work", "Werk"),
                            ("cohesion", "Samenhang"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "findings",
                    models.ManyToManyField(
                        related_name="opgaven", through="journey.Ground", to="journey.finding"
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="ground",
            name="opgave",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grounds",
                to="journey.opgave",
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="opgave",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="goals",
                to="journey.opgave",
            ),
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("title", models.CharField(max_length=160)),
                ("budget", models.PositiveBigIntegerField()),
                ("hours", models.PositiveIntegerField()),
                ("space", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("concept", "Draft"),
                            ("consultation", "Consultation"),
                            ("executive", "With the executive"),
                            ("council", "With the council"),
                            ("adopted", "Adopted"),
                            ("under_way", "Under way"),
                            ("evaluated", "Evaluated"),
                        ],
                        default="concept",
                        max_length=12,
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("words", models.TextField(max_length=2000)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "direction",
                    models.SmallIntegerField(choices=[(-1, "Against"), (0, "Beside"), (1, "For")]),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "figure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="journey.figure",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="journey.finding",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "observation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="journey.observation",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="journey.quote",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("name", models.CharField(max_length=80)),
                ("definition", models.TextField(blank=True, max_length=600)),
                (
                    "perspective",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("entrepreneurship", "Ondernemerschap"),
                            ("space", "Ruimte om te werken"),
                            ("work", "Werk"),
                            ("cohesion", "Samenhang"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "became",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed",
                        to="journey.theme",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="journey.theme",
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Coding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codings",
                        to="journey.quote",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codings",
                        to="journey.theme",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.PositiveIntegerField()),
                (
                    "was",
                    models.CharField(
                        choices=[
                            ("concept", "Draft"),
                            ("consultation", "Consultation"),
                            ("executive", "With the executive"),
                            ("council", "With the council"),
                            ("adopted", "Adopted"),
                            ("under_way", "Under way"),
                            ("evaluated", "Evaluated"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("concept", "Draft"),
                            ("consultation", "Consultation"),
                            ("executive", "With the executive"),
                            ("council", "With the council"),
                            ("adopted", "Adopted"),
                            ("under_way", "Under way"),
                            ("evaluated", "Evaluated"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="journey.plan",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(max_length=20000)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wordings",
                        to="journey.conversation",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="quote",
            name="wording",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="quotes",
                to="journey.wording",
            ),
        ),
        migrations.AddConstraint(
            model_name="journey",
            constraint=models.UniqueConstraint(
                fields=("municipality", "name"), name="journey_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="journey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="journey_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="giver",
            constraint=models.UniqueConstraint(
                fields=("journey", "pseudonym"), name="giver_pseudonym_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("became", models.F("id")), _negated=True),
                name="finding_not_its_own_heir",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.UniqueConstraint(
                fields=("journey", "release", "area", "indicator", "year"), name="figure_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="effort",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cost_low__lte", models.F("cost_likely")),
                    ("cost_likely__lte", models.F("cost_high")),
                ),
                name="effort_costs_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="effort",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 1), ("value__lte", 5)), name="effort_value_1_to_5"
            ),
        ),
        migrations.AddConstraint(
            model_name="effort",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("choice", "not"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="effort_not_chosen_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                fields=("giver", "purpose", "number"), name="consent_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="aim",
            constraint=models.UniqueConstraint(fields=("effort", "goal"), name="aim_once"),
        ),
        migrations.AddConstraint(
            model_name="ground",
            constraint=models.UniqueConstraint(fields=("finding", "opgave"), name="ground_once"),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("baseline__isnull", False), ("target__isnull", False)),
                    models.Q(("sign", ""), _negated=True),
                    _connector="OR",
                ),
                name="goal_can_be_seen",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(fields=("journey",), name="plan_one_a_journey"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("figure", None), ("observation", None), ("quote__isnull", False)),
                    models.Q(("figure", None), ("observation__isnull", False), ("quote", None)),
                    models.Q(("figure__isnull", False), ("observation", None), ("quote", None)),
                    _connector="OR",
                ),
                name="evidence_is_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                fields=("finding", "quote"), name="quote_once_a_finding"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                fields=("finding", "observation"), name="observation_once_a_finding"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                fields=("finding", "figure"), name="figure_once_a_finding"
            ),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.UniqueConstraint(
                condition=models.Q(("became", None)),
                fields=("journey", "name"),
                name="theme_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.CheckConstraint(
                condition=models.Q(("became", models.F("id")), _negated=True),
                name="theme_not_its_own_heir",
            ),
        ),
        migrations.AddConstraint(
            model_name="coding",
            constraint=models.UniqueConstraint(
                fields=("quote", "theme", "made_by"), name="coding_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("plan", "number"), name="version_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="wording",
            constraint=models.UniqueConstraint(
                fields=("conversation", "number"), name="wording_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.UniqueConstraint(
                fields=("wording", "start", "end"), name="quote_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gt", models.F("start"))), name="quote_has_words"
            ),
        ),
    ]
