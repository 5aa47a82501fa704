# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words of vocabularies; matches, agreements and their lines, things that go from hand to hand."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wijkeconomie.web.journey.sealed


class Migration(migrations.Migration):
    """The rest of the kernel."""

    dependencies: ClassVar[list[Any]] = [
        ("accounts", "0010_working_roles"),
        ("acting", "0003_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(max_length=20)),
                ("title", wijkeconomie.web.journey.sealed.SealedText(max_length=120)),
                ("state", models.CharField(max_length=12)),
                ("signed_on", models.DateField(null=True)),
                ("first", models.DateField(null=True)),
                ("last", models.DateField(null=True)),
                ("more", wijkeconomie.web.journey.sealed.SealedJSON(default=dict)),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Involvement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(max_length=12)),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=120)),
                ("state", models.CharField(max_length=12)),
                ("more", wijkeconomie.web.journey.sealed.SealedJSON(default=dict)),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("text", wijkeconomie.web.journey.sealed.SealedText(max_length=300)),
                ("due", models.DateField(null=True)),
                ("state", models.CharField(default="open", max_length=12)),
                ("kept_on", models.DateField(null=True)),
                ("more", wijkeconomie.web.journey.sealed.SealedJSON(default=dict)),
            ],
            options={
                "ordering": ("due", "made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=12)),
                ("more", wijkeconomie.web.journey.sealed.SealedJSON(default=dict)),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("occupation", "ESCO"),
                            ("skill", "ESCO"),
                            ("sbi", "SBI"),
                            ("cpv", "CPV"),
                            ("trade", "Trades of this municipality"),
                        ],
                        max_length=12,
                    ),
                ),
                ("code", models.CharField(max_length=120)),
                ("nl", models.CharField(max_length=300)),
                ("en", models.CharField(blank=True, max_length=300)),
                ("also", models.TextField(blank=True)),
                ("broader", models.CharField(blank=True, max_length=120)),
                ("version", models.CharField(max_length=20)),
                ("gone", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "ordering": ("scheme", "code"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="step",
            name="step_of_one_thing",
        ),
        migrations.AddField(
            model_name="listing",
            name="party",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="listings",
                to="acting.party",
            ),
        ),
        migrations.AddField(
            model_name="listing",
            name="within",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inside",
                to="acting.listing",
            ),
        ),
        migrations.AddField(
            model_name="place",
            name="bag",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name="place",
            name="lat",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="place",
            name="lon",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="agreement",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreements",
                to="acting.case",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="listing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreements",
                to="acting.listing",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="municipality",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="accounts.municipality",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="agreement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="acting.agreement",
            ),
        ),
        migrations.AddField(
            model_name="involvement",
            name="listing",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="involvements",
                to="acting.listing",
            ),
        ),
        migrations.AddField(
            model_name="involvement",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="involvement",
            name="municipality",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="accounts.municipality",
            ),
        ),
        migrations.AddField(
            model_name="involvement",
            name="party",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="involvements",
                to="acting.party",
            ),
        ),
        migrations.AddField(
            model_name="involvement",
            name="place",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="involvements",
                to="acting.place",
            ),
        ),
        migrations.AddField(
            model_name="involvement",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="listing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="acting.listing",
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="municipality",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="accounts.municipality",
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="party",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="items",
                to="acting.party",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="item",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="acting.item",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="agreement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="acting.agreement",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="acting.case",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="municipality",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="accounts.municipality",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="party",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="lines",
                to="acting.party",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="acting.line",
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="matches",
                to="acting.case",
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="listing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="matches",
                to="acting.listing",
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="municipality",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="accounts.municipality",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="match",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="acting.match",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("agreement__isnull", True),
                        ("booking__isnull", True),
                        ("case__isnull", True),
                        ("item__isnull", True),
                        ("line__isnull", True),
                        ("listing__isnull", False),
                        ("match__isnull", True),
                    ),
                    models.Q(
                        ("agreement__isnull", True),
                        ("booking__isnull", True),
                        ("case__isnull", False),
                        ("item__isnull", True),
                        ("line__isnull", True),
                        ("listing__isnull", True),
                        ("match__isnull", True),
                    ),
                    models.Q(
                        ("agreement__isnull", True),
                        ("booking__isnull", False),
                        ("case__isnull", True),
                        ("item__isnull", True),
                        ("line__isnull", True),
                        ("listing__isnull", True),
                        ("match__isnull", True),
                    ),
                    models.Q(
                        ("agreement__isnull", True),
                        ("booking__isnull", True),
                        ("case__isnull", True),
                        ("item__isnull", True),
                        ("line__isnull", True),
                        ("listing__isnull", True),
                        ("match__isnull", False),
                    ),
                    models.Q(
                        ("agreement__isnull", False),
                        ("booking__isnull", True),
                        ("case__isnull", True),
                        ("item__isnull", True),
                        ("line__isnull", True),
                        ("listing__isnull", True),
                        ("match__isnull", True),
                    ),
                    models.Q(
                        ("agreement__isnull", True),
                        ("booking__isnull", True),
                        ("case__isnull", True),
                        ("item__isnull", True),
                        ("line__isnull", False),
                        ("listing__isnull", True),
                        ("match__isnull", True),
                    ),
                    models.Q(
                        ("agreement__isnull", True),
                        ("booking__isnull", True),
                        ("case__isnull", True),
                        ("item__isnull", False),
                        ("line__isnull", True),
                        ("listing__isnull", True),
                        ("match__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="step_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.UniqueConstraint(fields=("scheme", "code"), name="term_once"),
        ),
        migrations.AddField(
            model_name="case",
            name="terms",
            field=models.ManyToManyField(blank=True, related_name="cases", to="acting.term"),
        ),
        migrations.AddField(
            model_name="listing",
            name="terms",
            field=models.ManyToManyField(blank=True, related_name="listings", to="acting.term"),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first", None),
                    ("last", None),
                    ("last__gte", models.F("first")),
                    _connector="OR",
                ),
                name="agreement_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="involvement",
            constraint=models.CheckConstraint(
                condition=models.Q(("place", None), ("listing", None), _connector="OR"),
                name="involvement_in_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreement", None), ("case__isnull", False)),
                    models.Q(("agreement__isnull", False), ("case", None)),
                    _connector="OR",
                ),
                name="line_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kept_on__isnull", False), ("state", "kept")),
                    models.Q(models.Q(("state", "kept"), _negated=True), ("kept_on", None)),
                    _connector="OR",
                ),
                name="line_kept_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(fields=("case", "listing"), name="match_once"),
        ),
    ]
