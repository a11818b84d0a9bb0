"""What a page asks while somebody types: to keep the draft, and how a day was understood."""

import json
import re
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from registry.access import Permission, needs
from registry.forms.fields import read_day, told_day
from registry.queries.record.people import person_or_none
from registry.services import drafts
from registry.views.sent import LARGEST, MOST_FIELDS
from registry.views.sign_in import local

bp = Blueprint("drafts", __name__, url_prefix="/drafts")
SUBJECT = re.compile(r"[a-z]+(-new)?-[0-9]{1,10}")


@bp.route("", methods=["POST"])
@needs(Permission.WRITE)
def save() -> ResponseReturnValue:
    """Keep a form as far as it is filled in."""
    sent = _sent()
    content, subject, person_id = sent.get("content"), sent.get("subject"), sent.get("person_id")
    if not isinstance(content, dict) or not _form(content):
        abort(400)
    if not isinstance(subject, str) or not SUBJECT.fullmatch(subject):
        abort(400)
    if person_id is not None and (type(person_id) is not int or not 0 <= person_id <= LARGEST):
        abort(400)
    if person_id is not None and person_or_none(person_id) is None:
        abort(404)
    drafts.save(subject, content, person_id=person_id)
    return jsonify(saved=True)


def _sent() -> dict[str, Any]:
    """The object a script sent, in characters that can be stored."""
    found = request.get_json()
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        abort(400)
    return found if isinstance(found, dict) else abort(400)


def _form(content: dict[Any, Any]) -> bool:
    """Whether this is a form as far as it was filled in: texts by the name of their field."""
    return len(content) <= MOST_FIELDS and all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts) for texts in content.values()
    )


@bp.route("/drop", methods=["POST"])
@needs(Permission.WRITE)
def drop() -> ResponseReturnValue:
    """Throw a draft away and go back to the form."""
    drafts.drop(request.form.get("subject", ""))
    return redirect(local(request.form.get("back")) or "/")


@bp.route("/day", methods=["POST"])
@needs()
def day() -> ResponseReturnValue:
    """How a day is understood as it is typed."""
    sent = _sent()
    text, kind = str(sent.get("text", ""))[:40].strip(), sent.get("kind")
    if not text:
        return jsonify(words="", wrong=False)
    try:
        found = read_day(text, partial=kind == "partial", future=kind == "future")
    except ValueError as error:
        return jsonify(words=str(error.args[0]), wrong=True)
    return jsonify(words=str(told_day(found)), wrong=False)


def restored(subject: str) -> MultiDict[str, str] | None:
    """A draft as a form takes it; None where there is none."""
    kept = drafts.load(subject)
    if not kept:
        return None
    return MultiDict([(name, value) for name, values in kept.items() for value in values])


def when(subject: str) -> str | None:
    """When a draft was last kept, on the clock here."""
    at = drafts.saved_at(subject)
    return f"{at.astimezone():%m-%d %H:%M}" if at is not None else None
