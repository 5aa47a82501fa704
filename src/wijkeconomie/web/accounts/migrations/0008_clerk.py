# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who works at a contact point; answering what somebody asks is an activity of the log."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Made by makemigrations from the models."""

    dependencies: ClassVar[list[Any]] = [
        ("accounts", "0007_cleaning"),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.RemoveConstraint(
            model_name="invitation",
            name="invitation_role",
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_role",
        ),
        migrations.AlterField(
            model_name="invitation",
            name="role",
            field=models.CharField(
                choices=[
                    ("field_worker", "Field worker"),
                    ("coder", "Coder"),
                    ("planner", "Planner"),
                    ("area_manager", "Area manager"),
                    ("clerk", "Contact point clerk"),
                    ("partner", "Partner"),
                    ("resident", "Resident with a code"),
                    ("privacy_officer", "Privacy officer"),
                    ("administrator", "Functional administrator"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("field_worker", "Field worker"),
                    ("coder", "Coder"),
                    ("planner", "Planner"),
                    ("area_manager", "Area manager"),
                    ("clerk", "Contact point clerk"),
                    ("partner", "Partner"),
                    ("resident", "Resident with a code"),
                    ("privacy_officer", "Privacy officer"),
                    ("administrator", "Functional administrator"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="processingline",
            name="activity",
            field=models.CharField(
                choices=[
                    ("people", "Managing who works here and in which role"),
                    ("oversight", "Supervising who saw and did what"),
                    ("exchange", "Taking coded conversations along to another program"),
                    ("reading", "Reading what somebody told"),
                    ("card", "Seeing the code on somebody’s card"),
                    ("case", "Answering what somebody asks"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "field_worker",
                            "coder",
                            "planner",
                            "area_manager",
                            "clerk",
                            "partner",
                            "privacy_officer",
                            "administrator",
                        ],
                    )
                ),
                name="invitation_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "field_worker",
                            "coder",
                            "planner",
                            "area_manager",
                            "clerk",
                            "partner",
                            "privacy_officer",
                            "administrator",
                        ],
                    )
                ),
                name="membership_role",
            ),
        ),
    ]
