"""The trail: an entry for every change in the change's own transaction, and a chain that shows tampering."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from registry import keyring
from registry.codes.endoscopy import ExaminationType
from registry.extensions import db
from registry.models import AuditEntry, Base, Enrolment, Examination, Lesion, Person
from registry.queries.trail import SUBJECTS, words_of
from registry.services import chain, proof
from registry.services.unit import Overtaken, batch, change, look

TABLE = AuditEntry.__table__


def owner(app):
    """A connection of whoever administers the database: nothing of ours stands between."""
    return db.engine.begin()


def unprotected(connection):
    """Take the database's own protection away, as its administrator can."""
    if connection.dialect.name == "sqlite":
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
        ).fetchall():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")


@pytest.fixture
def faults(app):
    """What `flask audit verify` finds, as (sequence number, English words)."""

    def found():
        with app.app_context():
            keyring.use(app.extensions["registry.keyring"])
            _, wrong = proof.verify(app.config["AUDIT_HEADS"])
            return [(fault.seq, fault.words.en) for fault in wrong]

    return found


@pytest.fixture
def examination(acting, at_city):
    """An examination of the city hospital, in the hands of an endoscopist there."""
    with acting("endoscopist", "city"):
        yield db.session.get_one(Examination, at_city.ids["examination"])


# ---- every change leaves its entries -----------------------------------------------------------------


def test_a_change_leaves_one_entry_for_each_record(examination, audit_entries, alliance):
    with change("examination.record", reason="typing error") as unit:
        unit.edit(examination).photos = 40
        unit.edit(examination.lesions[0]).size_mm = 14
        unit.add(Lesion(examination=examination, number=2, site=examination.lesions[0].site))
    told = [
        (entry.kind, entry.subject, json.loads(entry.changes))
        for entry in audit_entries("examination.record")
    ]
    assert [(kind, subject) for kind, subject, _ in told] == [
        ("create", "lesion"),
        ("update", "examination"),
        ("update", "lesion"),
    ]
    assert told[1][2] == {"photos": [None, 40]}
    assert told[2][2] == {"size_mm": [12, 14]}
    entry = audit_entries("examination.record")[1]
    assert (entry.actor, entry.place, entry.reason) == (
        "endoscopist.city",
        alliance.city.name,
        "typing error",
    )
    assert entry.person_id == examination.person_id
    assert entry.centre_id == alliance.city.id
    assert entry.at.utcoffset().total_seconds() == 0


def test_a_removal_keeps_the_last_state(examination, audit_entries):
    with change("accepted.withdraw") as unit:
        unit.remove(examination.accepted[0])
    (entry,) = audit_entries("accepted.withdraw")
    assert (entry.kind, entry.subject) == ("delete", "accepted_flag")
    assert json.loads(entry.changes)["reason"] == ["seen", None]


def test_a_failed_change_leaves_nothing(examination, audit_entries, app):
    def fail():
        with change("examination.record") as unit:
            unit.edit(examination).photos = 40
            unit.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    db.session.expire_all()
    assert examination.photos is None
    assert audit_entries() == []


def test_a_change_whose_entry_cannot_be_written_is_no_change(examination, audit_entries, monkeypatch):
    def no_chain(*_):
        raise OSError("no space left")

    monkeypatch.setattr(chain, "append", no_chain)
    with pytest.raises(OSError, match="space"), change("examination.record") as unit:
        unit.edit(examination).photos = 40
    db.session.expire_all()
    assert examination.photos is None


def test_records_are_changed_only_inside_a_change(examination):
    examination.photos = 40
    with pytest.raises(RuntimeError, match="outside"):
        db.session.flush()


def test_a_look_and_a_batch_leave_an_entry(examination, audit_entries):
    look("person", examination.person_id, person_id=examination.person_id, reason="referral")
    with batch("import.batch", "import") as session:
        session.info["entries"].append(
            {"subject": "import_run", "subject_id": 1, "changes": {"rows": [None, 3]}}
        )
    assert [(entry.action, entry.kind) for entry in audit_entries()] == [
        ("person.look", "look"),
        ("import.batch", "batch"),
    ]


def test_what_names_somebody_stands_in_the_trail_as_it_is_stored(acting, at_city, audit_entries):
    with acting("recorder", "city"):
        enrolment = db.session.scalars(select(Enrolment)).one()
        old = enrolment.name_sealed
        with change("enrolment.amend", reason="name changed") as unit:
            unit.edit(enrolment).name = "哨兵新名"
        (entry,) = audit_entries("enrolment.amend")
        assert json.loads(entry.changes)["name_sealed"] == [old.hex(), enrolment.name_sealed.hex()]
        assert "哨兵" not in entry.changes


# ---- two editors -------------------------------------------------------------------------------------


def test_the_second_of_two_editors_is_overtaken(examination, audit_entries):
    seen = examination.version
    with change("examination.record", seen=seen) as unit:
        unit.edit(examination.lesions[0]).size_mm = 14
    assert examination.version == seen + 1
    before = len(audit_entries())
    with pytest.raises(Overtaken) as overtaken, change("examination.record", seen=seen) as unit:
        unit.edit(examination).photos = 40
    assert (overtaken.value.seen, overtaken.value.now) == (seen, seen + 1)
    db.session.expire_all()
    assert examination.photos is None
    assert len(audit_entries()) == before


def test_an_overtaken_form_is_answered_409(sign_in, alliance):
    first, second = sign_in("alliance_admin"), sign_in("alliance_admin")
    fields = {"name_zh": "甲县医院", "kind": "county", "place": "member", "version": "1", "active": "y"}
    address = f"/admin/centres/{alliance.county_a.id}"
    assert first.post(address, data=fields).status_code == 302
    late = second.post(address, data=fields | {"name_zh": "另一个名字"})
    assert late.status_code == 409
    assert "甲县医院" in first.get("/admin/centres").text


# ---- tampering ---------------------------------------------------------------------------------------


def test_the_database_refuses_to_alter_the_trail(app, alliance):
    statements = [TABLE.update().values(actor="somebody else"), TABLE.delete()]
    with app.app_context():
        for statement in statements:
            with pytest.raises(DBAPIError, match="only ever added to"), owner(app) as connection:
                connection.execute(statement)
        if db.engine.dialect.name == "postgresql":
            with pytest.raises(DBAPIError, match="only ever added to"), owner(app) as connection:
                connection.exec_driver_sql("TRUNCATE audit_entry")
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_an_untouched_trail_is_whole(faults, at_city):
    assert faults() == []


ALTERED = {
    "actor": "somebody else",
    "actor_id": 99,
    "action": "nothing.done",
    "kind": "look",
    "centre_id": 99,
    "person_id": 99,
    "subject": "person",
    "subject_id": 99,
    "changes": "{}",
    "reason": "made up",
    "place": "elsewhere",
}


def test_any_altered_value_is_named(app, faults, at_city):
    for column, value in ALTERED.items():
        with app.app_context(), owner(app) as connection:
            unprotected(connection)
            row = connection.execute(TABLE.select().where(TABLE.c.seq == 5)).mappings().one()
            connection.execute(TABLE.update().where(TABLE.c.seq == 5).values({column: value}))
        assert faults() == [(5, "altered")], column
        with app.app_context(), owner(app) as connection:
            connection.execute(TABLE.update().where(TABLE.c.seq == 5).values({column: row[column]}))
    assert faults() == []


def test_a_deleted_entry_is_named(app, faults, at_city):
    with app.app_context(), owner(app) as connection:
        unprotected(connection)
        connection.execute(TABLE.delete().where(TABLE.c.seq == 5))
    assert (5, "missing") in faults()


def test_a_renumbered_trail_is_named(app, faults, at_city):
    """Whoever deletes one and moves the others up breaks every link that follows."""
    with app.app_context(), owner(app) as connection:
        unprotected(connection)
        last = connection.scalar(select(func.max(TABLE.c.seq)))
        connection.execute(TABLE.delete().where(TABLE.c.seq == last - 1))
        connection.execute(TABLE.update().where(TABLE.c.seq == last).values(seq=last - 1))
    assert {what for seq, what in faults() if seq == last - 1} == {
        "altered",
        "does not follow the entry before it",
    }


def test_an_inserted_entry_is_named(app, faults, at_city):
    with app.app_context(), owner(app) as connection:
        last = connection.execute(TABLE.select().order_by(TABLE.c.seq.desc()).limit(1)).mappings().one()
        forged = {**last, "seq": last["seq"] + 1, "previous": last["hash"], "hash": "f" * 64}
        connection.execute(TABLE.insert().values(forged))
    assert faults() == [(last["seq"] + 1, "altered")]


def test_a_tail_cut_off_is_named_by_the_head_that_was_noted(app, faults, acting, at_city, tmp_path):
    with app.app_context():
        seq = proof.head().split()[1]
        with app.config["AUDIT_HEADS"].open("a") as heads:
            heads.write(proof.head() + "\n")
    with app.app_context(), owner(app) as connection:
        unprotected(connection)
        connection.execute(TABLE.delete().where(TABLE.c.seq > int(seq) - 3))
    assert faults() == [(int(seq), "was noted outside the database and is gone")]


def test_an_emptied_trail_is_named(app, faults, at_city):
    with app.app_context(), owner(app) as connection:
        unprotected(connection)
        connection.execute(TABLE.delete())
    assert faults() != []


def test_the_head_is_noted_once_a_day(app, acting, alliance):
    with acting("endoscopist", "city"):
        for _ in range(3):
            look("person", 1)
    assert len(app.config["AUDIT_HEADS"].read_text().splitlines()) == 1


def test_verify_names_the_entry_on_the_command_line(app, at_city):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    with app.app_context(), owner(app) as connection:
        unprotected(connection)
        connection.execute(TABLE.update().where(TABLE.c.seq == 7).values(actor="x"))
    told = runner.invoke(args=["audit", "verify"])
    assert told.exit_code == 1
    assert "7: " in told.output


# ---- as readers see it -------------------------------------------------------------------------------


def test_a_records_history_is_in_words_and_names_nobody(acting, at_city, sign_in):
    with acting("endoscopist", "city"):
        lesion = db.session.get_one(Lesion, at_city.ids["lesion"])
        with change("lesion.amend", reason="重新测量") as unit:
            unit.edit(lesion).size_mm = 15
        enrolment = db.session.scalars(select(Enrolment)).one()
        with change("enrolment.amend") as unit:
            unit.edit(enrolment).phone = "13700000000"
    browser = sign_in("endoscopist", "city")
    page = browser.get(f"/history/examination/{at_city.ids['examination']}").text
    for words in ("病变大小", "12 mm", "15 mm", "重新测量", "内镜医师"):
        assert words in page
    page = browser.get(f"/history/enrolment/{at_city.ids['enrolment']}").text
    assert "加密，不显示" in page
    assert not any(word in page for word in at_city.words.naming)


def test_a_history_is_its_centres_own(at_city, at_county, sign_in):
    address = f"/history/examination/{at_city.ids['examination']}"
    assert sign_in("endoscopist", "county_a").get(address).status_code == 404
    assert sign_in("endoscopist", "city").get("/history/user_account/1").status_code == 404
    assert sign_in("endoscopist", "city").get("/history/nonsense/1").status_code == 404


def test_the_auditor_finds_what_somebody_did(acting, at_city, sign_in):
    browser = sign_in("auditor")
    page = browser.get("/trail?actor=endoscopist.city&kind=create&subject=lesion").text
    assert "病变" in page
    assert browser.get("/trail?actor=nobody").text.count("<tr>") == 0
    assert not any(word in browser.get("/trail").text for word in at_city.words.naming)


def test_a_new_case_after_midnight_in_china_is_of_the_new_day(acting, alliance, monkeypatch, sign_in):
    from datetime import UTC, datetime

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 1, 1, 17, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(chain, "datetime", Clock)
    with acting("endoscopist", "city"):
        look("person", 1)
    browser = sign_in("auditor")
    assert "2026-01-02 01:30" in browser.get("/trail?since=2026-01-02&until=2026-01-02").text
    assert "2026-01-02 01:30" not in browser.get("/trail?until=2026-01-01").text


def test_persons_are_in_their_centres_history(acting, at_city, sign_in):
    with acting("recorder", "city"):
        person = db.session.get_one(Person, at_city.ids["person"])
        with change("person.amend", reason="证件复核") as unit:
            unit.edit(person).born_on = date(1961, 5, 1)
    page = sign_in("endoscopist", "city").get(f"/history/person/{at_city.ids['person']}").text
    assert "证件复核" in page
    assert "1961-05-01" in page


def test_an_examination_begins_with_version_one(acting, at_city):
    with acting("endoscopist", "city"):
        examination = db.session.get_one(Examination, at_city.ids["examination"])
        assert (examination.version, examination.type) == (1, ExaminationType.OGD)


def test_a_history_calls_every_column_by_a_name():
    """Whoever reads what changed reads words; a column of this list is in no history at all."""
    unseen = {"id", "centre_id", "import_id", "version", "wrapped", "content", "seq", "token", "actor"}
    unseen |= {"source"}
    bare = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if table.name in SUBJECTS
        for column in table.columns
        if column.name not in unseen and not column.name.endswith(("_digest", "digest"))
        if words_of(column.name, column.info).zh == column.name
    }
    assert bare == set()
