"""The record"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_entry_previous")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_audit_entry_subject_subject_id", ["subject", "subject_id"], unique=False)

    op.create_table(
        "centre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("place", sa.String(length=24), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kind IN ('city', 'county', 'township', 'private')", name=op.f("ck_centre_kind")),
        sa.CheckConstraint(
            "place IN ('lead', 'deputy_lead', 'council', 'member')", name=op.f("ck_centre_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre")),
        sa.UniqueConstraint("code", name=op.f("uq_centre_code")),
    )
    op.create_table(
        "setup_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_setup_code")),
    )
    op.create_table(
        "sign_in",
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.CheckConstraint("failed BETWEEN 0 AND 1000000", name=op.f("ck_sign_in_failed")),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_sign_in")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "role IN ('recorder', 'endoscopist', 'centre_manager', 'quality_reviewer', 'researcher', 'alliance_admin', 'auditor')",
            name=op.f("ck_appointment_role"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_appointment_centre_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_appointment_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint(
            "user_id", "centre_id", "role", name=op.f("uq_appointment_user_id_centre_id_role")
        ),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_user_id"), ["user_id"], unique=False)

    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.String(length=80), nullable=False),
        sa.Column("mapping_digest", sa.String(length=64), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("new BETWEEN 0 AND 2000000000", name=op.f("ck_import_run_new")),
        sa.CheckConstraint("refused BETWEEN 0 AND 2000000000", name=op.f("ck_import_run_refused")),
        sa.CheckConstraint("rows BETWEEN 0 AND 2000000000", name=op.f("ck_import_run_rows")),
        sa.CheckConstraint("unchanged BETWEEN 0 AND 2000000000", name=op.f("ck_import_run_unchanged")),
        sa.CheckConstraint("updated BETWEEN 0 AND 2000000000", name=op.f("ck_import_run_updated")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_import_run_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_centre_id"), ["centre_id"], unique=False)

    op.create_table(
        "user_session",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("proved_at", sa.DateTime(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_user_session_centre_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_user_session")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index("ix_user_session_user_id_ended_at", ["user_id", "ended_at"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("sex", sa.String(length=24), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("born_precision", sa.String(length=24), nullable=True),
        sa.Column("vital", sa.String(length=24), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("died_precision", sa.String(length=24), nullable=True),
        sa.Column("last_alive_on", sa.Date(), nullable=True),
        sa.Column("linked_until", sa.Date(), nullable=True),
        sa.Column("vital_conflict", sa.Boolean(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "born_precision IN ('day', 'month', 'year', 'age')", name=op.f("ck_person_born_precision")
        ),
        sa.CheckConstraint(
            "died_precision IN ('day', 'month', 'year', 'age')", name=op.f("ck_person_died_precision")
        ),
        sa.CheckConstraint("sex IN ('1', '2', '0', '9')", name=op.f("ck_person_sex")),
        sa.CheckConstraint("vital IN ('alive', 'dead', 'unknown')", name=op.f("ck_person_vital")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_person_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_person_pseudonym")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_draft_centre_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_draft_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint(
            "user_id", "centre_id", "subject", name=op.f("uq_draft_user_id_centre_id_subject")
        ),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_centre_id"), ["centre_id"], unique=False)

    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("record_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("record_number_digest", sa.String(length=64), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.Column("consent", sa.String(length=24), nullable=True),
        sa.Column("consent_version", sa.String(length=20), nullable=True),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "consent IN ('signed', 'verbal', 'clinical_care', 'refused')", name=op.f("ck_enrolment_consent")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_enrolment_centre_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_enrolment_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("id", "centre_id", name=op.f("uq_enrolment_id_centre_id")),
        sa.UniqueConstraint("person_id", "centre_id", name=op.f("uq_enrolment_person_id_centre_id")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index("ix_enrolment_centre_id_person_id", ["centre_id", "person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_enrolment_record_number_digest"), ["record_number_digest"], unique=False
        )

    op.create_table(
        "examination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("performed_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.Time(), nullable=True),
        sa.Column("ended_at", sa.Time(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("recorder_id", sa.Integer(), nullable=True),
        sa.Column("indication", sa.String(length=24), nullable=True),
        sa.Column("sedation", sa.String(length=24), nullable=True),
        sa.Column("scope", sa.String(length=40), nullable=True),
        sa.Column("extent", sa.String(length=24), nullable=True),
        sa.Column("incomplete_reason", sa.String(length=24), nullable=True),
        sa.Column("continues_id", sa.Integer(), nullable=True),
        sa.Column("photos", sa.Integer(), nullable=True),
        sa.Column("seen_upper_oesophagus", sa.String(length=24), nullable=True),
        sa.Column("seen_middle_oesophagus", sa.String(length=24), nullable=True),
        sa.Column("seen_lower_oesophagus", sa.String(length=24), nullable=True),
        sa.Column("seen_cardia", sa.String(length=24), nullable=True),
        sa.Column("seen_fundus", sa.String(length=24), nullable=True),
        sa.Column("seen_body", sa.String(length=24), nullable=True),
        sa.Column("seen_angulus", sa.String(length=24), nullable=True),
        sa.Column("seen_antrum", sa.String(length=24), nullable=True),
        sa.Column("seen_pylorus", sa.String(length=24), nullable=True),
        sa.Column("seen_bulb", sa.String(length=24), nullable=True),
        sa.Column("seen_d2", sa.String(length=24), nullable=True),
        sa.Column("upper_minutes", sa.Float(), nullable=True),
        sa.Column("visibility", sa.String(length=24), nullable=True),
        sa.Column("imaging_wli", sa.Boolean(), nullable=True),
        sa.Column("imaging_nbi", sa.Boolean(), nullable=True),
        sa.Column("imaging_bli", sa.Boolean(), nullable=True),
        sa.Column("imaging_lci", sa.Boolean(), nullable=True),
        sa.Column("imaging_lugol", sa.Boolean(), nullable=True),
        sa.Column("imaging_indigo", sa.Boolean(), nullable=True),
        sa.Column("imaging_acetic", sa.Boolean(), nullable=True),
        sa.Column("imaging_magnifying", sa.Boolean(), nullable=True),
        sa.Column("imaging_ai", sa.Boolean(), nullable=True),
        sa.Column("bbps_right", sa.Integer(), nullable=True),
        sa.Column("bbps_right_missing", sa.String(length=24), nullable=True),
        sa.Column("bbps_transverse", sa.Integer(), nullable=True),
        sa.Column("bbps_transverse_missing", sa.String(length=24), nullable=True),
        sa.Column("bbps_left", sa.Integer(), nullable=True),
        sa.Column("bbps_left_missing", sa.String(length=24), nullable=True),
        sa.Column("bbps_total", sa.Integer(), nullable=True),
        sa.Column("withdrawal_min", sa.Float(), nullable=True),
        sa.Column("withdrawal_missing", sa.String(length=24), nullable=True),
        sa.Column("caecum_reached", sa.Boolean(), nullable=True),
        sa.Column("caecum_photo", sa.Boolean(), nullable=True),
        sa.Column("any_adverse_event", sa.Boolean(), nullable=True),
        sa.Column("contact_30d", sa.Boolean(), nullable=True),
        sa.Column("findings", sa.String(length=4000), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "bbps_left_missing IN ('not_asked', 'not_done', 'not_applicable', 'refused', 'awaited', 'not_measured', 'illegible')",
            name=op.f("ck_examination_bbps_left_missing"),
        ),
        sa.CheckConstraint(
            "bbps_right_missing IN ('not_asked', 'not_done', 'not_applicable', 'refused', 'awaited', 'not_measured', 'illegible')",
            name=op.f("ck_examination_bbps_right_missing"),
        ),
        sa.CheckConstraint(
            "bbps_transverse_missing IN ('not_asked', 'not_done', 'not_applicable', 'refused', 'awaited', 'not_measured', 'illegible')",
            name=op.f("ck_examination_bbps_transverse_missing"),
        ),
        sa.CheckConstraint(
            "extent IN ('oesophagus', 'stomach', 'bulb', 'd2', 'rectum', 'sigmoid', 'descending', 'splenic', 'transverse', 'hepatic', 'ascending', 'caecum', 'terminal_ileum', 'anastomosis')",
            name=op.f("ck_examination_extent"),
        ),
        sa.CheckConstraint(
            "incomplete_reason IN ('anatomical_variant', 'stricture', 'poor_preparation', 'intolerance', 'looping', 'bleeding', 'complication', 'equipment', 'other')",
            name=op.f("ck_examination_incomplete_reason"),
        ),
        sa.CheckConstraint(
            "indication IN ('screening_organised', 'screening_opportunistic', 'check_up', 'positive_test', 'surveillance', 'symptoms', 'work_up', 'therapy')",
            name=op.f("ck_examination_indication"),
        ),
        sa.CheckConstraint(
            "sedation IN ('none', 'sedation', 'general')", name=op.f("ck_examination_sedation")
        ),
        sa.CheckConstraint(
            "seen_angulus IN ('photographed', 'seen', 'not_seen')", name=op.f("ck_examination_seen_angulus")
        ),
        sa.CheckConstraint(
            "seen_antrum IN ('photographed', 'seen', 'not_seen')", name=op.f("ck_examination_seen_antrum")
        ),
        sa.CheckConstraint(
            "seen_body IN ('photographed', 'seen', 'not_seen')", name=op.f("ck_examination_seen_body")
        ),
        sa.CheckConstraint(
            "seen_bulb IN ('photographed', 'seen', 'not_seen')", name=op.f("ck_examination_seen_bulb")
        ),
        sa.CheckConstraint(
            "seen_cardia IN ('photographed', 'seen', 'not_seen')", name=op.f("ck_examination_seen_cardia")
        ),
        sa.CheckConstraint(
            "seen_d2 IN ('photographed', 'seen', 'not_seen')", name=op.f("ck_examination_seen_d2")
        ),
        sa.CheckConstraint(
            "seen_fundus IN ('photographed', 'seen', 'not_seen')", name=op.f("ck_examination_seen_fundus")
        ),
        sa.CheckConstraint(
            "seen_lower_oesophagus IN ('photographed', 'seen', 'not_seen')",
            name=op.f("ck_examination_seen_lower_oesophagus"),
        ),
        sa.CheckConstraint(
            "seen_middle_oesophagus IN ('photographed', 'seen', 'not_seen')",
            name=op.f("ck_examination_seen_middle_oesophagus"),
        ),
        sa.CheckConstraint(
            "seen_pylorus IN ('photographed', 'seen', 'not_seen')", name=op.f("ck_examination_seen_pylorus")
        ),
        sa.CheckConstraint(
            "seen_upper_oesophagus IN ('photographed', 'seen', 'not_seen')",
            name=op.f("ck_examination_seen_upper_oesophagus"),
        ),
        sa.CheckConstraint(
            "type IN ('ogd', 'colonoscopy', 'sigmoidoscopy', 'eus', 'therapeutic_upper', 'therapeutic_lower', 'capsule', 'other')",
            name=op.f("ck_examination_type"),
        ),
        sa.CheckConstraint("visibility IN ('good', 'fair', 'poor')", name=op.f("ck_examination_visibility")),
        sa.CheckConstraint(
            "withdrawal_missing IN ('not_asked', 'not_done', 'not_applicable', 'refused', 'awaited', 'not_measured', 'illegible')",
            name=op.f("ck_examination_withdrawal_missing"),
        ),
        sa.CheckConstraint("age BETWEEN 0 AND 130", name=op.f("ck_examination_age")),
        sa.CheckConstraint("bbps_left BETWEEN 0 AND 3", name=op.f("ck_examination_bbps_left")),
        sa.CheckConstraint("bbps_right BETWEEN 0 AND 3", name=op.f("ck_examination_bbps_right")),
        sa.CheckConstraint("bbps_total BETWEEN 0 AND 9", name=op.f("ck_examination_bbps_total")),
        sa.CheckConstraint("bbps_transverse BETWEEN 0 AND 3", name=op.f("ck_examination_bbps_transverse")),
        sa.CheckConstraint("photos BETWEEN 0 AND 2000", name=op.f("ck_examination_photos")),
        sa.CheckConstraint("upper_minutes BETWEEN 0 AND 240", name=op.f("ck_examination_upper_minutes")),
        sa.CheckConstraint("withdrawal_min BETWEEN 0 AND 240", name=op.f("ck_examination_withdrawal_min")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_examination_centre_id")),
        sa.ForeignKeyConstraint(
            ["continues_id"], ["examination.id"], name=op.f("fk_examination_continues_id")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_examination_import_id")),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["user_account.id"], name=op.f("fk_examination_operator_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_examination_person_id")),
        sa.ForeignKeyConstraint(
            ["recorder_id"], ["user_account.id"], name=op.f("fk_examination_recorder_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["user_account.id"], name=op.f("fk_examination_supervisor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examination")),
        sa.UniqueConstraint("id", "centre_id", name=op.f("uq_examination_id_centre_id")),
    )
    with op.batch_alter_table("examination", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_examination_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(
            "ix_examination_centre_id_performed_on", ["centre_id", "performed_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_examination_number"), ["number"], unique=False)
        batch_op.create_index(
            "ix_examination_operator_id_performed_on", ["operator_id", "performed_on"], unique=False
        )
        batch_op.create_index("ix_examination_performed_on", ["performed_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_examination_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_examination_persons",
            ["centre_id", "person_id", "type", "performed_on", "operator_id", "age", "import_id"],
            unique=False,
        )

    op.create_table(
        "imported_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_imported_case_centre_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_imported_case_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_imported_case_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_case")),
        sa.UniqueConstraint(
            "centre_id", "source", "key_digest", name=op.f("uq_imported_case_centre_id_source_key_digest")
        ),
    )
    with op.batch_alter_table("imported_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_case_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_imported_case_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_imported_case_person_id"), ["person_id"], unique=False)

    op.create_table(
        "known_syndrome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("syndrome", sa.String(length=24), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "syndrome IN ('fap', 'lynch', 'ibd_uc', 'ibd_cd', 'peutz_jeghers', 'juvenile', 'hdgc', 'other')",
            name=op.f("ck_known_syndrome_syndrome"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_known_syndrome_centre_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_known_syndrome_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_syndrome")),
    )
    with op.batch_alter_table("known_syndrome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_syndrome_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_known_syndrome_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_key",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_key_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_key")),
    )
    op.create_table(
        "prior_surgery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("operated_on", sa.Date(), nullable=True),
        sa.Column("operated_precision", sa.String(length=24), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind IN ('distal_gastrectomy', 'proximal_gastrectomy', 'total_gastrectomy', 'oesophagectomy', 'right_colectomy', 'left_colectomy', 'sigmoid_colectomy', 'total_colectomy', 'rectal_resection', 'bypass', 'other')",
            name=op.f("ck_prior_surgery_kind"),
        ),
        sa.CheckConstraint(
            "operated_precision IN ('day', 'month', 'year', 'age')",
            name=op.f("ck_prior_surgery_operated_precision"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_prior_surgery_centre_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_prior_surgery_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prior_surgery")),
    )
    with op.batch_alter_table("prior_surgery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prior_surgery_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_prior_surgery_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_prior_surgery_person_id_kind", ["person_id", "kind", "operated_on"], unique=False
        )

    op.create_table(
        "risk_assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("instrument", sa.String(length=24), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=True),
        sa.Column("hp_test", sa.String(length=24), nullable=True),
        sa.Column("hp_result", sa.String(length=24), nullable=True),
        sa.Column("hp_eradicated_on", sa.Date(), nullable=True),
        sa.Column("pepsinogen_1", sa.Float(), nullable=True),
        sa.Column("pepsinogen_2", sa.Float(), nullable=True),
        sa.Column("pepsinogen_ratio", sa.Float(), nullable=True),
        sa.Column("gastrin_17", sa.Float(), nullable=True),
        sa.Column("fit_ug_g", sa.Float(), nullable=True),
        sa.Column("fit_cutoff", sa.Float(), nullable=True),
        sa.Column("fit_result", sa.String(length=24), nullable=True),
        sa.Column("on_ppi", sa.Boolean(), nullable=True),
        sa.Column("relative_oesophagus", sa.Boolean(), nullable=True),
        sa.Column("relative_stomach", sa.Boolean(), nullable=True),
        sa.Column("relative_colorectum", sa.Boolean(), nullable=True),
        sa.Column("smoking", sa.String(length=24), nullable=True),
        sa.Column("alcohol", sa.String(length=24), nullable=True),
        sa.Column("bmi", sa.Float(), nullable=True),
        sa.Column("diet", sa.String(length=200), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("tier", sa.String(length=24), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "alcohol IN ('never', 'former', 'current')", name=op.f("ck_risk_assessment_alcohol")
        ),
        sa.CheckConstraint(
            "fit_result IN ('negative', 'positive', 'inadequate', 'awaited')",
            name=op.f("ck_risk_assessment_fit_result"),
        ),
        sa.CheckConstraint(
            "hp_result IN ('negative', 'positive', 'inadequate', 'awaited')",
            name=op.f("ck_risk_assessment_hp_result"),
        ),
        sa.CheckConstraint(
            "hp_test IN ('ubt', 'stool_antigen', 'serology', 'rut', 'histology')",
            name=op.f("ck_risk_assessment_hp_test"),
        ),
        sa.CheckConstraint(
            "instrument IN ('li_cn', 'li_gut2019', 'apcs', 'apcs_updated', 'abc')",
            name=op.f("ck_risk_assessment_instrument"),
        ),
        sa.CheckConstraint(
            "smoking IN ('never', 'former', 'current')", name=op.f("ck_risk_assessment_smoking")
        ),
        sa.CheckConstraint(
            "tier IN ('low', 'medium', 'high', 'average', 'moderate', 'a', 'b', 'c', 'd', 'not_applicable')",
            name=op.f("ck_risk_assessment_tier"),
        ),
        sa.CheckConstraint("bmi BETWEEN 8 AND 90", name=op.f("ck_risk_assessment_bmi")),
        sa.CheckConstraint("fit_cutoff BETWEEN 0 AND 1000", name=op.f("ck_risk_assessment_fit_cutoff")),
        sa.CheckConstraint("fit_ug_g BETWEEN 0 AND 100000", name=op.f("ck_risk_assessment_fit_ug_g")),
        sa.CheckConstraint("gastrin_17 BETWEEN 0 AND 1000", name=op.f("ck_risk_assessment_gastrin_17")),
        sa.CheckConstraint("pepsinogen_1 BETWEEN 0 AND 1000", name=op.f("ck_risk_assessment_pepsinogen_1")),
        sa.CheckConstraint("pepsinogen_2 BETWEEN 0 AND 500", name=op.f("ck_risk_assessment_pepsinogen_2")),
        sa.CheckConstraint(
            "pepsinogen_ratio BETWEEN 0 AND 1000", name=op.f("ck_risk_assessment_pepsinogen_ratio")
        ),
        sa.CheckConstraint("total BETWEEN 0 AND 100", name=op.f("ck_risk_assessment_total")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_risk_assessment_centre_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_risk_assessment_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_risk_assessment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_assessment")),
    )
    with op.batch_alter_table("risk_assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_risk_assessment_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_risk_assessment_person_id"), ["person_id"], unique=False)

    op.create_table(
        "screening_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=24), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("invited_on", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=True),
        sa.Column("response", sa.String(length=24), nullable=True),
        sa.Column("primary_test", sa.String(length=24), nullable=True),
        sa.Column("test_sent_on", sa.Date(), nullable=True),
        sa.Column("test_returned_on", sa.Date(), nullable=True),
        sa.Column("referred_on", sa.Date(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "channel IN ('letter', 'phone', 'sms', 'doctor', 'community', 'other')",
            name=op.f("ck_screening_round_channel"),
        ),
        sa.CheckConstraint(
            "primary_test IN ('fit', 'hp_pg', 'questionnaire', 'dna_stool', 'other')",
            name=op.f("ck_screening_round_primary_test"),
        ),
        sa.CheckConstraint(
            "programme IN ('organised', 'opportunistic', 'check_up')",
            name=op.f("ck_screening_round_programme"),
        ),
        sa.CheckConstraint(
            "response IN ('attended', 'declined', 'none', 'ineligible', 'moved')",
            name=op.f("ck_screening_round_response"),
        ),
        sa.CheckConstraint("round BETWEEN 1 AND 99", name=op.f("ck_screening_round_round")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_screening_round_centre_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_screening_round_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_screening_round_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_round")),
    )
    with op.batch_alter_table("screening_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screening_round_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_round_person_id"), ["person_id"], unique=False)

    op.create_table(
        "vital_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vital", sa.String(length=24), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("as_of_precision", sa.String(length=24), nullable=False),
        sa.Column("cause", sa.String(length=8), nullable=True),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("complete_until", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "as_of_precision IN ('day', 'month', 'year', 'age')", name=op.f("ck_vital_status_as_of_precision")
        ),
        sa.CheckConstraint(
            "source IN ('centre', 'death_list', 'family', 'register')", name=op.f("ck_vital_status_source")
        ),
        sa.CheckConstraint("vital IN ('alive', 'dead', 'unknown')", name=op.f("ck_vital_status_vital")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_vital_status_centre_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_vital_status_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vital_status_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vital_status")),
    )
    with op.batch_alter_table("vital_status", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vital_status_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vital_status_person_id"), ["person_id"], unique=False)

    op.create_table(
        "accepted_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("examination_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("clause", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_accepted_flag_centre_id")),
        sa.ForeignKeyConstraint(
            ["examination_id", "centre_id"],
            ["examination.id", "examination.centre_id"],
            name=op.f("fk_accepted_flag_examination_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accepted_flag")),
    )
    with op.batch_alter_table("accepted_flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accepted_flag_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accepted_flag_examination_id"), ["examination_id"], unique=False)

    op.create_table(
        "adverse_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("examination_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("onset_on", sa.Date(), nullable=True),
        sa.Column("agree", sa.String(length=24), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("intervention", sa.String(length=24), nullable=True),
        sa.Column("haemoglobin_drop", sa.Integer(), nullable=True),
        sa.Column("transfusion", sa.Boolean(), nullable=True),
        sa.Column("sirs_criteria", sa.Integer(), nullable=True),
        sa.Column("severe_pancreatitis", sa.Boolean(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "agree IN ('I', 'II', 'IIIa', 'IIIb', 'IVa', 'IVb', 'V')", name=op.f("ck_adverse_event_agree")
        ),
        sa.CheckConstraint(
            "intervention IN ('none', 'conservative', 'endoscopic', 'interventional_radiology', 'surgery')",
            name=op.f("ck_adverse_event_intervention"),
        ),
        sa.CheckConstraint(
            "kind IN ('bleeding', 'perforation', 'pancreatitis', 'infection', 'cardiopulmonary', 'stricture', 'other')",
            name=op.f("ck_adverse_event_kind"),
        ),
        sa.CheckConstraint(
            "outcome IN ('recovered', 'recovering', 'disabled', 'died', 'unknown')",
            name=op.f("ck_adverse_event_outcome"),
        ),
        sa.CheckConstraint(
            "haemoglobin_drop BETWEEN 0 AND 200", name=op.f("ck_adverse_event_haemoglobin_drop")
        ),
        sa.CheckConstraint("sirs_criteria BETWEEN 0 AND 4", name=op.f("ck_adverse_event_sirs_criteria")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_adverse_event_centre_id")),
        sa.ForeignKeyConstraint(
            ["examination_id", "centre_id"],
            ["examination.id", "examination.centre_id"],
            name=op.f("fk_adverse_event_examination_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adverse_event")),
    )
    with op.batch_alter_table("adverse_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adverse_event_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adverse_event_examination_id"), ["examination_id"], unique=False)

    op.create_table(
        "background",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("examination_id", sa.Integer(), nullable=False),
        sa.Column("kimura", sa.String(length=24), nullable=True),
        sa.Column("los_angeles", sa.String(length=24), nullable=True),
        sa.Column("prague_c", sa.Float(), nullable=True),
        sa.Column("prague_m", sa.Float(), nullable=True),
        sa.Column("eggim", sa.Integer(), nullable=True),
        sa.Column("olga", sa.String(length=24), nullable=True),
        sa.Column("olgim", sa.String(length=24), nullable=True),
        sa.Column("sydney_sites", sa.Integer(), nullable=True),
        sa.Column("seattle_done", sa.Boolean(), nullable=True),
        sa.Column("autoimmune_gastritis", sa.Boolean(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kimura IN ('C-0', 'C-1', 'C-2', 'C-3', 'O-1', 'O-2', 'O-3')", name=op.f("ck_background_kimura")
        ),
        sa.CheckConstraint(
            "los_angeles IN ('N', 'M', 'A', 'B', 'C', 'D')", name=op.f("ck_background_los_angeles")
        ),
        sa.CheckConstraint("olga IN ('0', 'I', 'II', 'III', 'IV')", name=op.f("ck_background_olga")),
        sa.CheckConstraint("olgim IN ('0', 'I', 'II', 'III', 'IV')", name=op.f("ck_background_olgim")),
        sa.CheckConstraint("eggim BETWEEN 0 AND 10", name=op.f("ck_background_eggim")),
        sa.CheckConstraint("prague_c BETWEEN 0 AND 30", name=op.f("ck_background_prague_c")),
        sa.CheckConstraint("prague_m BETWEEN 0 AND 30", name=op.f("ck_background_prague_m")),
        sa.CheckConstraint("sydney_sites BETWEEN 0 AND 5", name=op.f("ck_background_sydney_sites")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_background_centre_id")),
        sa.ForeignKeyConstraint(
            ["examination_id", "centre_id"],
            ["examination.id", "examination.centre_id"],
            name=op.f("fk_background_examination_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background")),
        sa.UniqueConstraint("examination_id", name=op.f("uq_background_examination_id")),
    )
    with op.batch_alter_table("background", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_background_centre_id"), ["centre_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=24), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "relation IN ('self', 'spouse', 'child', 'parent', 'sibling', 'other')",
            name=op.f("ck_contact_relation"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_contact_centre_id")),
        sa.ForeignKeyConstraint(
            ["enrolment_id", "centre_id"],
            ["enrolment.id", "enrolment.centre_id"],
            name=op.f("fk_contact_enrolment_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "identity_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "owner IN ('own', 'mother', 'father', 'other')", name=op.f("ck_identity_document_owner")
        ),
        sa.CheckConstraint(
            "type IN ('resident_id', 'hmt_permit', 'hmt_residence', 'foreign_permanent', 'passport', 'birth_certificate', 'other', 'none')",
            name=op.f("ck_identity_document_type"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_identity_document_centre_id")),
        sa.ForeignKeyConstraint(
            ["enrolment_id", "centre_id"],
            ["enrolment.id", "enrolment.centre_id"],
            name=op.f("fk_identity_document_enrolment_id_centre_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_document_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_document")),
    )
    with op.batch_alter_table("identity_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_document_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index("ix_identity_document_digest_owner", ["digest", "owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_document_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_document_person_id"), ["person_id"], unique=False)

    op.create_table(
        "lesion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("examination_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=24), nullable=True),
        sa.Column("wall", sa.String(length=24), nullable=True),
        sa.Column("distance_cm", sa.Float(), nullable=True),
        sa.Column("size_mm", sa.Integer(), nullable=True),
        sa.Column("size_mm_upper", sa.Integer(), nullable=True),
        sa.Column("size_missing", sa.String(length=24), nullable=True),
        sa.Column("paris", sa.String(length=24), nullable=True),
        sa.Column("borrmann", sa.String(length=24), nullable=True),
        sa.Column("lst", sa.String(length=24), nullable=True),
        sa.Column("jnet", sa.String(length=24), nullable=True),
        sa.Column("nice", sa.String(length=24), nullable=True),
        sa.Column("jes", sa.String(length=24), nullable=True),
        sa.Column("impression", sa.String(length=24), nullable=True),
        sa.Column("same_as_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("awaited", sa.Boolean(), nullable=False),
        sa.Column("worst", sa.String(length=24), nullable=True),
        sa.Column("deepest", sa.String(length=24), nullable=True),
        sa.Column("adenoma", sa.Boolean(), nullable=True),
        sa.Column("serrated", sa.Boolean(), nullable=True),
        sa.Column("cancer", sa.Boolean(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("borrmann IN ('1', '2', '3', '4')", name=op.f("ck_lesion_borrmann")),
        sa.CheckConstraint(
            "deepest IN ('EP', 'LPM', 'MM', 'M', 'SM', 'SM1', 'SM2', 'SM3', 'MP', 'SS/A', 'SE', 'SI')",
            name=op.f("ck_lesion_deepest"),
        ),
        sa.CheckConstraint(
            "impression IN ('benign', 'neoplasia', 'early', 'advanced')", name=op.f("ck_lesion_impression")
        ),
        sa.CheckConstraint("jes IN ('A', 'B1', 'B2', 'B3')", name=op.f("ck_lesion_jes")),
        sa.CheckConstraint("jnet IN ('1', '2A', '2B', '3')", name=op.f("ck_lesion_jnet")),
        sa.CheckConstraint("lst IN ('g_h', 'g_nm', 'ng_f', 'ng_pd')", name=op.f("ck_lesion_lst")),
        sa.CheckConstraint("nice IN ('1', '2', '3')", name=op.f("ck_lesion_nice")),
        sa.CheckConstraint(
            "paris IN ('0-Ip', '0-Isp', '0-Is', '0-IIa', '0-IIb', '0-IIc', '0-III', '0-Is+IIa', '0-Is+IIc', '0-IIa+Is', '0-IIa+IIb', '0-IIa+IIc', '0-IIb+IIa', '0-IIb+IIc', '0-IIc+Is', '0-IIc+IIa', '0-IIc+IIb', '0-IIc+III', '0-III+IIc')",
            name=op.f("ck_lesion_paris"),
        ),
        sa.CheckConstraint(
            "site IN ('C15.3', 'C15.4', 'C15.5', 'C15.8', 'C15.9', 'C16.0', 'C16.1', 'C16.2', 'C16.3', 'C16.4', 'C16.5', 'C16.6', 'C16.8', 'C16.9', 'C17.0', 'C18.0', 'C18.1', 'C18.2', 'C18.3', 'C18.4', 'C18.5', 'C18.6', 'C18.7', 'C18.8', 'C18.9', 'C19.9', 'C20.9', 'C21.0', 'C21.1', 'C21.2', 'C21.8')",
            name=op.f("ck_lesion_site"),
        ),
        sa.CheckConstraint(
            "size_missing IN ('not_asked', 'not_done', 'not_applicable', 'refused', 'awaited', 'not_measured', 'illegible')",
            name=op.f("ck_lesion_size_missing"),
        ),
        sa.CheckConstraint(
            "wall IN ('anterior', 'posterior', 'lesser', 'greater', 'circumferential', 'left', 'right')",
            name=op.f("ck_lesion_wall"),
        ),
        sa.CheckConstraint(
            "worst IN ('1', '2', '3', '4.1', '4.2', '4.3', '4.4', '5.1', '5.2')", name=op.f("ck_lesion_worst")
        ),
        sa.CheckConstraint("distance_cm BETWEEN 0 AND 200", name=op.f("ck_lesion_distance_cm")),
        sa.CheckConstraint("number BETWEEN 1 AND 99", name=op.f("ck_lesion_number")),
        sa.CheckConstraint("size_mm BETWEEN 1 AND 300", name=op.f("ck_lesion_size_mm")),
        sa.CheckConstraint("size_mm_upper BETWEEN 1 AND 300", name=op.f("ck_lesion_size_mm_upper")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_lesion_centre_id")),
        sa.ForeignKeyConstraint(
            ["examination_id", "centre_id"],
            ["examination.id", "examination.centre_id"],
            name=op.f("fk_lesion_examination_id_centre_id"),
        ),
        sa.ForeignKeyConstraint(["same_as_id"], ["lesion.id"], name=op.f("fk_lesion_same_as_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesion")),
        sa.UniqueConstraint("id", "centre_id", name=op.f("uq_lesion_id_centre_id")),
    )
    with op.batch_alter_table("lesion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesion_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesion_same_as_id"), ["same_as_id"], unique=False)
        batch_op.create_index(
            "ix_lesion_tally",
            ["examination_id", "site", "adenoma", "cancer", "awaited", "sampled"],
            unique=False,
        )

    op.create_table(
        "search_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_search_token_centre_id")),
        sa.ForeignKeyConstraint(
            ["enrolment_id", "centre_id"],
            ["enrolment.id", "enrolment.centre_id"],
            name=op.f("fk_search_token_enrolment_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_token")),
    )
    with op.batch_alter_table("search_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_token_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index("ix_search_token_centre_id_digest", ["centre_id", "digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_search_token_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "specimen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("examination_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=4), nullable=False),
        sa.Column("method", sa.String(length=24), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("pathology_number", sa.String(length=40), nullable=True),
        sa.Column("pieces", sa.Integer(), nullable=True),
        sa.Column("en_bloc", sa.Boolean(), nullable=True),
        sa.Column("retrieved", sa.Boolean(), nullable=True),
        sa.Column("origin", sa.String(length=80), nullable=True),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "method IN ('forceps', 'brush', 'cold_snare', 'hot_snare', 'emr', 'pemr', 'esd', 'eftr', 'surgery')",
            name=op.f("ck_specimen_method"),
        ),
        sa.CheckConstraint("pieces BETWEEN 1 AND 200", name=op.f("ck_specimen_pieces")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_specimen_centre_id")),
        sa.ForeignKeyConstraint(
            ["examination_id", "centre_id"],
            ["examination.id", "examination.centre_id"],
            name=op.f("fk_specimen_examination_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specimen")),
        sa.UniqueConstraint("id", "centre_id", name=op.f("uq_specimen_id_centre_id")),
    )
    with op.batch_alter_table("specimen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_specimen_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(
            "ix_specimen_centre_id_pathology_number", ["centre_id", "pathology_number"], unique=False
        )
        batch_op.create_index(
            "ix_specimen_centre_id_reported_taken_on", ["centre_id", "reported", "taken_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_specimen_examination_id"), ["examination_id"], unique=False)
        batch_op.create_index(
            "ix_specimen_tally", ["method", "reported", "retrieved", "examination_id"], unique=False
        )

    op.create_table(
        "tumour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("organ", sa.String(length=24), nullable=False),
        sa.Column("topography", sa.String(length=24), nullable=True),
        sa.Column("morphology", sa.String(length=24), nullable=True),
        sa.Column("incidence_on", sa.Date(), nullable=True),
        sa.Column("incidence_precision", sa.String(length=24), nullable=True),
        sa.Column("basis", sa.String(length=24), nullable=True),
        sa.Column("dcn", sa.Boolean(), nullable=True),
        sa.Column("primary_rule", sa.String(length=24), nullable=True),
        sa.Column("detection", sa.String(length=24), nullable=True),
        sa.Column("stage_edition", sa.String(length=24), nullable=True),
        sa.Column("stage_prefix", sa.String(length=24), nullable=True),
        sa.Column("t", sa.String(length=24), nullable=True),
        sa.Column("n", sa.String(length=24), nullable=True),
        sa.Column("m", sa.String(length=24), nullable=True),
        sa.Column("stage_group", sa.String(length=24), nullable=True),
        sa.Column("summary_stage", sa.String(length=24), nullable=True),
        sa.Column("worst", sa.String(length=24), nullable=True),
        sa.Column("deepest", sa.String(length=24), nullable=True),
        sa.Column("clinical_early", sa.Boolean(), nullable=True),
        sa.Column("invasive", sa.Boolean(), nullable=True),
        sa.Column("awaited", sa.Boolean(), nullable=False),
        sa.Column("detected_on", sa.Date(), nullable=True),
        sa.Column("detecting_examination_id", sa.Integer(), nullable=True),
        sa.Column("detecting_centre_id", sa.Integer(), nullable=True),
        sa.Column("detecting_operator_id", sa.Integer(), nullable=True),
        sa.Column("diagnosing_centre_id", sa.Integer(), nullable=True),
        sa.Column("treating_centre_id", sa.Integer(), nullable=True),
        sa.Column("first_treatment", sa.String(length=24), nullable=True),
        sa.Column("noninvasive_on", sa.Date(), nullable=True),
        sa.Column("invasive_on", sa.Date(), nullable=True),
        sa.Column("followed_days", sa.Integer(), nullable=True),
        sa.Column("dead", sa.Boolean(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("basis IN ('0', '1', '2', '4', '5', '6', '7', '8')", name=op.f("ck_tumour_basis")),
        sa.CheckConstraint(
            "deepest IN ('EP', 'LPM', 'MM', 'M', 'SM', 'SM1', 'SM2', 'SM3', 'MP', 'SS/A', 'SE', 'SI')",
            name=op.f("ck_tumour_deepest"),
        ),
        sa.CheckConstraint(
            "detection IN ('screen', 'interval', 'symptoms', 'surveillance', 'incidental', 'unknown')",
            name=op.f("ck_tumour_detection"),
        ),
        sa.CheckConstraint(
            "first_treatment IN ('esd', 'emr', 'eftr', 'surgery', 'chemotherapy', 'radiotherapy', 'chemoradiotherapy', 'targeted', 'ablation', 'supportive', 'none')",
            name=op.f("ck_tumour_first_treatment"),
        ),
        sa.CheckConstraint(
            "incidence_precision IN ('day', 'month', 'year', 'age')",
            name=op.f("ck_tumour_incidence_precision"),
        ),
        sa.CheckConstraint("m IN ('M0', 'M1', 'M1a', 'M1b', 'M1c', 'MX')", name=op.f("ck_tumour_m")),
        sa.CheckConstraint(
            "morphology IN ('8000/3', '8020/3', '8070/2', '8070/3', '8077/0', '8077/2', '8140/0', '8140/2', '8140/3', '8148/0', '8148/2', '8211/0', '8211/2', '8213/0', '8240/3', '8246/3', '8261/0', '8261/2', '8263/0', '8263/2', '8480/3', '8490/3', '8560/3', '8936/3', '9680/3', '9699/3')",
            name=op.f("ck_tumour_morphology"),
        ),
        sa.CheckConstraint(
            "n IN ('N0', 'N1', 'N1a', 'N1b', 'N1c', 'N2', 'N2a', 'N2b', 'N3', 'N3a', 'N3b', 'NX')",
            name=op.f("ck_tumour_n"),
        ),
        sa.CheckConstraint(
            "organ IN ('oesophagus', 'stomach', 'duodenum', 'colon', 'rectum', 'anus', 'other')",
            name=op.f("ck_tumour_organ"),
        ),
        sa.CheckConstraint("primary_rule IN ('iarc', 'seer')", name=op.f("ck_tumour_primary_rule")),
        sa.CheckConstraint(
            "stage_edition IN ('uicc7', 'uicc8', 'uicc9')", name=op.f("ck_tumour_stage_edition")
        ),
        sa.CheckConstraint(
            "stage_group IN ('0', 'I', 'IA', 'IB', 'II', 'IIA', 'IIB', 'IIC', 'III', 'IIIA', 'IIIB', 'IIIC', 'IV', 'IVA', 'IVB', 'IVC', 'X')",
            name=op.f("ck_tumour_stage_group"),
        ),
        sa.CheckConstraint("stage_prefix IN ('c', 'p', 'yp')", name=op.f("ck_tumour_stage_prefix")),
        sa.CheckConstraint(
            "summary_stage IN ('localised', 'regional', 'distant', 'unknown')",
            name=op.f("ck_tumour_summary_stage"),
        ),
        sa.CheckConstraint(
            "t IN ('T0', 'Tis', 'T1', 'T1a', 'T1b', 'T2', 'T3', 'T4', 'T4a', 'T4b', 'TX')",
            name=op.f("ck_tumour_t"),
        ),
        sa.CheckConstraint(
            "topography IN ('C15.3', 'C15.4', 'C15.5', 'C15.8', 'C15.9', 'C16.0', 'C16.1', 'C16.2', 'C16.3', 'C16.4', 'C16.5', 'C16.6', 'C16.8', 'C16.9', 'C17.0', 'C18.0', 'C18.1', 'C18.2', 'C18.3', 'C18.4', 'C18.5', 'C18.6', 'C18.7', 'C18.8', 'C18.9', 'C19.9', 'C20.9', 'C21.0', 'C21.1', 'C21.2', 'C21.8')",
            name=op.f("ck_tumour_topography"),
        ),
        sa.CheckConstraint(
            "worst IN ('1', '2', '3', '4.1', '4.2', '4.3', '4.4', '5.1', '5.2')", name=op.f("ck_tumour_worst")
        ),
        sa.CheckConstraint("followed_days BETWEEN 0 AND 60000", name=op.f("ck_tumour_followed_days")),
        sa.CheckConstraint("sequence BETWEEN 1 AND 99", name=op.f("ck_tumour_sequence")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_tumour_centre_id")),
        sa.ForeignKeyConstraint(
            ["detecting_centre_id"], ["centre.id"], name=op.f("fk_tumour_detecting_centre_id")
        ),
        sa.ForeignKeyConstraint(
            ["detecting_examination_id"], ["examination.id"], name=op.f("fk_tumour_detecting_examination_id")
        ),
        sa.ForeignKeyConstraint(
            ["detecting_operator_id"], ["user_account.id"], name=op.f("fk_tumour_detecting_operator_id")
        ),
        sa.ForeignKeyConstraint(
            ["diagnosing_centre_id"], ["centre.id"], name=op.f("fk_tumour_diagnosing_centre_id")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_tumour_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tumour_person_id")),
        sa.ForeignKeyConstraint(
            ["treating_centre_id"], ["centre.id"], name=op.f("fk_tumour_treating_centre_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tumour")),
        sa.UniqueConstraint("person_id", "sequence", name=op.f("uq_tumour_person_id_sequence")),
    )
    with op.batch_alter_table("tumour", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tumour_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tumour_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_tumour_survival",
            [
                "invasive",
                "followed_days",
                "dead",
                "summary_stage",
                "basis",
                "organ",
                "topography",
                "stage_group",
                "deepest",
                "t",
                "stage_prefix",
                "first_treatment",
                "invasive_on",
                "incidence_on",
                "import_id",
                "centre_id",
                "person_id",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_tumour_tally",
            ["organ", "detected_on", "detecting_centre_id", "detecting_operator_id"],
            unique=False,
        )

    op.create_table(
        "covering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("specimen_id", sa.Integer(), nullable=False),
        sa.Column("lesion_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_covering_centre_id")),
        sa.ForeignKeyConstraint(
            ["lesion_id", "centre_id"],
            ["lesion.id", "lesion.centre_id"],
            name=op.f("fk_covering_lesion_id_centre_id"),
        ),
        sa.ForeignKeyConstraint(
            ["specimen_id", "centre_id"],
            ["specimen.id", "specimen.centre_id"],
            name=op.f("fk_covering_specimen_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covering")),
    )
    with op.batch_alter_table("covering", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_covering_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_covering_lesion_id"), ["lesion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_covering_specimen_id"), ["specimen_id"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tumour_id", sa.Integer(), nullable=True),
        sa.Column("contacted_on", sa.Date(), nullable=False),
        sa.Column("mode", sa.String(length=24), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("vital", sa.String(length=24), nullable=True),
        sa.Column("recurrence", sa.String(length=24), nullable=True),
        sa.Column("metachronous", sa.Boolean(), nullable=True),
        sa.Column("examination_id", sa.Integer(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("next_due_what", sa.String(length=24), nullable=True),
        sa.Column("next_due_reason", sa.String(length=200), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "mode IN ('clinic', 'phone', 'message', 'home', 'linkage')", name=op.f("ck_follow_up_mode")
        ),
        sa.CheckConstraint(
            "next_due_what IN ('ogd', 'colonoscopy', 'sigmoidoscopy', 'eus', 'therapeutic_upper', 'therapeutic_lower', 'capsule', 'other')",
            name=op.f("ck_follow_up_next_due_what"),
        ),
        sa.CheckConstraint(
            "outcome IN ('booked', 'done_elsewhere', 'declined', 'no_answer', 'wrong_number', 'died', 'attended', 'alive')",
            name=op.f("ck_follow_up_outcome"),
        ),
        sa.CheckConstraint(
            "recurrence IN ('none', 'local', 'regional', 'distant', 'unknown')",
            name=op.f("ck_follow_up_recurrence"),
        ),
        sa.CheckConstraint("vital IN ('alive', 'dead', 'unknown')", name=op.f("ck_follow_up_vital")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_follow_up_centre_id")),
        sa.ForeignKeyConstraint(
            ["examination_id"], ["examination.id"], name=op.f("fk_follow_up_examination_id")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_follow_up_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_up_person_id")),
        sa.ForeignKeyConstraint(["tumour_id"], ["tumour.id"], name=op.f("fk_follow_up_tumour_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(
            "ix_follow_up_centre_id_next_due_on", ["centre_id", "settled", "next_due_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_follow_up_person_id"), ["person_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("specimen_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("laboratory", sa.String(length=80), nullable=True),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.String(length=4000), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_report_centre_id")),
        sa.ForeignKeyConstraint(
            ["specimen_id", "centre_id"],
            ["specimen.id", "specimen.centre_id"],
            name=op.f("fk_report_specimen_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("id", "centre_id", name=op.f("uq_report_id_centre_id")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_specimen_id"), ["specimen_id"], unique=False)

    op.create_table(
        "sighting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tumour_id", sa.Integer(), nullable=False),
        sa.Column("lesion_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_sighting_centre_id")),
        sa.ForeignKeyConstraint(["lesion_id"], ["lesion.id"], name=op.f("fk_sighting_lesion_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sighting_person_id")),
        sa.ForeignKeyConstraint(["tumour_id"], ["tumour.id"], name=op.f("fk_sighting_tumour_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sighting")),
        sa.UniqueConstraint("lesion_id", name=op.f("uq_sighting_lesion_id")),
    )
    with op.batch_alter_table("sighting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sighting_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sighting_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sighting_tumour_id"), ["tumour_id"], unique=False)

    op.create_table(
        "treatment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tumour_id", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(length=24), nullable=True),
        sa.Column("intent", sa.String(length=24), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("started_precision", sa.String(length=24), nullable=True),
        sa.Column("completeness", sa.String(length=24), nullable=True),
        sa.Column("refused", sa.Boolean(), nullable=True),
        sa.Column("examination_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "completeness IN ('complete', 'incomplete', 'unknown')", name=op.f("ck_treatment_completeness")
        ),
        sa.CheckConstraint(
            "intent IN ('curative', 'palliative', 'unknown')", name=op.f("ck_treatment_intent")
        ),
        sa.CheckConstraint(
            "started_precision IN ('day', 'month', 'year', 'age')",
            name=op.f("ck_treatment_started_precision"),
        ),
        sa.CheckConstraint(
            "type IN ('esd', 'emr', 'eftr', 'surgery', 'chemotherapy', 'radiotherapy', 'chemoradiotherapy', 'targeted', 'ablation', 'supportive', 'none')",
            name=op.f("ck_treatment_type"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_treatment_centre_id")),
        sa.ForeignKeyConstraint(
            ["examination_id"], ["examination.id"], name=op.f("fk_treatment_examination_id")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_treatment_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_treatment_person_id")),
        sa.ForeignKeyConstraint(["tumour_id"], ["tumour.id"], name=op.f("fk_treatment_tumour_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment")),
    )
    with op.batch_alter_table("treatment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_treatment_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_treatment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_treatment_tumour_id"), ["tumour_id"], unique=False)

    op.create_table(
        "result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("lesion_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=80), nullable=True),
        sa.Column("finding", sa.String(length=24), nullable=True),
        sa.Column("vienna", sa.String(length=24), nullable=True),
        sa.Column("vienna_version", sa.String(length=24), nullable=True),
        sa.Column("who_type", sa.String(length=24), nullable=True),
        sa.Column("morphology", sa.String(length=24), nullable=True),
        sa.Column("differentiation", sa.String(length=24), nullable=True),
        sa.Column("depth", sa.String(length=24), nullable=True),
        sa.Column("depth_um", sa.Integer(), nullable=True),
        sa.Column("ulceration", sa.String(length=24), nullable=True),
        sa.Column("lymphatic", sa.String(length=24), nullable=True),
        sa.Column("venous", sa.String(length=24), nullable=True),
        sa.Column("horizontal_margin", sa.String(length=24), nullable=True),
        sa.Column("vertical_margin", sa.String(length=24), nullable=True),
        sa.Column("r0", sa.Boolean(), nullable=True),
        sa.Column("size_mm", sa.Integer(), nullable=True),
        sa.Column("undifferentiated_mm", sa.Integer(), nullable=True),
        sa.Column("villous_percent", sa.Float(), nullable=True),
        sa.Column("budding", sa.String(length=24), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("budding IN ('1', '2', '3')", name=op.f("ck_result_budding")),
        sa.CheckConstraint(
            "depth IN ('EP', 'LPM', 'MM', 'M', 'SM', 'SM1', 'SM2', 'SM3', 'MP', 'SS/A', 'SE', 'SI')",
            name=op.f("ck_result_depth"),
        ),
        sa.CheckConstraint(
            "differentiation IN ('well', 'moderate', 'poor', 'undifferentiated', 'mixed')",
            name=op.f("ck_result_differentiation"),
        ),
        sa.CheckConstraint(
            "finding IN ('neoplasia', 'non_neoplastic', 'gastritis', 'lymphoma', 'net', 'gist', 'insufficient', 'no_residual')",
            name=op.f("ck_result_finding"),
        ),
        sa.CheckConstraint("horizontal_margin IN ('0', '1', 'X')", name=op.f("ck_result_horizontal_margin")),
        sa.CheckConstraint("lymphatic IN ('0', '1', 'X')", name=op.f("ck_result_lymphatic")),
        sa.CheckConstraint(
            "morphology IN ('8000/3', '8020/3', '8070/2', '8070/3', '8077/0', '8077/2', '8140/0', '8140/2', '8140/3', '8148/0', '8148/2', '8211/0', '8211/2', '8213/0', '8240/3', '8246/3', '8261/0', '8261/2', '8263/0', '8263/2', '8480/3', '8490/3', '8560/3', '8936/3', '9680/3', '9699/3')",
            name=op.f("ck_result_morphology"),
        ),
        sa.CheckConstraint("ulceration IN ('0', '1', 'X')", name=op.f("ck_result_ulceration")),
        sa.CheckConstraint("venous IN ('0', '1', 'X')", name=op.f("ck_result_venous")),
        sa.CheckConstraint("vertical_margin IN ('0', '1', 'X')", name=op.f("ck_result_vertical_margin")),
        sa.CheckConstraint(
            "vienna IN ('1', '2', '3', '4.1', '4.2', '4.3', '4.4', '5.1', '5.2')",
            name=op.f("ck_result_vienna"),
        ),
        sa.CheckConstraint(
            "vienna_version IN ('schlemper_2000', 'dixon_2002')", name=op.f("ck_result_vienna_version")
        ),
        sa.CheckConstraint(
            "who_type IN ('squamous_dysplasia', 'glandular_dysplasia', 'tubular_adenoma', 'tubulovillous_adenoma', 'villous_adenoma', 'hyperplastic_polyp', 'ssl', 'ssl_dysplasia', 'tsa', 'inflammatory_polyp', 'fundic_gland_polyp', 'adenocarcinoma', 'squamous_carcinoma', 'signet_ring', 'mucinous', 'adenosquamous', 'undifferentiated', 'neuroendocrine_tumour', 'neuroendocrine_carcinoma', 'gist', 'lymphoma', 'other')",
            name=op.f("ck_result_who_type"),
        ),
        sa.CheckConstraint("depth_um BETWEEN 0 AND 20000", name=op.f("ck_result_depth_um")),
        sa.CheckConstraint("size_mm BETWEEN 1 AND 300", name=op.f("ck_result_size_mm")),
        sa.CheckConstraint(
            "undifferentiated_mm BETWEEN 0 AND 300", name=op.f("ck_result_undifferentiated_mm")
        ),
        sa.CheckConstraint("villous_percent BETWEEN 0 AND 100", name=op.f("ck_result_villous_percent")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_result_centre_id")),
        sa.ForeignKeyConstraint(
            ["lesion_id", "centre_id"],
            ["lesion.id", "lesion.centre_id"],
            name=op.f("fk_result_lesion_id_centre_id"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id", "centre_id"],
            ["report.id", "report.centre_id"],
            name=op.f("fk_result_report_id_centre_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
    )
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_lesion_id"), ["lesion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_report_id"), ["report_id"], unique=False)

    protect_the_trail()


def downgrade() -> None:
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_result_report_id"))
        batch_op.drop_index(batch_op.f("ix_result_lesion_id"))
        batch_op.drop_index(batch_op.f("ix_result_centre_id"))

    op.drop_table("result")
    with op.batch_alter_table("treatment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_treatment_tumour_id"))
        batch_op.drop_index(batch_op.f("ix_treatment_person_id"))
        batch_op.drop_index(batch_op.f("ix_treatment_centre_id"))

    op.drop_table("treatment")
    with op.batch_alter_table("sighting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sighting_tumour_id"))
        batch_op.drop_index(batch_op.f("ix_sighting_person_id"))
        batch_op.drop_index(batch_op.f("ix_sighting_centre_id"))

    op.drop_table("sighting")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_specimen_id"))
        batch_op.drop_index(batch_op.f("ix_report_centre_id"))

    op.drop_table("report")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_person_id"))
        batch_op.drop_index("ix_follow_up_centre_id_next_due_on")
        batch_op.drop_index(batch_op.f("ix_follow_up_centre_id"))

    op.drop_table("follow_up")
    with op.batch_alter_table("covering", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_covering_specimen_id"))
        batch_op.drop_index(batch_op.f("ix_covering_lesion_id"))
        batch_op.drop_index(batch_op.f("ix_covering_centre_id"))

    op.drop_table("covering")
    with op.batch_alter_table("tumour", schema=None) as batch_op:
        batch_op.drop_index("ix_tumour_tally")
        batch_op.drop_index("ix_tumour_survival")
        batch_op.drop_index(batch_op.f("ix_tumour_person_id"))
        batch_op.drop_index(batch_op.f("ix_tumour_centre_id"))

    op.drop_table("tumour")
    with op.batch_alter_table("specimen", schema=None) as batch_op:
        batch_op.drop_index("ix_specimen_tally")
        batch_op.drop_index(batch_op.f("ix_specimen_examination_id"))
        batch_op.drop_index("ix_specimen_centre_id_reported_taken_on")
        batch_op.drop_index("ix_specimen_centre_id_pathology_number")
        batch_op.drop_index(batch_op.f("ix_specimen_centre_id"))

    op.drop_table("specimen")
    with op.batch_alter_table("search_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_token_enrolment_id"))
        batch_op.drop_index("ix_search_token_centre_id_digest")
        batch_op.drop_index(batch_op.f("ix_search_token_centre_id"))

    op.drop_table("search_token")
    with op.batch_alter_table("lesion", schema=None) as batch_op:
        batch_op.drop_index("ix_lesion_tally")
        batch_op.drop_index(batch_op.f("ix_lesion_same_as_id"))
        batch_op.drop_index(batch_op.f("ix_lesion_centre_id"))

    op.drop_table("lesion")
    with op.batch_alter_table("identity_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_document_person_id"))
        batch_op.drop_index(batch_op.f("ix_identity_document_enrolment_id"))
        batch_op.drop_index("ix_identity_document_digest_owner")
        batch_op.drop_index(batch_op.f("ix_identity_document_centre_id"))

    op.drop_table("identity_document")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_enrolment_id"))
        batch_op.drop_index(batch_op.f("ix_contact_centre_id"))

    op.drop_table("contact")
    with op.batch_alter_table("background", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_background_centre_id"))

    op.drop_table("background")
    with op.batch_alter_table("adverse_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adverse_event_examination_id"))
        batch_op.drop_index(batch_op.f("ix_adverse_event_centre_id"))

    op.drop_table("adverse_event")
    with op.batch_alter_table("accepted_flag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accepted_flag_examination_id"))
        batch_op.drop_index(batch_op.f("ix_accepted_flag_centre_id"))

    op.drop_table("accepted_flag")
    with op.batch_alter_table("vital_status", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vital_status_person_id"))
        batch_op.drop_index(batch_op.f("ix_vital_status_centre_id"))

    op.drop_table("vital_status")
    with op.batch_alter_table("screening_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_screening_round_person_id"))
        batch_op.drop_index(batch_op.f("ix_screening_round_centre_id"))

    op.drop_table("screening_round")
    with op.batch_alter_table("risk_assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_risk_assessment_person_id"))
        batch_op.drop_index(batch_op.f("ix_risk_assessment_centre_id"))

    op.drop_table("risk_assessment")
    with op.batch_alter_table("prior_surgery", schema=None) as batch_op:
        batch_op.drop_index("ix_prior_surgery_person_id_kind")
        batch_op.drop_index(batch_op.f("ix_prior_surgery_person_id"))
        batch_op.drop_index(batch_op.f("ix_prior_surgery_centre_id"))

    op.drop_table("prior_surgery")
    op.drop_table("person_key")
    with op.batch_alter_table("known_syndrome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_known_syndrome_person_id"))
        batch_op.drop_index(batch_op.f("ix_known_syndrome_centre_id"))

    op.drop_table("known_syndrome")
    with op.batch_alter_table("imported_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_case_person_id"))
        batch_op.drop_index(batch_op.f("ix_imported_case_import_id"))
        batch_op.drop_index(batch_op.f("ix_imported_case_centre_id"))

    op.drop_table("imported_case")
    with op.batch_alter_table("examination", schema=None) as batch_op:
        batch_op.drop_index("ix_examination_persons")
        batch_op.drop_index(batch_op.f("ix_examination_person_id"))
        batch_op.drop_index("ix_examination_performed_on")
        batch_op.drop_index("ix_examination_operator_id_performed_on")
        batch_op.drop_index(batch_op.f("ix_examination_number"))
        batch_op.drop_index("ix_examination_centre_id_performed_on")
        batch_op.drop_index(batch_op.f("ix_examination_centre_id"))

    op.drop_table("examination")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_record_number_digest"))
        batch_op.drop_index("ix_enrolment_centre_id_person_id")
        batch_op.drop_index(batch_op.f("ix_enrolment_centre_id"))

    op.drop_table("enrolment")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_centre_id"))

    op.drop_table("draft")
    op.drop_table("person")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index("ix_user_session_user_id_ended_at")

    op.drop_table("user_session")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_centre_id"))

    op.drop_table("import_run")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_user_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_centre_id"))

    op.drop_table("appointment")
    op.drop_table("user_account")
    op.drop_table("sign_in")
    op.drop_table("setup_code")
    op.drop_table("centre")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject_subject_id")
        batch_op.drop_index("ix_audit_entry_person_id")

    op.drop_table("audit_entry")
    release_the_trail()


WORDS = "the audit trail is only ever added to"


def protect_the_trail() -> None:
    """Refuse UPDATE and DELETE on the trail, and on PostgreSQL TRUNCATE, to whoever runs the application."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_refuses_{verb.lower()} BEFORE {verb} ON audit_entry "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_entry_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuses()"
    )


def release_the_trail() -> None:
    """Take the function away with its table; SQLite drops triggers with theirs."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_refuses()")
