"""Many write at once: the chain neither forks nor has gaps, nobody is turned away, nothing is lost."""

import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from registry import extensions, keyring
from registry.access import MAY, Scope, act_as, unscoped
from registry.codes.alliance import Role
from registry.extensions import db, writing
from registry.models import AuditEntry, Examination, Lesion, Person, PersonKey
from registry.services import chain, proof, unit
from registry.services.unit import batch, change, look
from tests.lives import Life, work_at

EACH, WRITERS = 6, 6


def whole(app, entries):
    """Assert that the trail is unbroken and `entries` long."""
    with app.app_context():
        keyring.use(app.extensions["registry.keyring"])
        count, faults = proof.verify(app.config["AUDIT_HEADS"])
    assert faults == []
    assert count == entries


def length(app):
    with app.app_context(), unscoped("audit chain"):
        return db.session.scalar(select(func.count()).select_from(AuditEntry))


@pytest.fixture
def endoscopist(alliance):
    return Scope(1, "endoscopist", frozenset({alliance.city.id}), MAY[Role.ENDOSCOPIST], place="city")


def test_threads_neither_fork_nor_skip(app, endoscopist):
    before = length(app)

    def write(number):
        with app.app_context():
            act_as(endoscopist)
            for turn in range(EACH):
                db.session.scalar(select(func.count()).select_from(Person))  # read first: the trap
                with change("person.add") as one:
                    person = Person(pseudonym=f"P{number}-{turn}")
                    person.key = PersonKey(wrapped=keyring.current().new_data_key())
                    one.add(person, person.key)
                look("person", person.id, person_id=person.id)
            act_as(None)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    whole(app, before + WRITERS * EACH * 3)


def looks(_say, settings, many):
    """What another process does: look at a person so many times."""
    work_at(settings, 1, 1)
    for _ in range(many):
        look("person", 1)


def test_processes_neither_fork_nor_skip(app, alliance, settings):
    before = length(app)
    running = [Life.begin(looks, settings, 20) for _ in range(2)]
    assert [process.ends() for process in running] == [0, 0]
    whole(app, before + 40)


def test_a_look_succeeds_while_a_batch_is_being_written(app, endoscopist):
    """An import writes in short transactions; who reads a case meanwhile waits for one of them at most."""
    inside, done = threading.Event(), threading.Event()

    def bring_in():
        with app.app_context():
            act_as(endoscopist)
            for turn in range(3):
                with batch("import.batch", "import") as session:
                    inside.set()
                    rows = [{"pseudonym": f"I{turn}-{number}", "sex": "9"} for number in range(300)]
                    session.execute(insert(Person.__table__), [row | UNKNOWN for row in rows])
                    session.info["entries"].append({"subject": "person", "changes": {"rows": [None, 300]}})
            done.set()
            act_as(None)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(bring_in)
        inside.wait(10)
        looks = 0
        with app.app_context():
            act_as(endoscopist)
            while not done.is_set() or not looks:
                look("person", 1)
                looks += 1
            act_as(None)
        running.result()
    assert looks >= 1


UNKNOWN = {"vital": "unknown", "vital_conflict": False, "version": 1}


def test_two_who_edit_one_case_at_once_do_not_both_win(app, at_city, endoscopist):
    barrier = threading.Barrier(4)

    def edit(size):
        with app.app_context():
            act_as(endoscopist)
            lesion = db.session.get_one(Lesion, at_city.ids["lesion"])
            seen = db.session.get_one(Examination, at_city.ids["examination"]).version
            barrier.wait()
            try:
                with change("lesion.amend", seen=seen) as one:
                    one.edit(db.session.get_one(Lesion, lesion.id)).size_mm = size
            except unit.Overtaken:
                return None
            finally:
                act_as(None)
            return size

    with ThreadPoolExecutor(4) as pool:
        won = [size for size in pool.map(edit, range(20, 24)) if size]
    assert len(won) == 1
    with app.app_context():
        act_as(endoscopist)
        assert db.session.get_one(Lesion, at_city.ids["lesion"]).size_mm == won[0]
        act_as(None)


# ---- the cures, each shown by taking it away ---------------------------------------------------------


def forked(app, monkeypatch, writers):
    """Whether parallel looks lose entries or fail when they do not queue."""
    failures = []

    def write(_):
        with app.app_context():
            act_as(Scope(1, "writer", frozenset(), MAY[Role.ENDOSCOPIST]))
            for _ in range(15):
                try:
                    look("person", 1)
                except Exception as wrong:  # noqa: BLE001 - whichever way it fails, it fails
                    failures.append(wrong)
            act_as(None)

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    return failures


def test_without_the_lock_parallel_writers_fail(app, alliance, engine, monkeypatch):
    """Findings 2 and 3: on SQLite a deferred BEGIN, on PostgreSQL no advisory lock."""
    append = chain.append

    def slowly(session, scope, entries):
        session.execute(select(func.max(AuditEntry.seq)))
        threading.Event().wait(0.01)
        append(session, scope, entries)

    monkeypatch.setattr(chain, "append", slowly)
    if engine == "sqlite":
        monkeypatch.setattr(
            unit, "writing", type("Never", (), {"set": lambda *_: None, "reset": lambda *_: None})()
        )
    else:
        monkeypatch.setattr(unit, "_take_turn", lambda session: None)
    assert forked(app, monkeypatch, 4)
    monkeypatch.undo()
    monkeypatch.setattr(chain, "append", slowly)
    assert forked(app, monkeypatch, 4) == []


def test_the_database_itself_refuses_a_fork(app, alliance):
    table = AuditEntry.__table__
    with app.app_context():
        with db.engine.connect() as connection:
            last = connection.execute(table.select().order_by(table.c.seq.desc()).limit(1)).mappings().one()
        forked = {**last, "seq": last["seq"] + 1, "hash": "f" * 64}
        with pytest.raises(IntegrityError, match="previous"), db.engine.begin() as connection:
            connection.execute(table.insert().values(forked))


def test_a_rolled_back_table_is_gone(app, engine, tmp_path):
    """Finding 5: as Python's driver begins, DDL outlives a rollback on SQLite; as we begin, it does not."""
    with app.app_context():
        with db.engine.connect() as connection:
            connection.execute(text("CREATE TABLE half_done (id INTEGER)"))
            connection.rollback()
        with db.engine.connect() as connection:
            assert not inspect(connection).has_table("half_done")
    with closing(sqlite3.connect(tmp_path / "bare.sqlite")) as bare:
        bare.execute("CREATE TABLE half_done (id INTEGER)")
        bare.rollback()
        assert bare.execute("SELECT name FROM sqlite_master").fetchall() == [("half_done",)]


def test_writing_begins_immediately_and_reading_does_not(app, alliance, engine):
    """A transaction that will write takes its turn at BEGIN, so its snapshot is never overtaken."""
    if engine == "postgresql":
        with app.app_context(), db.engine.connect() as connection:
            assert connection.get_isolation_level() == "READ COMMITTED"
        return
    begun = []
    with app.app_context():

        @event.listens_for(db.engine, "before_cursor_execute")
        def note(_connection, _cursor, statement, *_):
            if statement.startswith("BEGIN"):
                begun.append(statement)

        db.session.scalar(select(func.count()).select_from(Person))
        db.session.rollback()
        token = writing.set(True)
        db.session.scalar(select(func.count()).select_from(Person))
        writing.reset(token)
        db.session.rollback()
    assert begun == ["BEGIN", "BEGIN IMMEDIATE"]


def test_the_clock_turned_back_keeps_the_order(app, alliance, monkeypatch, endoscopist):
    before = length(app)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2020, 1, 1, tzinfo=UTC)

    with app.app_context():
        act_as(endoscopist)
        look("person", 1)
        monkeypatch.setattr(chain, "datetime", Clock)
        look("person", 2)
        act_as(None)
    whole(app, before + 2)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # PostgreSQL's writers stand in a queue
def test_a_look_gets_its_turn_between_the_batches_of_another(app, endoscopist):
    holds, begun, enough = [], threading.Event(), threading.Event()

    def hold():  # as an import does: its next batch is ready as soon as one is written
        other = sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"), timeout=15)
        with closing(other):
            other.isolation_level = None
            while not enough.is_set() and len(holds) < 200:
                other.execute("BEGIN IMMEDIATE")
                holds.append(1)
                begun.set()
                time.sleep(0.3)
                other.execute("COMMIT")
                time.sleep(0.02)

    thread = threading.Thread(target=hold)
    thread.start()
    with app.app_context():
        act_as(endoscopist)
        passed, chance = 0, random.Random(3)
        begun.wait()
        for _ in range(8):
            time.sleep(chance.random() * 0.3)
            before = len(holds)
            look("worklist")
            passed += len(holds) - before
        assert passed <= 12  # at best eight; some sixteen with SQLite's own way of waiting
        act_as(None)
    enough.set()
    thread.join()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_never_gets_a_turn_is_told(app, endoscopist, monkeypatch):
    monkeypatch.setattr(extensions, "PATIENCE", 0.1)
    other = sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    with closing(other), app.app_context():
        other.execute("BEGIN IMMEDIATE")
        act_as(endoscopist)
        with pytest.raises(OperationalError, match="locked"):
            look("worklist")
        other.rollback()
        look("worklist")
        act_as(None)
