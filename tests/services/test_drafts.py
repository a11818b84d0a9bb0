"""Drafts are their writer's own, encrypted, and gone after a set time."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from registry.access import Forbidden, unscoped
from registry.extensions import db
from registry.models import Draft
from registry.services.drafts import drop, drop_expired, load, save, saved_at
from registry.services.unit import batch

CONTENT = {"name": ["张三"], "examination-type": ["ogd"]}


def test_a_draft_comes_back_to_its_writer_only(acting, audit_entries):
    with acting("recorder", "city"):
        assert load("case-new-1") is None
        save("case-new-1", {"name": ["first"]})
        at = save("case-new-1", CONTENT)
        db.session.rollback()  # the next request
        assert load("case-new-1") == CONTENT
        assert saved_at("case-new-1") == at
        with unscoped("audit chain"):
            stored = db.session.scalars(select(Draft)).all()
        assert len(stored) == 1
        assert "张三".encode() not in stored[0].content
    with acting("endoscopist", "city"):
        assert load("case-new-1") is None
    with acting("quality_reviewer", None), pytest.raises(Forbidden):
        save("case-new-1", CONTENT)
    with acting("recorder", "city"):
        drop("case-new-1")
        drop("case-new-1")
        db.session.rollback()
        assert load("case-new-1") is None
    assert audit_entries() == []


def test_an_old_draft_is_forgotten(app, acting):
    with acting("recorder", "city"):
        at = save("old", CONTENT)
        save("new", CONTENT)
        with batch("test.age", "made-up alliance") as session:
            aged = at - timedelta(days=app.config["DRAFT_DAYS"], seconds=1)
            session.execute(update(Draft).where(Draft.subject == "old").values(saved_at=aged))
        db.session.rollback()
        assert load("old") is None
        assert drop_expired() == 1
        assert load("new") == CONTENT
