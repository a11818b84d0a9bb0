"""Alerts, and months as they were reported"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
COUNTS = ("met", "not_met", "awaited", "unknown")


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=80), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("chart", sa.String(length=24), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("said_zh", sa.String(length=1000), nullable=False),
        sa.Column("said_en", sa.String(length=1000), nullable=False),
        sa.Column("mark", sa.String(length=120), nullable=False),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.Column("plan", sa.String(length=2000), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("conclusion", sa.String(length=2000), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("chart IN ('funnel', 'control', 'cusum')", name=op.f("ck_alert_chart")),
        sa.CheckConstraint(
            "outcome IN ('improved', 'records', 'case_mix', 'chance', 'stays')", name=op.f("ck_alert_outcome")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_alert_centre_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["user_account.id"], name=op.f("fk_alert_operator_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_alert_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("mark", name=op.f("uq_alert_mark")),
    )
    op.create_index(op.f("ix_alert_centre_id"), "alert", ["centre_id"])
    op.create_table(
        "closed_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_closed_month_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_month")),
        sa.UniqueConstraint("id", "centre_id", name=op.f("uq_closed_month_id_centre_id")),
        sa.UniqueConstraint("month", "centre_id", name=op.f("uq_closed_month_month_centre_id")),
    )
    op.create_index(op.f("ix_closed_month_centre_id"), "closed_month", ["centre_id"])
    op.create_table(
        "reported_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closed_month_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=80), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        *(
            sa.CheckConstraint(f"{name} BETWEEN 0 AND 2000000000", name=op.f(f"ck_reported_figure_{name}"))
            for name in COUNTS
        ),
        sa.ForeignKeyConstraint(
            ["closed_month_id", "centre_id"],
            ["closed_month.id", "closed_month.centre_id"],
            name=op.f("fk_reported_figure_closed_month_id_centre_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_reported_figure_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_figure")),
        sa.UniqueConstraint(
            "closed_month_id", "indicator", name=op.f("uq_reported_figure_closed_month_id_indicator")
        ),
    )
    op.create_index(op.f("ix_reported_figure_centre_id"), "reported_figure", ["centre_id"])
    op.create_index(op.f("ix_reported_figure_closed_month_id"), "reported_figure", ["closed_month_id"])


def downgrade() -> None:
    op.drop_table("reported_figure")
    op.drop_table("closed_month")
    op.drop_table("alert")
