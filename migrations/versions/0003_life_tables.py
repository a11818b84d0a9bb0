"""Life tables that survival is measured against"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "life_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("cells BETWEEN 1 AND 1000000", name=op.f("ck_life_table_cells")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_life_table")),
        sa.UniqueConstraint("name", name=op.f("uq_life_table_name")),
    )
    op.create_table(
        "mortality_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("life_table_id", sa.Integer(), nullable=False),
        sa.Column("sex", sa.String(length=24), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("hazard", sa.Float(), nullable=False),
        sa.CheckConstraint("sex IN ('1', '2', '0', '9')", name=op.f("ck_mortality_rate_sex")),
        sa.CheckConstraint("age BETWEEN 0 AND 130", name=op.f("ck_mortality_rate_age")),
        sa.CheckConstraint("year BETWEEN 1800 AND 2200", name=op.f("ck_mortality_rate_year")),
        sa.CheckConstraint("hazard BETWEEN 0 AND 1", name=op.f("ck_mortality_rate_hazard")),
        sa.ForeignKeyConstraint(
            ["life_table_id"], ["life_table.id"], name=op.f("fk_mortality_rate_life_table_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mortality_rate")),
        sa.UniqueConstraint(
            "life_table_id",
            "sex",
            "age",
            "year",
            name=op.f("uq_mortality_rate_life_table_id_sex_age_year"),
        ),
    )


def downgrade() -> None:
    op.drop_table("mortality_rate")
    op.drop_table("life_table")
