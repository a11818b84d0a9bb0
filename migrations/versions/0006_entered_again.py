"""Samples that are entered again, and what endoscopists are asked to look at"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
KINDS = "'six_minutes', 'normal_run_upper', 'normal_run_colon', 'same_words', 'late_entry'"


def upgrade() -> None:
    op.create_table(
        "reabstraction_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_reabstraction_sample_share")),
        *(
            sa.CheckConstraint(f"{name} BETWEEN 0 AND 2000000", name=op.f(f"ck_reabstraction_sample_{name}"))
            for name in ("least", "population", "size")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_reabstraction_sample_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reabstraction_sample")),
        sa.UniqueConstraint("id", "centre_id", name=op.f("uq_reabstraction_sample_id_centre_id")),
        sa.UniqueConstraint("month", "centre_id", name=op.f("uq_reabstraction_sample_month_centre_id")),
    )
    op.create_index(op.f("ix_reabstraction_sample_centre_id"), "reabstraction_sample", ["centre_id"])
    op.create_table(
        "reabstraction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reabstraction_sample_id", sa.Integer(), nullable=False),
        sa.Column("examination_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(), nullable=True),
        sa.Column("papers_missing", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 2000000", name=op.f("ck_reabstraction_place")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_reabstraction_centre_id")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_reabstraction_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["examination_id"], ["examination.id"], name=op.f("fk_reabstraction_examination_id")
        ),
        sa.ForeignKeyConstraint(
            ["reabstraction_sample_id", "centre_id"],
            ["reabstraction_sample.id", "reabstraction_sample.centre_id"],
            name=op.f("fk_reabstraction_reabstraction_sample_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reabstraction")),
        sa.UniqueConstraint("id", "centre_id", name=op.f("uq_reabstraction_id_centre_id")),
        sa.UniqueConstraint(
            "reabstraction_sample_id",
            "examination_id",
            name=op.f("uq_reabstraction_reabstraction_sample_id_examination_id"),
        ),
    )
    for column in ("centre_id", "examination_id", "reabstraction_sample_id"):
        op.create_index(op.f(f"ix_reabstraction_{column}"), "reabstraction", [column])
    op.create_table(
        "reabstracted_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reabstraction_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("first", sa.String(length=40), nullable=True),
        sa.Column("second", sa.String(length=40), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_reabstracted_field_centre_id")),
        sa.ForeignKeyConstraint(
            ["reabstraction_id", "centre_id"],
            ["reabstraction.id", "reabstraction.centre_id"],
            name=op.f("fk_reabstracted_field_reabstraction_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reabstracted_field")),
        sa.UniqueConstraint(
            "reabstraction_id", "field", name=op.f("uq_reabstracted_field_reabstraction_id_field")
        ),
    )
    for column in ("centre_id", "reabstraction_id"):
        op.create_index(op.f(f"ix_reabstracted_field_{column}"), "reabstracted_field", [column])
    op.create_table(
        "integrity_signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("p", sa.Float(), nullable=False),
        sa.Column("said_zh", sa.String(length=1000), nullable=False),
        sa.Column("said_en", sa.String(length=1000), nullable=False),
        sa.Column("mark", sa.String(length=120), nullable=False),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=True),
        sa.Column("commented_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_integrity_signal_kind")),
        *(
            sa.CheckConstraint(f"{name} BETWEEN 0 AND 2000000000", name=op.f(f"ck_integrity_signal_{name}"))
            for name in ("counted", "known")
        ),
        sa.CheckConstraint("p BETWEEN 0 AND 1", name=op.f("ck_integrity_signal_p")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_integrity_signal_centre_id")),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["user_account.id"], name=op.f("fk_integrity_signal_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrity_signal")),
        sa.UniqueConstraint("mark", name=op.f("uq_integrity_signal_mark")),
    )
    op.create_index(op.f("ix_integrity_signal_centre_id"), "integrity_signal", ["centre_id"])
    op.create_index(
        op.f("ix_integrity_signal_operator_id_last_on"), "integrity_signal", ["operator_id", "last_on"]
    )


def downgrade() -> None:
    op.drop_table("integrity_signal")
    op.drop_table("reabstracted_field")
    op.drop_table("reabstraction")
    op.drop_table("reabstraction_sample")
