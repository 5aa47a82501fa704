# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A piece is sold once, and makers are seen and heard."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import wijkeconomie.web.journey.sealed


def sold(apps: Any, _schema: BaseDatabaseSchemaEditor) -> None:
    """Each sale knows its piece, which until now stood sealed in it alone."""
    pieces = dict(apps.get_model("acting", "Item").objects.filter(kind="piece")
                  .values_list("name", "pk"))  # fmt: skip
    for one in apps.get_model("acting", "Agreement").objects.filter(kind="sale"):
        one.item_id = pieces.get(one.more.get("piece"))
        one.save(update_fields=("item",))


class Migration(migrations.Migration):
    """Made by makemigrations from the models, and which piece each sale was of."""

    dependencies: ClassVar[list[Any]] = [
        ("accounts", "0011_replaced"),
        ("acting", "0017_scans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Voice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("words", wijkeconomie.web.journey.sealed.SealedText(max_length=4000)),
                ("media", models.CharField(max_length=12)),
                ("sha256", models.CharField(max_length=64)),
                ("seconds", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="picture",
            name="picture_number_once",
        ),
        migrations.AddField(
            model_name="agreement",
            name="item",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreements",
                to="acting.item",
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pictures",
                to="acting.case",
            ),
        ),
        migrations.RunPython(sold, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "sale"), ("state", "made")),
                fields=("item",),
                name="agreement_sold_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case", None)),
                fields=("listing", "number"),
                name="picture_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.UniqueConstraint(
                fields=("case", "number"), name="picture_of_somebody_once"
            ),
        ),
        migrations.AddField(
            model_name="voice",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="voice", to="acting.case"
            ),
        ),
        migrations.AddField(
            model_name="voice",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="voice",
            name="municipality",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="accounts.municipality",
            ),
        ),
    ]
