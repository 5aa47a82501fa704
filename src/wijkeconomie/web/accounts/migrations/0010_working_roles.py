# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who decides on loans, who coaches, who buys."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Fund committee, coach and procurement officer."""

    dependencies: ClassVar[list[Any]] = [
        ("accounts", "0009_truncate"),
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
                    ("committee", "Fund committee"),
                    ("coach", "Coach"),
                    ("buyer", "Procurement officer"),
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
                    ("committee", "Fund committee"),
                    ("coach", "Coach"),
                    ("buyer", "Procurement officer"),
                    ("partner", "Partner"),
                    ("resident", "Resident with a code"),
                    ("privacy_officer", "Privacy officer"),
                    ("administrator", "Functional administrator"),
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
                            "committee",
                            "coach",
                            "buyer",
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
                            "committee",
                            "coach",
                            "buyer",
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
