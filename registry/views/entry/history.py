"""What a person brings along: operations, syndromes, risk, screening rounds; and who says that they live."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs, scope
from registry.forms.history import Brought, RiskForm, RoundForm, SurgeryForm, SyndromeForm, VitalForm
from registry.forms.page import precision_of
from registry.label import Label
from registry.queries.record import history as queries
from registry.queries.record.timeline import timeline
from registry.reports.told_of_hp import told_of_hp
from registry.rules.dates import partial
from registry.services.course import history as services
from registry.services.course.outcome import vital_status
from registry.services.unit import look
from registry.services.values import image, today
from registry.views.entry.strip import Strip, strip
from registry.views.words import tell

bp = Blueprint("history", __name__)


@dataclass(frozen=True)
class Kind:
    """One kind of entry: its name, the form that asks for it, the verb that records it, its empty page."""

    label: Label
    form: type[Brought]
    record: Callable[..., Any]
    empty: Label


KINDS = {
    "prior_surgery": Kind(
        Label("既往胃肠手术", "Earlier operations"),
        SurgeryForm,
        services.surgery,
        Label(
            "残胃、结肠切除等请记在这里：有些评分和指标因此不适用。",
            "A gastric stump, a colectomy: scores and rates that do not hold then leave the person out.",
        ),
    ),
    "known_syndrome": Kind(
        Label("已知综合征", "Known syndromes"),
        SyndromeForm,
        services.syndrome,
        Label(
            "家族性息肉病、林奇综合征、炎症性肠病等。",
            "Polyposis, Lynch syndrome, inflammatory bowel disease.",
        ),
    ),
    "risk_assessment": Kind(
        Label("风险评估", "Risk assessment"),
        RiskForm,
        services.assess,
        Label(
            "录入幽门螺杆菌、胃蛋白酶原、FIT 等，总分与分层由规则算出。",
            "Enter H. pylori, pepsinogen, FIT; total and tier are worked out by the rules.",
        ),
    ),
    "screening_round": Kind(
        Label("筛查轮次", "Screening rounds"),
        RoundForm,
        services.invite,
        Label("邀请、应答、初筛和转诊。", "Invitation, response, first test and referral."),
    ),
    "vital_status": Kind(
        Label("生存状态", "Vital status"),
        VitalForm,
        vital_status,
        Label(
            "死亡或存活的依据：日期、来源、死因。",
            "Who says that the person lives or died: date, source, cause.",
        ),
    ),
}
# The day on which an entry that is new was most likely made.
ON_DAY = {"risk_assessment": "assessed_on"}


@bp.route("/people/<int:person_id>/history")
@needs(Permission.WRITE)
def edit(person_id: int) -> ResponseReturnValue:
    """All that a person brings along, by kind, with a way to change or add to it."""
    line, current = _strip(person_id), scope()
    look("person", person_id, person_id=person_id)
    entries, assessed = timeline(person_id).entries, queries.assessments(person_id)
    return render_template(
        "entry/brought.html",
        strip=line,
        kinds={
            key: (kind, [entry for entry in entries if entry.subject == key]) for key, kind in KINDS.items()
        },
        scores={key: services.standing(row) for key, row in assessed.items()},
        doubts={key: services.doubts(row) for key, row in assessed.items()},
        own=current.centre_id if current else None,
    )


@bp.route("/people/<int:person_id>/history/<any(" + ", ".join(KINDS) + "):kind>", methods=["GET", "POST"])
@needs(Permission.WRITE)
def add(person_id: int, kind: str) -> ResponseReturnValue:
    """Record one more entry."""
    line = _strip(person_id)
    form = KINDS[kind].form(data={ON_DAY[kind]: today()} if kind in ON_DAY else {})
    if form.fits():
        with form.showing_problems():
            saved = KINDS[kind].record(person_id, **form.values)
            return _back(saved, Label("已保存。", "Saved."))
    return _page(kind, form, line, url_for("history.add", person_id=person_id, kind=kind))


@bp.route("/history/operations/<int:prior_surgery_id>", methods=["GET", "POST"])
@bp.route("/history/syndromes/<int:known_syndrome_id>", methods=["GET", "POST"])
@bp.route("/history/risk/<int:risk_assessment_id>", methods=["GET", "POST"])
@bp.route("/history/rounds/<int:screening_round_id>", methods=["GET", "POST"])
@bp.route("/history/vital/<int:vital_status_id>", methods=["GET", "POST"])
@needs(Permission.WRITE)
def change(**which: Any) -> ResponseReturnValue:
    """Change an entry of the own centre, or take it back, with a reason."""
    ((name, entry_id),) = which.items()
    kind = name.removesuffix("_id")
    row = queries.entry(kind, entry_id)
    if row is None:
        abort(404)
    line = _strip(row.person_id)
    form = KINDS[kind].form(data=_stored(kind, row))
    if request.form.get("do") == "mine":
        form.version.data = row.version
    if request.form.get("do") == "withdraw":
        with form.showing_problems():
            person_id = row.person_id
            services.withdraw(row, seen=form.seen, reason=form.reason.data)
            tell("done", Label("已撤销；痕迹仍可查。", "Taken back; the trail keeps it."))
            return redirect(url_for("history.edit", person_id=person_id), 303)
    elif form.fits():
        with form.showing_problems():
            KINDS[kind].record(
                row.person_id, existing=row, seen=form.seen, reason=form.reason.data, **form.values
            )
            return _back(row, Label("已保存。", "Saved."))
    if request.method == "GET":
        look(kind, entry_id, person_id=line.person_id)
    address = url_for("history.change", **which)
    return _page(kind, form, line, address, queries.entry(kind, entry_id))


def _strip(person_id: int) -> Strip:
    """The line about somebody enrolled here; 404 for anybody else."""
    line = strip(person_id)
    if line.enrolment is None:
        abort(404)
    return line


def _back(saved: Any, words: Label) -> ResponseReturnValue:
    """To all that the person brings along, with a word where sources of life and death disagree."""
    tell("done", words)
    if strip(saved.person_id).enrolment.person.vital_conflict:
        tell("due", Label("生存状态的各来源互相矛盾，请核实。", "Sources disagree about life and death."))
    return redirect(url_for("history.edit", person_id=saved.person_id), 303)


def _page(kind: str, form: Brought, line: Strip, address: str, row: Any = None) -> ResponseReturnValue:
    differences = []
    if form.overtaken is not None and row is not None:
        differences = form.differences(KINDS[kind].form(formdata=None, data=_stored(kind, row)))
    page = render_template(
        "entry/brought_entry.html",
        kind=kind,
        label=KINDS[kind].label,
        form=form,
        strip=line,
        address=address,
        row=row,
        differences=differences,
        told_of_hp=told_of_hp(queries.texts(line.person_id)) if kind == "risk_assessment" else (),
    )
    return page, form.status


def _stored(kind: str, row: Any) -> dict[str, Any]:
    """The columns of an entry as its form shows them; what follows from others is left to follow."""
    found = image(row)
    for name in ("operated_on", "as_of"):
        if name in found:
            found[name] = partial(found[name], found[precision_of(name)])
    if (
        kind == "risk_assessment"
        and services.ratio(row.pepsinogen_1, row.pepsinogen_2) == row.pepsinogen_ratio
    ):
        found["pepsinogen_ratio"] = None
    return found
