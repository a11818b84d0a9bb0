"""Releases: what has left for readers of aggregates"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("smallest", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 1000", name=op.f("ck_release_number")),
        sa.CheckConstraint("smallest BETWEEN 3 AND 1000", name=op.f("ck_release_smallest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("subject", "number", name=op.f("uq_release_subject_number")),
    )
    op.create_table(
        "counted_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("edition", sa.String(length=80), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_counted_table_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_table")),
        sa.UniqueConstraint("release_id", "name", name=op.f("uq_counted_table_release_id_name")),
    )
    op.create_table(
        "released_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counted_table_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("signs", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("shown BETWEEN 0 AND 2000000000", name=op.f("ck_released_part_shown")),
        sa.CheckConstraint("hidden BETWEEN 0 AND 2000000000", name=op.f("ck_released_part_hidden")),
        sa.ForeignKeyConstraint(
            ["counted_table_id"], ["counted_table.id"], name=op.f("fk_released_part_counted_table_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_part")),
        sa.UniqueConstraint("counted_table_id", "part", name=op.f("uq_released_part_counted_table_id_part")),
    )


def downgrade() -> None:
    op.drop_table("released_part")
    op.drop_table("counted_table")
    op.drop_table("release")
