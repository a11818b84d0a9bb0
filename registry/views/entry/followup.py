"""Follow-up: one contact with a person, in full or by one key from the list of those due."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.codes.outcome import ContactMode, ContactOutcome
from registry.forms.contact import FollowUpForm, OneKeyForm
from registry.label import Label
from registry.queries.record import contacts
from registry.rules.problem import Invalid
from registry.services import drafts
from registry.services.course import outcome as services
from registry.services.unit import Overtaken, look
from registry.services.values import today
from registry.views.entry.drafts import restored, when
from registry.views.entry.strip import strip
from registry.views.sign_in import local
from registry.views.words import tell

bp = Blueprint("followup", __name__)
RECORDED = Label("这一位刚刚记过，没有重复记录。", "This one has just been recorded; nothing was added.")
STAYS_DUE = {ContactOutcome.BOOKED, ContactOutcome.NO_ANSWER, ContactOutcome.WRONG_NUMBER}


@bp.route("/people/<int:person_id>/contact", methods=["GET", "POST"])
@needs(Permission.WRITE)
def contact(person_id: int) -> ResponseReturnValue:
    """Record a contact with a person, and when they are due again."""
    line = strip(person_id)
    if line.enrolment is None:
        abort(404)
    subject, address = f"contact-{person_id}", url_for("followup.contact", person_id=person_id)
    due = contacts.due_of(person_id)
    draft = restored(subject) if request.method == "GET" and not request.args else None
    form = FollowUpForm(formdata=draft) if draft else FollowUpForm(data=_defaults(due, request.args))
    form.tumour_id.offer(contacts.tumours_of(person_id))
    if form.fits():
        with form.showing_problems():
            saved = services.contact(person_id, **form.values, seen=form.seen if form.settles.data else None)
            drafts.drop(subject)
            tell("done", said(saved))
            return redirect(
                url_for("worklists.due") if saved.settled else url_for("people.show", person_id=person_id),
                303,
            )
    if request.method == "GET":
        look("person", person_id, person_id=person_id)
    page = render_template(
        "entry/contact.html",
        form=form,
        strip=line,
        due=due,
        subject=subject,
        address=address,
        restored=when(subject) if draft else None,
    )
    return page, form.status


def _defaults(due: Any, asked: Any) -> dict[str, Any]:
    """By telephone, today; the open follow-up is the one answered, and its plan stands until changed."""
    found: dict[str, Any] = {"contacted_on": today(), "mode": ContactMode.PHONE}
    if asked.get("outcome") in {member.code for member in ContactOutcome}:
        found["outcome"] = ContactOutcome(asked["outcome"])
    if due is not None:
        found |= {"settles": due.id, "version": due.version, "tumour_id": due.tumour_id}
        found |= {"next_due_what": due.next_due_what, "next_due_reason": due.next_due_reason}
    return found


@bp.route("/due/<int:follow_up_id>", methods=["POST"])
@needs(Permission.WRITE)
def one_key(follow_up_id: int) -> ResponseReturnValue:
    """Record the outcome of a call by one key; what was not settled stays due."""
    due = contacts.follow_up(follow_up_id)
    if due is None:
        abort(404)
    back = local(request.form.get("back")) or url_for("worklists.due")
    if due.settled:
        tell("due", RECORDED)
        return redirect(back, 303)
    form = OneKeyForm()
    if not form.fits():
        abort(400)
    outcome = form.outcome.data
    if outcome is ContactOutcome.DIED:
        return redirect(url_for("followup.contact", person_id=due.person_id, outcome=outcome.code), 303)
    plan = ("next_due_on", "next_due_what", "next_due_reason")
    try:
        saved = services.contact(
            due.person_id,
            contacted_on=today(),
            outcome=outcome,
            mode=ContactMode.PHONE,
            tumour_id=due.tumour_id,
            settles=due,
            seen=form.seen,
            **({name: getattr(due, name) for name in plan} if outcome in STAYS_DUE else {}),
        )
    except Overtaken:
        tell("due", RECORDED)
    except Invalid as wrong:
        tell("wrong", wrong.problems[0].message)
    else:
        tell("done", said(saved))
    return redirect(back, 303)


def said(saved: Any) -> Label:
    """What was recorded and what becomes of it; no name, for it travels in a cookie."""
    words = {"outcome": saved.outcome.label if saved.outcome else "", "day": saved.next_due_on}
    if saved.settled:
        told = Label(
            "已记：%(outcome)s。没有定下次日期；需要时请在受检者页补上。",
            "Recorded: %(outcome)s. No next date is set; add one on the person's page if needed.",
        )
    else:
        told = Label(
            "已记：%(outcome)s。仍在待办，%(day)s 到期。",
            "Recorded: %(outcome)s. Still on the list, due %(day)s.",
        )
    return told % words
