"""Nobody types twice: mappings, readings of texts, likely doubles, questions, the day's list"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MORPHOLOGY = "morphology IN ('8000/3', '8020/3', '8070/2', '8070/3', '8077/0', '8077/2', '8140/0', '8140/2', '8140/3', '8148/0', '8148/2', '8211/0', '8211/2', '8213/0', '8240/3', '8246/3', '8261/0', '8261/2', '8263/0', '8263/2', '8480/3', '8490/3', '8560/3', '8936/3', '9680/3', '9699/3')"
MORPHOLOGY_NOW = "morphology IN ('8000/3', '8010/3', '8020/3', '8070/2', '8070/3', '8077/0', '8077/2', '8140/0', '8140/2', '8140/3', '8148/0', '8148/2', '8211/0', '8211/2', '8213/0', '8240/3', '8246/3', '8261/0', '8261/2', '8263/0', '8263/2', '8480/3', '8490/3', '8560/3', '8936/3', '9680/3', '9699/3')"
CODES = (  # table, column, its codes before and after
    (
        "lesion",
        "lst",
        "lst IN ('g_h', 'g_nm', 'ng_f', 'ng_pd')",
        "lst IN ('g', 'ng', 'g_h', 'g_nm', 'ng_f', 'ng_pd')",
    ),
    ("result", "morphology", MORPHOLOGY, MORPHOLOGY_NOW),
    ("tumour", "morphology", MORPHOLOGY, MORPHOLOGY_NOW),
)


def allow(table: str, column: str, codes: str) -> None:
    """Let a column hold these codes: its CHECK is another now. Values that do not fit stop the migration."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{column}"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{column}"), codes)


def upgrade() -> None:
    op.create_table(
        "saved_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("version BETWEEN 1 AND 100000", name=op.f("ck_saved_mapping_version")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_saved_mapping_centre_id")),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["user_account.id"], name=op.f("fk_saved_mapping_saved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_mapping")),
        sa.UniqueConstraint(
            "centre_id", "name", "version", name=op.f("uq_saved_mapping_centre_id_name_version")
        ),
    )
    with op.batch_alter_table("saved_mapping", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_mapping_centre_id"), ["centre_id"], unique=False)

    op.create_table(
        "source_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("meaning", sa.String(length=80), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('doctor', 'device', 'department')", name=op.f("ck_source_code_kind")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_source_code_centre_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_source_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_code")),
        sa.UniqueConstraint("centre_id", "kind", "code", name=op.f("uq_source_code_centre_id_kind_code")),
    )
    with op.batch_alter_table("source_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_code_centre_id"), ["centre_id"], unique=False)

    op.create_table(
        "import_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("kept_until", sa.DateTime(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('uploaded', 'returned')", name=op.f("ck_import_file_kind")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_import_file_centre_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_import_file_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sa.UniqueConstraint("import_id", "kind", name=op.f("uq_import_file_import_id_kind")),
    )
    with op.batch_alter_table("import_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_file_centre_id"), ["centre_id"], unique=False)

    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("merged_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_merge_centre_id")),
        sa.ForeignKeyConstraint(["merged_id"], ["person.id"], name=op.f("fk_merge_merged_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_merge_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merge_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_merged_id"), ["merged_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_person_id"), ["person_id"], unique=False)

    op.create_table(
        "possible_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("agreeing", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("judged_at", sa.DateTime(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'same', 'different', 'unsure')", name=op.f("ck_possible_pair_state")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1000", name=op.f("ck_possible_pair_score")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_possible_pair_centre_id")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_possible_pair_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_possible_pair_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_possible_pair")),
        sa.UniqueConstraint(
            "centre_id", "person_id", "other_id", name=op.f("uq_possible_pair_centre_id_person_id_other_id")
        ),
    )
    with op.batch_alter_table("possible_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_possible_pair_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(
            "ix_possible_pair_centre_id_state_score", ["centre_id", "state", "score"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_possible_pair_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_possible_pair_person_id"), ["person_id"], unique=False)

    op.create_table(
        "listed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("operator_words", sa.String(length=40), nullable=True),
        sa.Column("indication", sa.String(length=24), nullable=True),
        sa.Column("sedation", sa.String(length=24), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("examination_id", sa.Integer(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "indication IN ('screening_organised', 'screening_opportunistic', 'check_up', 'positive_test', 'surveillance', 'symptoms', 'work_up', 'therapy')",
            name=op.f("ck_listed_indication"),
        ),
        sa.CheckConstraint("sedation IN ('none', 'sedation', 'general')", name=op.f("ck_listed_sedation")),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name=op.f("ck_listed_state")),
        sa.CheckConstraint(
            "type IN ('ogd', 'colonoscopy', 'sigmoidoscopy', 'eus', 'therapeutic_upper', 'therapeutic_lower', 'capsule', 'other')",
            name=op.f("ck_listed_type"),
        ),
        sa.CheckConstraint("place BETWEEN 1 AND 10000", name=op.f("ck_listed_place")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_listed_centre_id")),
        sa.ForeignKeyConstraint(
            ["examination_id"], ["examination.id"], name=op.f("fk_listed_examination_id")
        ),
        sa.ForeignKeyConstraint(["operator_id"], ["user_account.id"], name=op.f("fk_listed_operator_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_listed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed")),
    )
    with op.batch_alter_table("listed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listed_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(
            "ix_listed_centre_id_listed_on", ["centre_id", "listed_on", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_listed_person_id"), ["person_id"], unique=False)

    op.create_table(
        "match_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_match_key_centre_id")),
        sa.ForeignKeyConstraint(
            ["enrolment_id", "centre_id"],
            ["enrolment.id", "enrolment.centre_id"],
            name=op.f("fk_match_key_enrolment_id_centre_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_match_key_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_key")),
    )
    with op.batch_alter_table("match_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_key_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index("ix_match_key_digest_person_id", ["digest", "person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_key_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_key_person_id"), ["person_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("examination_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'kept', 'taken')", name=op.f("ck_question_state")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_question_centre_id")),
        sa.ForeignKeyConstraint(
            ["examination_id"], ["examination.id"], name=op.f("fk_question_examination_id")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_question_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_question_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index("ix_question_centre_id_state", ["centre_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_examination_id"), ["examination_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_person_id"), ["person_id"], unique=False)

    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("examination_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("lesion_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("alike", sa.String(length=64), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("organ", sa.String(length=24), nullable=True),
        sa.Column("worst", sa.String(length=24), nullable=True),
        sa.Column("deepest", sa.String(length=24), nullable=True),
        sa.Column("adenoma", sa.Boolean(), nullable=True),
        sa.Column("serrated", sa.Boolean(), nullable=True),
        sa.Column("cancer", sa.Boolean(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "deepest IN ('EP', 'LPM', 'MM', 'M', 'SM', 'SM1', 'SM2', 'SM3', 'MP', 'SS/A', 'SE', 'SI')",
            name=op.f("ck_reading_deepest"),
        ),
        sa.CheckConstraint(
            "organ IN ('oesophagus', 'stomach', 'duodenum', 'colon', 'rectum', 'anus', 'other')",
            name=op.f("ck_reading_organ"),
        ),
        sa.CheckConstraint("source IN ('findings', 'diagnosis', 'wording')", name=op.f("ck_reading_source")),
        sa.CheckConstraint(
            "state IN ('unconfirmed', 'confirmed', 'rejected', 'stale')", name=op.f("ck_reading_state")
        ),
        sa.CheckConstraint(
            "worst IN ('1', '2', '3', '4.1', '4.2', '4.3', '4.4', '5.1', '5.2')",
            name=op.f("ck_reading_worst"),
        ),
        sa.CheckConstraint("part BETWEEN 1 AND 99", name=op.f("ck_reading_part")),
        sa.CheckConstraint("weight BETWEEN 0 AND 100", name=op.f("ck_reading_weight")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_reading_centre_id")),
        sa.ForeignKeyConstraint(
            ["examination_id", "centre_id"],
            ["examination.id", "examination.centre_id"],
            name=op.f("fk_reading_examination_id_centre_id"),
        ),
        sa.ForeignKeyConstraint(["lesion_id"], ["lesion.id"], name=op.f("fk_reading_lesion_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_reading_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("id", "centre_id", name=op.f("uq_reading_id_centre_id")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(
            "ix_reading_centre_id_state_alike", ["centre_id", "state", "alike", "weight"], unique=False
        )
        batch_op.create_index(
            "ix_reading_centre_id_state_weight", ["centre_id", "state", "weight"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reading_examination_id"), ["examination_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reading_lesion_id"), ["lesion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reading_report_id"), ["report_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('unconfirmed', 'confirmed', 'rejected', 'stale')", name=op.f("ck_proposal_state")
        ),
        sa.CheckConstraint("begins BETWEEN 0 AND 100000", name=op.f("ck_proposal_begins")),
        sa.CheckConstraint("ends BETWEEN 0 AND 100000", name=op.f("ck_proposal_ends")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_proposal_centre_id")),
        sa.ForeignKeyConstraint(
            ["reading_id", "centre_id"],
            ["reading.id", "reading.centre_id"],
            name=op.f("fk_proposal_reading_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_reading_id"), ["reading_id"], unique=False)

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sealed_for_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_enrolment_sealed_for_id"), ["sealed_for_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_enrolment_sealed_for_id"), "person", ["sealed_for_id"], ["id"]
        )

    with op.batch_alter_table("examination", schema=None) as batch_op:
        batch_op.add_column(sa.Column("diagnosis", sa.String(length=1000), nullable=True))
        batch_op.add_column(sa.Column("operator_words", sa.String(length=40), nullable=True))

    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("state", sa.String(length=24), server_default="finished", nullable=False)
        )
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("file_name", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("content", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("done", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("total", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("stop", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("receipt", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("fault", sa.String(length=400), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_import_run_user_id"), "user_account", ["user_id"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_import_run_done"), "done BETWEEN 0 AND 2000000000")
        batch_op.create_check_constraint(
            batch_op.f("ck_import_run_state"),
            "state IN ('preview', 'waiting', 'running', 'finished', 'cancelled', 'failed')",
        )
        batch_op.create_check_constraint(batch_op.f("ck_import_run_total"), "total BETWEEN 0 AND 2000000000")

    with op.batch_alter_table("imported_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fields", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("examination_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_imported_case_examination_id"), ["examination_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_imported_case_examination_id"), "examination", ["examination_id"], ["id"]
        )

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_person_merged_into_id"), "person", ["merged_into_id"], ["id"]
        )

    for table, column, _before, after in CODES:
        allow(table, column, after)


def downgrade() -> None:
    for table, column, before, _after in CODES:
        allow(table, column, before)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_person_merged_into_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_person_merged_into_id"))
        batch_op.drop_column("merged_into_id")

    with op.batch_alter_table("imported_case", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_imported_case_examination_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_imported_case_examination_id"))
        batch_op.drop_column("examination_id")
        batch_op.drop_column("fields")

    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_import_run_done"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_import_run_state"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_import_run_total"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_import_run_user_id"), type_="foreignkey")
        batch_op.drop_column("fault")
        batch_op.drop_column("receipt")
        batch_op.drop_column("stop")
        batch_op.drop_column("total")
        batch_op.drop_column("done")
        batch_op.drop_column("content")
        batch_op.drop_column("file_name")
        batch_op.drop_column("user_id")
        batch_op.drop_column("state")

    with op.batch_alter_table("examination", schema=None) as batch_op:
        batch_op.drop_column("operator_words")
        batch_op.drop_column("diagnosis")

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_enrolment_sealed_for_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_enrolment_sealed_for_id"))
        batch_op.drop_column("sealed_for_id")

    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_reading_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_centre_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reading_report_id"))
        batch_op.drop_index(batch_op.f("ix_reading_lesion_id"))
        batch_op.drop_index(batch_op.f("ix_reading_examination_id"))
        batch_op.drop_index("ix_reading_centre_id_state_weight")
        batch_op.drop_index("ix_reading_centre_id_state_alike")
        batch_op.drop_index(batch_op.f("ix_reading_centre_id"))

    op.drop_table("reading")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_person_id"))
        batch_op.drop_index(batch_op.f("ix_question_examination_id"))
        batch_op.drop_index("ix_question_centre_id_state")
        batch_op.drop_index(batch_op.f("ix_question_centre_id"))

    op.drop_table("question")
    with op.batch_alter_table("match_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_key_person_id"))
        batch_op.drop_index(batch_op.f("ix_match_key_enrolment_id"))
        batch_op.drop_index("ix_match_key_digest_person_id")
        batch_op.drop_index(batch_op.f("ix_match_key_centre_id"))

    op.drop_table("match_key")
    with op.batch_alter_table("listed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listed_person_id"))
        batch_op.drop_index("ix_listed_centre_id_listed_on")
        batch_op.drop_index(batch_op.f("ix_listed_centre_id"))

    op.drop_table("listed")
    with op.batch_alter_table("possible_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_possible_pair_person_id"))
        batch_op.drop_index(batch_op.f("ix_possible_pair_other_id"))
        batch_op.drop_index("ix_possible_pair_centre_id_state_score")
        batch_op.drop_index(batch_op.f("ix_possible_pair_centre_id"))

    op.drop_table("possible_pair")
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merge_person_id"))
        batch_op.drop_index(batch_op.f("ix_merge_merged_id"))
        batch_op.drop_index(batch_op.f("ix_merge_centre_id"))

    op.drop_table("merge")
    with op.batch_alter_table("import_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_file_centre_id"))

    op.drop_table("import_file")
    with op.batch_alter_table("source_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_code_centre_id"))

    op.drop_table("source_code")
    with op.batch_alter_table("saved_mapping", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_mapping_centre_id"))

    op.drop_table("saved_mapping")
