"""People: finding or enrolling somebody, the search, and the page of one person."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, may, needs
from registry.codes.person import DocumentType
from registry.forms.person import EnrolmentForm, ReasonForm
from registry.label import Label
from registry.queries.record import likeness
from registry.queries.record import people as queries
from registry.queries.record.timeline import timeline
from registry.rules.dates import partial
from registry.services.people import enrolling as services
from registry.services.unit import look
from registry.views.entry.strip import found as line_of
from registry.views.entry.strip import strip
from registry.views.words import tell

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.route("/find", methods=["GET", "POST"])
@needs(Permission.WRITE)
def find() -> ResponseReturnValue:
    """Find somebody by a document, or enrol them: the document first, it may say the rest."""
    form = (
        EnrolmentForm()
        if request.method == "POST"
        else EnrolmentForm(data={"document_type": DocumentType.RESIDENT_ID})
    )
    wish = request.form.get("do") if request.method == "POST" else None
    match = None
    if wish == "contact":
        form.contacts.append_entry({})
        match = services.Match()
    elif wish == "enrol":
        if form.fits():
            with form.showing_problems():
                enrolment = services.enrol(documents=form.documents, **form.values)
                tell(
                    "done",
                    Label("已建档。现在可以录入检查。", "Enrolled. The examination can be entered now."),
                )
                return redirect(url_for("cases.new", person_id=enrolment.person_id), 303)
        match = services.Match()
    elif wish == "find" and form.document_fits():
        match, known = _match(form)
        if known is not None:
            tell("done", Label("本院已有此人的档案。", "This person is enrolled here already."))
            return redirect(url_for("people.show", person_id=known.person_id), 303)
        form.take_from_number()
    return render_template("entry/find.html", form=form, match=match), form.status


def _match(form: EnrolmentForm) -> tuple[Any, Any]:
    """Whom the number finds: nothing, an enrolment here, or that others know the person."""
    kind = form.document_type.data
    if kind is None or kind is DocumentType.NONE or form.owner.code != "own":
        return services.Match(), None
    with form.showing_problems():
        found = services.match(kind, form.document_value.data or "")
        return found, found.enrolment
    return None, None


@bp.route("/search", methods=["POST"])
@needs(Permission.IDENTIFY)
def search() -> ResponseReturnValue:
    """Who is found by a name, its initials, the tail of a number or a record number."""
    text = request.form.get("q", "").strip()
    found = queries.search(text)
    if len(found) == 1:
        return redirect(url_for("people.show", person_id=found[0].person_id), 303)
    return render_template("entry/found.html", text=text, found=[line_of(one) for one in found])


@bp.route("/search")
@needs(Permission.IDENTIFY)
def ask() -> ResponseReturnValue:
    """The search is a form: an address with a name in it would be kept by browsers and logs."""
    return render_template("entry/found.html", text="", found=[])


@bp.route("/<int:person_id>")
@needs(Permission.READ)
def show(person_id: int) -> ResponseReturnValue:
    """One person's time: everything in scope, the newest first; of who was merged, that of the other."""
    if (kept := queries.kept(person_id)) is not None:
        return redirect(url_for("people.show", person_id=kept))
    line = strip(person_id)
    look("person", person_id, person_id=person_id)
    time = timeline(person_id)
    merges = likeness.merges(person_id)
    return render_template("entry/person.html", strip=line, time=time, line=_one_line(time), merges=merges)


def _one_line(time: Any) -> list[tuple[bool, Any]]:
    """What happened here and, marked, what is known from elsewhere, as one line of time."""
    both = [(False, entry) for entry in time.entries] + [(True, line) for line in time.elsewhere]
    return sorted(both, key=lambda one: one[1].on or date.min, reverse=True)


@bp.route("/<int:person_id>/edit", methods=["GET", "POST"])
@needs(Permission.WRITE)
def edit(person_id: int) -> ResponseReturnValue:
    """Change what this centre knows of who somebody is."""
    line = strip(person_id)
    if line.enrolment is None or not may(Permission.IDENTIFY):
        abort(404)
    form = EnrolmentForm(data=_stored(line.enrolment))
    differences: list[Any] = []
    wish = request.form.get("do", "save") if request.method == "POST" else None
    if wish == "contact":
        form.contacts.append_entry({})
    elif wish:
        if wish == "mine":
            form.version.data = line.enrolment.version
        if form.fits():
            with form.showing_problems():
                services.amend(
                    line.enrolment,
                    seen=form.seen,
                    reason=form.reason.data,
                    documents=_documents(form, line.enrolment),
                    **form.values,
                )
                tell("done", Label("已保存。", "Saved."))
                return redirect(url_for("people.show", person_id=person_id), 303)
        if form.overtaken is not None:
            line = strip(person_id)
            stored = EnrolmentForm(formdata=None, data=_stored(line.enrolment))
            differences = form.differences(stored)
    else:
        look("enrolment", line.enrolment.id, person_id=person_id)
    page = render_template("entry/enrolment.html", form=form, strip=line, differences=differences)
    return page, form.status


def _stored(enrolment: Any) -> dict[str, Any]:
    paper = next(iter(enrolment.documents), None)
    person = enrolment.person
    names = (
        "name",
        "phone",
        "address",
        "region",
        "record_number",
        "consent",
        "consent_version",
        "consented_on",
    )
    return {name: getattr(enrolment, name) for name in names} | {
        "version": enrolment.version,
        "sex": person.sex,
        "born_on": partial(person.born_on, person.born_precision),
        "document_type": paper.type if paper else DocumentType.NONE,
        "document_value": paper.value if paper else None,
        "document_owner": paper.owner if paper else None,
        "contacts": list(enrolment.contacts),
    }


def _documents(form: EnrolmentForm, enrolment: Any) -> list[dict[str, Any]]:
    """The document of the form, and those that the form does not show, as they are."""
    first, *others = [*enrolment.documents] or [None]
    kept = [
        {
            "id": paper.id,
            "type": paper.type,
            "value": paper.value,
            "owner": paper.owner,
            "doubtful": paper.doubtful,
            "valid_until": paper.valid_until,
        }
        for paper in others
    ]
    shown = [{**paper, **({"id": first.id} if first is not None else {})} for paper in form.documents]
    return [*shown, *kept]


@bp.route("/<int:person_id>/elsewhere", methods=["GET", "POST"])
@needs(Permission.WRITE)
def elsewhere(person_id: int) -> ResponseReturnValue:
    """What other centres recorded: a line each; in full only with a reason, which the trail keeps."""
    line = strip(person_id)
    if line.enrolment is None:
        abort(404)
    form = ReasonForm()
    opened: list[Any] | None = None
    if form.fits():
        with form.showing_problems():
            opened = services.open_elsewhere(person_id, form.words)
    lines = services.history_elsewhere(person_id)
    page = render_template("entry/elsewhere.html", strip=line, form=form, lines=lines, opened=opened)
    return page, form.status
