"""Drafts: forms as far as they are filled in, one per user, centre and subject, encrypted, soon gone."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Select, delete, select

from registry import keyring
from registry.access import Permission, demand
from registry.extensions import db
from registry.models import Draft
from registry.services.here import centre_here
from registry.services.unit import keep

PLACE = "Draft.content"


def save(subject: str, content: dict[str, Any], person_id: int | None = None) -> datetime:
    """Keep a form's content under a key of its own; a later save takes the place of an earlier one."""
    query, owner = _own(subject)
    ring = keyring.current()
    key = ring.new_data_key()
    sealed = ring.seal(key, json.dumps(content, ensure_ascii=False), PLACE)
    at = datetime.now(UTC)
    with keep() as session:
        draft = session.scalar(query) or Draft(**owner, subject=subject)
        draft.person_id, draft.wrapped, draft.content, draft.saved_at = person_id, key, sealed, at
        session.add(draft)
    return at


def load(subject: str) -> dict[str, Any] | None:
    """What was kept of a form; None where nothing was, or it is too old."""
    draft = _found(subject)
    if draft is None or draft.saved_at < _oldest():
        return None
    kept: dict[str, Any] = json.loads(keyring.current().open(draft.wrapped, draft.content, PLACE))
    return kept


def saved_at(subject: str) -> datetime | None:
    """When a form was last kept."""
    draft = _found(subject)
    return draft.saved_at if draft is not None else None


def drop(subject: str) -> None:
    """Forget a draft: the form was saved, or its writer threw it away."""
    query, _ = _own(subject)
    with keep() as session:
        if (draft := session.scalar(query)) is not None:
            session.delete(draft)


def drop_expired() -> int:
    """Remove every draft older than DRAFT_DAYS, at all centres; how many there were."""
    with keep() as session:
        gone = session.execute(delete(Draft).where(Draft.saved_at < _oldest()))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _own(subject: str) -> tuple[Select[Draft], dict[str, int]]:
    """The query for the own draft, and whose it is; the apart session is not narrowed for us."""
    current, centre_id = demand(Permission.WRITE), centre_here()
    if current.actor_id is None:
        raise PermissionError("drafts belong to a user")
    query = select(Draft).where(
        Draft.user_id == current.actor_id, Draft.centre_id == centre_id, Draft.subject == subject
    )
    return query, {"user_id": current.actor_id, "centre_id": centre_id}


def _found(subject: str) -> Draft | None:
    query, _ = _own(subject)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _oldest() -> datetime:
    return datetime.now(UTC) - timedelta(days=current_app.config["DRAFT_DAYS"])
