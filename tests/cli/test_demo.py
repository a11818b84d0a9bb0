"""`flask seed` and `flask demo`."""

import json

import pytest
from sqlalchemy import func, select

from registry import create_app
from registry.access import unscoped
from registry.extensions import db
from registry.models import Examination


def run(app, *words):
    done = app.test_cli_runner().invoke(args=list(words))
    return done


def counted(app):
    with app.app_context(), unscoped("made-up alliance"):
        return db.session.scalar(select(func.count()).select_from(Examination))


@pytest.fixture
def demonstration(settings, tmp_path):
    keys = tmp_path / "demo" / "demo.keys.json"
    return {**settings, "DEMO": True, "KEYS": keys}


def test_seed_fills_an_empty_registry_only(app):
    done = run(app, "seed", "--examinations", "60", "--years", "1", "--seed", "5")
    assert done.exit_code == 0, done.output
    assert counted(app) == 60
    assert run(app, "seed", "--examinations", "60").exit_code != 0
    assert counted(app) == 60


def test_the_demonstration_prints_a_sign_in_for_each_role_and_keeps_it(demonstration, tmp_path):
    app = create_app(demonstration)
    first = run(app, "demo", "--no-serve", "--examinations", "120")
    assert first.exit_code == 0, first.output
    assert counted(app) == 120
    passwords = json.loads((tmp_path / "demo" / "demo.signins").read_text())
    assert len(passwords) == 8
    for name, password in passwords.items():
        assert name in first.output
        assert password in first.output
    again = run(app, "demo", "--no-serve", "--examinations", "120")
    assert again.exit_code == 0
    assert all(password in again.output for password in passwords.values())
    assert counted(app) == 120
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_registry_that_is_no_demonstration_is_left_alone(app, alliance, demonstration):
    assert run(app, "demo", "--no-serve").exit_code != 0
    pretending = create_app({**demonstration, "KEYS": app.config["KEYS"]})
    done = run(pretending, "demo", "--no-serve")
    assert done.exit_code != 0
    assert counted(app) == 0
    with pretending.app_context():
        db.session.remove()
        db.engine.dispose()
