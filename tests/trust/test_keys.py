"""The key file: what it opens, and replacing its master key while work goes on."""

import json

import pytest
from sqlalchemy import select

from registry import keyring
from registry.access import open_ring
from registry.cli import keys as keys_command
from registry.extensions import db
from registry.models import Enrolment, PersonKey
from registry.services import health
from registry.services.unit import change


@pytest.fixture(autouse=True)
def own_keys(app, keys, tmp_path, monkeypatch):
    """A key file that this test may change."""
    path = tmp_path / "keys.json"
    path.write_text(keys.read_text())
    path.chmod(0o600)
    app.config["KEYS"] = path
    monkeypatch.setattr(keys_command, "UNDER_WAY", 0.01)
    return path


def name_at(acting, place="city"):
    with acting("recorder", place):
        return db.session.scalars(select(Enrolment)).one().name


def test_a_new_master_key_opens_what_the_old_one_closed(app, acting, at_city, own_keys):
    before = json.loads(own_keys.read_text())
    with app.app_context():
        sealed = [row.name_sealed for row in rows(Enrolment)]
        wrapped = [row.wrapped for row in rows(PersonKey)]
    told = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert told.exit_code == 0, told.output
    after = json.loads(own_keys.read_text())
    assert set(before["masters"]) & set(after["masters"]) == set()
    assert (before["index"], before["audit"]) == (after["index"], after["audit"])
    assert own_keys.stat().st_mode & 0o077 == 0
    with app.app_context():
        assert [row.name_sealed for row in rows(Enrolment)] == sealed
        assert [row.wrapped for row in rows(PersonKey)] != wrapped
    assert name_at(acting) == at_city.words.naming[0]
    assert app.test_cli_runner().invoke(args=["keys", "check"]).exit_code == 0


def rows(model):
    from registry.access import unscoped

    with unscoped("keys"):
        return db.session.scalars(select(model)).all()


def test_the_old_key_is_useless_afterwards(app, at_city, own_keys):
    old = keyring.KeyRing.load(own_keys)
    app.test_cli_runner().invoke(args=["keys", "rotate"])
    with app.app_context():
        (row,) = rows(PersonKey)
        with pytest.raises(keyring.Closed):
            old.unwrap(row.wrapped)


def test_rotation_stopped_half_way_goes_on(app, acting, at_city, at_county, monkeypatch, own_keys):
    rewrap, turns = health.rewrap, []

    def dies(limit=1):
        if turns:
            raise KeyboardInterrupt
        turns.append(1)
        return rewrap(limit=1)

    monkeypatch.setattr(health, "rewrap", dies)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["keys", "rotate"]).exit_code != 0
    assert len(json.loads(own_keys.read_text())["masters"]) == 2
    assert name_at(acting) == at_city.words.naming[0]
    assert name_at(acting, "county_a") == at_county.words.naming[0]
    monkeypatch.setattr(health, "rewrap", rewrap)
    assert runner.invoke(args=["keys", "rotate"]).exit_code == 0
    assert len(json.loads(own_keys.read_text())["masters"]) == 1
    assert name_at(acting) == at_city.words.naming[0]


def test_who_is_at_work_meanwhile_goes_on(app, acting, at_city, monkeypatch):
    """The server read the old file when it started; it notices that the file was replaced."""
    with acting("recorder", "city"):
        old = open_ring()
    app.test_cli_runner().invoke(args=["keys", "rotate"])
    with acting("recorder", "city"):
        assert open_ring() is not old
        enrolment = db.session.scalars(select(Enrolment)).one()
        with change("enrolment.amend") as unit:
            unit.edit(enrolment).name = "哨兵新名"
    assert name_at(acting) == "哨兵新名"


def test_another_key_file_is_noticed(app, at_city, own_keys):
    with app.app_context():
        assert health.keys_fit()
    keyring.KeyRing.new().save(own_keys)
    with app.app_context():
        assert not health.keys_fit()
    told = app.test_cli_runner().invoke(args=["keys", "check"])
    assert told.exit_code == 1
    assert app.test_cli_runner().invoke(args=["serve", "--port", "0"]).exit_code == 1
