"""What a page asks while somebody types: to keep the draft, and how a day was understood."""

from flask import Blueprint, abort, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from registry.access import Permission, needs
from registry.forms.fields import read_day, told_day
from registry.services import drafts
from registry.views.sign_in import local

bp = Blueprint("drafts", __name__, url_prefix="/drafts")


@bp.route("", methods=["POST"])
@needs(Permission.WRITE)
def save() -> ResponseReturnValue:
    """Keep a form as far as it is filled in."""
    sent = request.get_json()
    content, subject = sent.get("content"), sent.get("subject")
    if not isinstance(content, dict) or not isinstance(subject, str) or len(subject) > 80:
        abort(400)
    drafts.save(subject, content, person_id=sent.get("person_id"))
    return jsonify(saved=True)


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
    sent = request.get_json()
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
