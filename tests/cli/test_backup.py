"""The restore drill: a backup taken under load comes back whole, on both engines."""

import json
import threading
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from registry import create_app, keyring
from registry.access import unscoped
from registry.codes.alliance import Role
from registry.extensions import db
from registry.models import AuditEntry, Enrolment, Person
from registry.services import backup
from registry.services.people import enrolling
from registry.services.unit import change
from tests.conftest import ENGINES


@pytest.fixture(params=ENGINES)
def engine(request):
    """Each is backed up in its own way."""
    return str(request.param)


@pytest.fixture
def flask(app):
    def run(*words):
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    return run


@pytest.fixture
def file(tmp_path):
    return tmp_path / "registry.backup"


def everybody():
    with unscoped("made-up alliance"):
        return db.session.scalar(select(func.count()).select_from(Person))


@pytest.fixture
def enrolled(acting):
    """Three people at the city hospital."""
    with acting(Role.RECORDER, "city"):
        for name in ("甲某", "乙某", "丙某"):
            enrolling.enrol(name=name)


def test_what_was_saved_under_load_comes_back_whole(acting, flask, enrolled, file, app):
    stop, failures = threading.Event(), []

    def write(number):
        try:
            with acting(Role.RECORDER, ("county_a", "county_b")[number % 2]):
                while not stop.is_set():
                    enrolling.enrol(name=f"并行{number}")
        except Exception as failure:  # noqa: BLE001 – shown by the test
            failures.append(failure)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    saved = flask("backup", file)
    stop.set()
    for writer in writers:
        writer.join()
    assert saved.exit_code == 0, saved.output
    assert failures == []
    with backup.unpacked(file) as (manifest, _):
        pass
    with app.app_context():
        now = everybody()
        assert 3 <= manifest.counts["person"] <= now
        db.session.remove()
    refused = flask("restore", file)
    assert refused.exit_code != 0
    assert "--replace" in refused.output
    restored = flask("restore", file, "--replace")
    assert restored.exit_code == 0, restored.output
    with app.app_context():
        assert everybody() == manifest.counts["person"]
    with acting(Role.RECORDER, "city"):
        names = {row.name for row in db.session.scalars(select(Enrolment))}
        assert names == {"甲某", "乙某", "丙某"}
        enrolling.enrol(name="丁某")  # numbers go on where they were
    assert flask("audit", "verify").exit_code == 0
    kept = next(Path(app.config["KEYS"]).parent.glob("before-restore-*.backup"))
    with backup.unpacked(kept) as (before, _):
        assert before.counts["person"] == now
    kept.unlink()


def test_neither_keys_nor_names_are_inside(flask, enrolled, file, app):
    assert flask("backup", file).exit_code == 0
    keys = json.loads(Path(app.config["KEYS"]).read_text())
    with zipfile.ZipFile(file) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    for secret in ("甲某", keys["index"], keys["audit"], *keys["masters"].values()):
        assert secret.encode() not in content
    assert file.stat().st_mode & 0o077 == 0


def test_a_damaged_backup_changes_nothing(flask, enrolled, file, app):
    assert flask("backup", file).exit_code == 0
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        largest = max(archive.infolist(), key=lambda member: member.compress_size)
    middle = largest.header_offset + 64 + largest.compress_size // 2
    # Many bytes: one flipped bit may turn "repeat the last zero" into "repeat the last but one".
    content[middle : middle + 64] = bytes(byte ^ 0xFF for byte in content[middle : middle + 64])
    file.write_bytes(content)
    done = flask("restore", file, "--replace")
    assert done.exit_code != 0
    assert file.name in done.output, done.exception
    with app.app_context():
        assert everybody() == 3
    for kept in Path(app.config["KEYS"]).parent.glob("before-restore-*.backup"):
        kept.unlink()


def test_a_backup_of_other_keys_is_refused(flask, enrolled, file, settings, tmp_path):
    assert flask("backup", file).exit_code == 0
    other = tmp_path / "other" / "keys.json"
    keyring.KeyRing.new().save(other)
    stranger = create_app({**settings, "KEYS": other})
    with stranger.app_context(), pytest.raises(backup.Unfit):
        backup.restore(file)
    with stranger.app_context():
        assert everybody() == 3
        db.session.remove()
        db.engine.dispose()


def test_an_existing_file_is_not_overwritten_unasked(flask, enrolled, file):
    file.write_text("dear to somebody")
    assert flask("backup", file).exit_code != 0
    assert file.read_text() == "dear to somebody"
    assert flask("backup", file, "--overwrite").exit_code == 0


def test_a_registry_with_a_broken_trail_is_not_saved_in_silence(flask, enrolled, file, app):
    with app.app_context():
        tamper()
    done = flask("backup", file)
    assert done.exit_code != 0
    assert "2" in done.output
    assert not file.exists()


def test_a_damaged_registry_can_still_be_replaced(flask, enrolled, file, app):
    assert flask("backup", file).exit_code == 0
    with app.app_context():
        tamper()
    kept = flask("restore", file, "--replace")
    assert kept.exit_code != 0
    assert "--discard" in kept.output
    assert flask("restore", file, "--discard").exit_code == 0
    assert flask("audit", "verify").exit_code == 0


def tamper():
    """Alter the second entry, past the guard that stands in the database."""
    table = AuditEntry.__table__
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            triggers = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).scalars()
            for name in triggers.all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        else:
            connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        connection.execute(table.update().where(table.c.seq == 2).values(actor="somebody else"))
        if db.engine.dialect.name != "sqlite":
            connection.exec_driver_sql("ALTER TABLE audit_entry ENABLE TRIGGER USER")
        connection.commit()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # PostgreSQL's owner made its place before
def test_an_empty_place_takes_a_backup(flask, enrolled, file, settings, tmp_path, engine):
    assert flask("backup", file).exit_code == 0
    fresh = create_app({**settings, "DATABASE": f"sqlite:///{tmp_path / 'fresh.sqlite'}"})
    done = fresh.test_cli_runner().invoke(args=["restore", str(file)])
    assert done.exit_code == 0, done.output
    with fresh.app_context():
        assert everybody() == 3
        with change("nothing"):
            pass
        db.session.remove()
        db.engine.dispose()
