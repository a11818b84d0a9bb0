"""Notes on figures of data quality, and queries to a centre"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
COUNTS = ("fine", "judged")


def upgrade() -> None:
    op.create_table(
        "quality_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_key", sa.String(length=60), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        *(
            sa.CheckConstraint(f"{name} BETWEEN 0 AND 2000000000", name=op.f(f"ck_quality_note_{name}"))
            for name in COUNTS
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_quality_note_author_id")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_quality_note_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_note")),
    )
    op.create_index(op.f("ix_quality_note_centre_id"), "quality_note", ["centre_id"])
    op.create_index("ix_quality_note_check_key_centre_id", "quality_note", ["check_key", "centre_id"])
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("examination_id", sa.Integer(), nullable=False),
        sa.Column("check_key", sa.String(length=60), nullable=True),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=8), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("moved_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'answered', 'closed')", name=op.f("ck_inquiry_state")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_inquiry_centre_id")),
        sa.ForeignKeyConstraint(
            ["examination_id", "centre_id"],
            ["examination.id", "examination.centre_id"],
            name=op.f("fk_inquiry_examination_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sa.UniqueConstraint("id", "centre_id", name=op.f("uq_inquiry_id_centre_id")),
    )
    op.create_index(op.f("ix_inquiry_centre_id"), "inquiry", ["centre_id"])
    op.create_index(op.f("ix_inquiry_examination_id"), "inquiry", ["examination_id"])
    op.create_index("ix_inquiry_centre_id_state", "inquiry", ["centre_id", "state"])
    op.create_table(
        "inquiry_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=24), nullable=False),
        sa.Column("said", sa.String(length=1000), nullable=False),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("move IN ('ask', 'answer', 'again', 'close')", name=op.f("ck_inquiry_step_move")),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_inquiry_step_author_id")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_inquiry_step_centre_id")),
        sa.ForeignKeyConstraint(
            ["inquiry_id", "centre_id"],
            ["inquiry.id", "inquiry.centre_id"],
            name=op.f("fk_inquiry_step_inquiry_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_step")),
    )
    op.create_index(op.f("ix_inquiry_step_centre_id"), "inquiry_step", ["centre_id"])
    op.create_index(op.f("ix_inquiry_step_inquiry_id"), "inquiry_step", ["inquiry_id"])


def downgrade() -> None:
    op.drop_table("inquiry_step")
    op.drop_table("inquiry")
    op.drop_table("quality_note")
