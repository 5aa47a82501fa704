# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The kernel of what is at work: parties, places, listings, cases."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wijkeconomie.web.journey.sealed


class Migration(migrations.Migration):
    """Made by makemigrations from the models."""

    initial = True

    dependencies: ClassVar[list[Any]] = [
        ("accounts", "0008_clerk"),
        ("journey", "0020_answers_changed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(max_length=20)),
                ("area", models.CharField(max_length=10)),
                ("title", models.CharField(max_length=120)),
                ("story", models.TextField(blank=True, max_length=2000)),
                ("state", models.CharField(max_length=12)),
                ("more", models.JSONField(default=dict)),
                (
                    "effort",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="listings",
                        to="journey.effort",
                    ),
                ),
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
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Party",
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
                            ("person", "A person"),
                            ("organisation", "A firm or an organisation"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", wijkeconomie.web.journey.sealed.SealedText(max_length=120)),
                ("email", wijkeconomie.web.journey.sealed.SealedText(blank=True, max_length=254)),
                ("phone", wijkeconomie.web.journey.sealed.SealedText(blank=True, max_length=40)),
                ("language", models.CharField(default="nl", max_length=8)),
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
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(max_length=20)),
                ("about", models.CharField(max_length=20)),
                ("text", wijkeconomie.web.journey.sealed.SealedText(blank=True, max_length=4000)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web"),
                            ("phone", "Telephone"),
                            ("counter", "At the counter"),
                            ("visit", "On a visit"),
                        ],
                        max_length=8,
                    ),
                ),
                ("promised", models.DateField()),
                ("due", models.DateField()),
                ("state", models.CharField(max_length=12)),
                ("first_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("sent", models.CharField(max_length=64)),
                ("more", wijkeconomie.web.journey.sealed.SealedJSON(default=dict)),
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
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.municipality",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="acting.listing",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to="acting.party",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("area", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=120)),
                ("address", models.CharField(blank=True, max_length=200)),
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
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="listing",
            name="place",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="listings",
                to="acting.place",
            ),
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("was", models.CharField(max_length=12)),
                ("state", models.CharField(max_length=12)),
                ("reason", wijkeconomie.web.journey.sealed.SealedText(blank=True, max_length=300)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="acting.case",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="acting.listing",
                    ),
                ),
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
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "way",
                    models.CharField(choices=[("in", "to us"), ("out", "from us")], max_length=3),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web"),
                            ("phone", "Telephone"),
                            ("counter", "At the counter"),
                            ("visit", "On a visit"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", wijkeconomie.web.journey.sealed.SealedText(max_length=4000)),
                ("answer", models.BooleanField(default=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="acting.case",
                    ),
                ),
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
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer", False), ("way", "out"), _connector="OR"),
                        name="contact_answers_from_us",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["person", "organisation"])), name="party_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["listing", "state", "due"], name="case_of_listing"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None), ("first_at__isnull", False), _connector="OR"
                ),
                name="case_closed_with_an_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("due__gte", models.F("promised"))),
                name="case_due_as_promised_or_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case__isnull", False), ("listing", None)),
                    models.Q(("case", None), ("listing__isnull", False)),
                    _connector="OR",
                ),
                name="step_of_one_thing",
            ),
        ),
    ]
