# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""In the street: voices beside conversations, sheets of paper, texts of consent of a guide."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError
from django.db.models.functions import Length

LONGEST_BEFORE = 20  # signs of the name of a text of consent


def refuse(apps: Any, _editor: Any) -> None:
    """Back only where nothing is lost: voices, sheets and longer names have no place before."""
    kept = {name: apps.get_model("journey", name).objects for name in ("Recording", "Sheet")}
    consents = apps.get_model("journey", "Consent").objects
    long = consents.annotate(signs=Length("text_version")).filter(signs__gt=LONGEST_BEFORE)
    lost = {
        "recordings / opnamen": kept["Recording"].count(),
        "sheets of paper / bladen": kept["Sheet"].count(),
        "consents / toestemmingen": long.count(),
    }
    if any(lost.values()):
        counts = ", ".join(f"{count} {name}" for name, count in lost.items() if count)
        raise IrreversibleError(
            f"journey 0009 cannot go back without losing {counts}. Nothing was changed by it; "
            "restore a backup from before it instead. / Terug achter journey 0009 kan niet zonder "
            f"verlies: {counts}. Dit veranderde niets; zet een reservekopie van daarvoor terug."
        )


class Migration(migrations.Migration):
    """Made by makemigrations from the models."""

    dependencies: ClassVar[list[Any]] = [
        ("journey", "0008_answers_of_the_neighbourhood"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("note", "We write down what you say"),
                    ("quote", "Your words may stand in the plan"),
                    ("public", "Your words may stand on a public page"),
                    ("photo", "We keep your photo"),
                    ("audio", "We record your voice"),
                    ("again", "We may come to you again"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="text_version",
            field=models.CharField(max_length=80),
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("media_type", models.CharField(max_length=20)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recordings",
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
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("code", models.CharField(editable=False, max_length=64, unique=True)),
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
        migrations.RunPython(migrations.RunPython.noop, refuse),
    ]
