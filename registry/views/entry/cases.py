"""The case: one page on which it is entered, read and changed, saved whole or not at all."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, may, needs, scope
from registry.codes.endoscopy import ExaminationType, SiteSeen
from registry.forms.case import (
    SEGMENTS,
    AdverseEventForm,
    CaseForm,
    LesionForm,
    SpecimenForm,
)
from registry.forms.shown import keys_of
from registry.label import Label
from registry.queries.record import cases as queries
from registry.queries.staff.clinicians import clinicians
from registry.rules.summary import result_of
from registry.services import drafts
from registry.services.cases import recording as services
from registry.services.lists import day_list
from registry.services.unit import look
from registry.services.values import today
from registry.views.entry.drafts import restored, when
from registry.views.entry.pasted_report import into_case
from registry.views.entry.spine import spine
from registry.views.entry.strip import Strip, strip
from registry.views.lists.day import after, case_of, place_of, said_of
from registry.views.sent import whole
from registry.views.words import tell

bp = Blueprint("cases", __name__)
BLANK = 900
REPORT_DAYS = 14
SEGMENT_WORDS = dict(
    zip(
        SEGMENTS,
        (
            Label("BBPS 右半结肠", "BBPS right"),
            Label("BBPS 横结肠", "BBPS transverse"),
            Label("BBPS 左半结肠", "BBPS left"),
        ),
        strict=True,
    )
)


@bp.route("/people/<int:person_id>/cases/new", methods=["GET", "POST"])
@needs(Permission.WRITE)
def new(person_id: int) -> ResponseReturnValue:
    """Enter a case of a person enrolled here."""
    line = strip(person_id)
    if line.enrolment is None:
        abort(404)
    listed_id = whole("listed")
    listed = case_of(listed_id, person_id) if listed_id is not None else None
    subject = f"case-new-{person_id}" if listed is None else f"listed-{listed_id}"
    address = url_for("cases.new", person_id=person_id, listed=listed_id)
    draft = None if request.method == "POST" else restored(subject)
    form = CaseForm(formdata=draft) if draft else CaseForm(data=_defaults(listed))
    return _work(form, line, None, subject, address, draft, listed)


@bp.route("/cases/<int:examination_id>", methods=["GET", "POST"])
@needs(Permission.READ)
def show(examination_id: int) -> ResponseReturnValue:
    """A case as it stands, open for changes where one may make them."""
    case = queries.case(examination_id)
    if case is None:
        abort(404)
    line = strip(case.person_id)
    subject, address = f"case-{case.id}", url_for("cases.show", examination_id=case.id)
    editable = _editable(case)
    draft = restored(subject) if editable and request.method == "GET" else None
    if request.method == "POST" and not editable:
        abort(403)
    form = CaseForm(formdata=draft) if draft else CaseForm(data=_stored(case))
    if request.method == "GET":
        look("examination", case.id, person_id=case.person_id)
    return _work(form, line, case, subject, address, draft)


def _work(
    form: CaseForm, line: Strip, case: Any, subject: str, address: str, draft: Any, listed: Any = None
) -> ResponseReturnValue:
    """What a page of a case does with what was sent, and how it is shown again."""
    _offer(form, case, line.person_id)
    if listed is not None and listed.operator_id is None and listed.operator_words:
        told = Label("名单写的是：%(words)s", "The list says: %(words)s") % {"words": listed.operator_words}
        form.examination.form.operator_id.hint = told
    form.number_rows()
    wish = request.form.get("do", "save") if request.method == "POST" else None
    differences: list[Any] = []
    pasted = None
    if wish in {"save", "next", "mine"}:
        if wish == "mine" and case is not None:
            form.version.data = case.version
        if form.fits():
            with form.showing_problems():
                saved = _record(form, line, case, listed)
                return _saved(saved, subject, wish, listed)
        if form.overtaken is not None and case is not None:
            fresh = queries.case(case.id)
            stored = CaseForm(formdata=None, data=_stored(fresh))
            _offer(stored, fresh, line.person_id)
            stored.number_rows()
            differences = form.differences(stored)
            case = fresh
    elif wish == "paste":
        pasted = into_case(form, line, new=case is None)
        form.status = 422 if pasted.refused else 200
        _arrange(form, wish)
    elif wish:
        _arrange(form, wish)
    page = _page(form, line, case, subject, address, draft, differences, listed=listed, pasted=pasted)
    return page, form.status


def _record(form: CaseForm, line: Strip, case: Any, listed: Any) -> Any:
    """Store the case, and close the line of the day's list that it is the case of."""
    if listed is not None:
        return day_list.record(listed, **form.record, ask=True)
    return services.record_case(
        person_id=line.person_id,
        **form.record,
        existing=case,
        seen=form.seen if case is not None else None,
        reason=form.reason.data,
        ask=True,
    )


def _saved(saved: Any, subject: str, wish: str, listed: Any = None) -> ResponseReturnValue:
    drafts.drop(subject)
    tell("done", next_step(saved, numbers=False))
    if wish == "next" and listed is not None:
        return redirect(after(listed), 303)
    if wish == "next":
        return redirect(url_for("people.find"), 303)
    return redirect(url_for("cases.show", examination_id=saved.id), 303)


def _arrange(form: CaseForm, wish: str) -> None:
    """Rows and choices that a page without scripts asks for by a button."""
    what, _, which = wish.partition("-")
    if what == "add" and which in {"lesions", "specimens", "adverse_events"}:
        getattr(form, which).append_entry({})
    elif what == "drop":
        name, _, place = which.rpartition("-")
        if name in {"lesions", "specimens", "adverse_events"} and place.isdecimal():
            form.drop(name, int(place))
    elif wish == "all-seen":
        form.examination.form.see_everything()
    for row in form.lesions.entries:
        row.form.same_as_id.offer(form.earlier)
    form.number_rows()


def _page(
    form: CaseForm, line: Strip, case: Any, subject: str, address: str, draft: Any, differences: list[Any],
    *, listed: Any = None, pasted: Any = None,
) -> str:  # fmt: skip
    examination, background = form.examination.form, form.background.form
    if case is not None:
        _tell_results(form, case)
    blanks = {
        "blank_lesion": _blank(LesionForm, "lesions"),
        "blank_specimen": _blank(SpecimenForm, "specimens"),
        "blank_adverse": _blank(AdverseEventForm, "adverse_events"),
    }
    blanks["blank_lesion"].form.same_as_id.offer(form.earlier)
    return render_template(
        "entry/case.html",
        form=form,
        case=case,
        strip=line,
        subject=subject,
        address=address,
        restored=when(subject) if draft else None,
        differences=differences,
        pasted=pasted,
        listed=place_of(listed) if listed is not None else None,
        editable=case is None or _editable(case),
        spine=spine(form, url_for("people.show", person_id=line.person_id), line),
        imaging=examination.imaging,
        sites=examination.sites,
        photographed=sum(field.data is SiteSeen.PHOTOGRAPHED for field in examination.sites),
        segments=[
            (getattr(examination, name), getattr(examination, f"{name}_missing"), SEGMENT_WORDS[name])
            for name in SEGMENTS
        ],
        background_open=any(
            field.data is not None for name, field in background._fields.items() if name != "kimura"
        ),
        next_sentence=next_step(case) if case is not None else None,
        **blanks,
    )


def _blank(form: Any, name: str) -> Any:
    return SimpleNamespace(form=form(prefix=f"{name}-{BLANK}-"), index=BLANK)


def _defaults(listed: Any = None) -> dict[str, Any]:
    """Who, where and how from the reader's last case here; never what was seen or measured.

    What the day's list says of this examination goes before.
    """
    examination = {"performed_on": today(), **queries.last_case_defaults()}
    if listed is not None:
        examination |= said_of(listed)
    current = scope()
    if "operator_id" not in examination and current and current.actor_id in dict(clinicians()):
        examination["operator_id"] = current.actor_id
    return {"examination": examination}


def _stored(case: Any) -> dict[str, Any]:
    """A case as the form's fields take it."""
    return {
        "version": case.version,
        "examination": case,
        "background": case.background or {},
        "lesions": list(case.lesions),
        "specimens": list(case.specimens),
        "adverse_events": list(case.adverse_events),
        "next_due": queries.next_due_of(case) or {},
    }


def _offer(form: CaseForm, case: Any, person_id: int) -> None:
    """Give the lists of a form what they offer: people of this centre, and earlier lesions."""
    examination = form.examination.form
    people = clinicians(*((case.operator_id, case.supervisor_id) if case is not None else ()))
    for field in (examination.operator_id, examination.supervisor_id):
        field.offer(people)
    earlier = queries.earlier_lesions(person_id, case.id if case is not None else None)
    form.earlier = earlier
    for row in form.lesions.entries:
        row.form.same_as_id.offer(earlier)


def _tell_results(form: CaseForm, case: Any) -> None:
    """Beside each lesion and specimen, what its tissue has shown so far."""
    lesions = {lesion.id: lesion for lesion in case.lesions}
    for row in form.lesions.entries:
        if (lesion := lesions.get(row.form.id.data)) is not None:
            row.form.settled = _settled(lesion)
    specimens = {specimen.id: specimen for specimen in case.specimens}
    for row in form.specimens.entries:
        if (specimen := specimens.get(row.form.id.data)) is not None:
            row.form.reported = _reported(specimen)


def _settled(lesion: Any) -> Any:
    _, said = result_of(lesion.worst, lesion.cancer, lesion.sampled, lesion.awaited)
    told = lesion.worst is not None or lesion.cancer
    return SimpleNamespace(kind="done" if told else "due" if lesion.awaited else "", label=said)


def _reported(specimen: Any) -> Any:
    address = url_for("reports.enter", specimen_id=specimen.id)
    if specimen.reported:
        return SimpleNamespace(kind="done", label=Label("已报告", "Reported"), address=address)
    latest = specimen.taken_on + timedelta(days=REPORT_DAYS)
    words = Label("待报告，最迟 %(day)s", "Awaited, by %(day)s") % {"day": latest.isoformat()}
    return SimpleNamespace(kind="due" if latest < today() else "", label=words, address=address)


def next_step(case: Any, *, numbers: bool = True) -> Label:
    """What happens after a case is saved, in one sentence with its date and source.

    Without `numbers` it names no specimen and repeats no words, for then it travels in a cookie.
    """
    lost = {specimen.id for specimen in case.specimens if specimen.retrieved is False}
    waiting = [one for one in case.specimens if not one.reported and one.id not in lost]
    due = queries.next_due_of(case)
    if waiting:
        named = [specimen.pathology_number or specimen.letter for specimen in waiting]
        words = {"zh": "、".join(named), "en": ", ".join(named)}
        if not numbers:
            words = {"zh": f"{len(waiting)} 份", "en": f"of {len(waiting)} specimens"}
        latest = max(specimen.taken_on for specimen in waiting) + timedelta(days=REPORT_DAYS)
        return Label(
            "已存。病理 %(zh)s 进入「待办」，最迟 %(day)s 回报（取材后 14 天）。",
            "Saved. Pathology %(en)s is on the to-do list, due by %(day)s (14 days after sampling).",
        ) % {**words, "day": latest.isoformat()}
    if due is not None and due.next_due_on is not None:
        return Label(
            "已存。%(day)s 到期，到期前 30 天进入「待办」。%(why)s",
            "Saved. Due on %(day)s; on the to-do list 30 days before. %(why)s",
        ) % {"day": due.next_due_on.isoformat(), "why": (numbers and due.next_due_reason) or ""}
    return Label(
        "已存。没有待报告的标本，也没有定下复查日期。",
        "Saved. No specimen is awaited and no next date is set.",
    )


def _editable(case: Any) -> bool:
    current = scope()
    return may(Permission.WRITE) and current is not None and case.centre_id in current.centres


def kinds_of(tract: str) -> str:
    """The codes of the examinations of one tract, for the page's script."""
    return " ".join(kind.code for kind in ExaminationType if getattr(kind, tract))


def join(app: Flask) -> None:
    app.jinja_env.globals.update(typing_keys=keys_of, kinds_of=kinds_of)
