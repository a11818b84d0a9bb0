"""The tumour: its facts, its stage and treatments, and what the definitions say of it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, may, needs, scope
from registry.forms.tumour import STAGED, StageForm, TreatmentForm
from registry.label import Label
from registry.queries.record import tumours as queries
from registry.rules import early
from registry.rules.curability import Curability, curability, esge_2022
from registry.services.course import tumours as services
from registry.services.unit import look
from registry.views.entry.strip import strip
from registry.views.words import tell

bp = Blueprint("tumours", __name__, url_prefix="/tumours")
YES_NO = {
    True: Label("是", "Yes"),
    False: Label("否", "No"),
    None: Label("无法判断", "Cannot tell"),
}


@dataclass(frozen=True)
class Verdict:
    """One definition's answer, with what it rests on."""

    definition: Any
    answer: Any
    kind: str
    missing: tuple[Any, ...] = ()
    on: Any = None


@bp.route("/<int:tumour_id>")
@needs(Permission.READ)
def show(tumour_id: int) -> ResponseReturnValue:
    """One tumour as it stands."""
    found = _found(tumour_id)
    look("tumour", found.id, person_id=found.person_id)
    return _page(found, StageForm(formdata=None, data=_stored(found)), TreatmentForm(formdata=None))


@bp.route("/<int:tumour_id>/stage", methods=["POST"])
@needs(Permission.WRITE)
def stage(tumour_id: int) -> ResponseReturnValue:
    """Stage a tumour."""
    found = _own(tumour_id)
    form = StageForm()
    if request.form.get("do") == "mine":
        form.version.data = found.version
    if form.fits():
        with form.showing_problems():
            services.stage(found, seen=form.seen, reason=form.reason.data, **form.values)
            tell("done", Label("分期已保存。", "The stage is saved."))
            return redirect(url_for("tumours.show", tumour_id=tumour_id), 303)
    return _page(_found(tumour_id), form, TreatmentForm(formdata=None))


@bp.route("/<int:tumour_id>/treatments", methods=["POST"])
@needs(Permission.WRITE)
def treat(tumour_id: int) -> ResponseReturnValue:
    """Record a treatment, given or refused; the own centre's, whoever recorded the tumour."""
    found = _found(tumour_id)
    form = TreatmentForm()
    if form.fits():
        with form.showing_problems():
            services.treat(found, **form.values)
            tell("done", Label("治疗已记录。", "The treatment is recorded."))
            return redirect(url_for("tumours.show", tumour_id=tumour_id), 303)
    found = _found(tumour_id)
    return _page(found, StageForm(formdata=None, data=_stored(found)), form)


def _found(tumour_id: int) -> Any:
    found = queries.tumour(tumour_id)
    if found is None:
        abort(404)
    return found


def _own(tumour_id: int) -> Any:
    found, current = _found(tumour_id), scope()
    if current is None or found.centre_id not in current.centres:
        abort(403)
    return found


def _stored(found: Any) -> dict[str, Any]:
    return {name: getattr(found, name) for name in STAGED} | {"version": found.version}


def _page(found: Any, staging: StageForm, treating: TreatmentForm) -> ResponseReturnValue:
    current = scope()
    own = may(Permission.WRITE) and current is not None and found.centre_id in current.centres
    differences = []
    if staging.overtaken is not None:
        differences = staging.differences(StageForm(formdata=None, data=_stored(found)))
    page = render_template(
        "entry/tumour.html",
        tumour=found,
        strip=strip(found.person_id),
        staging=staging,
        treating=treating,
        trouble=staging if staging.status >= 400 else treating,
        differences=differences,
        own=own,
        centres=queries.centre_names(),
        verdicts=verdicts(found),
        doubts=services.doubts(found),
        precision_told=found.incidence_precision.label if found.incidence_precision else None,
    )
    return page, max(staging.status, treating.status)


def verdicts(found: Any) -> list[Verdict]:
    """What each definition that applies says of a tumour: early, and the cure by its resections."""
    cancer = found.invasive if found.worst is None else found.worst.carcinoma
    answer = early.early(
        found.organ, found.deepest, cancer=cancer, worst=found.worst, t=found.t, prefix=found.stage_prefix
    )
    missing = (
        () if answer is not None else (Label("浸润深度（切除标本）", "Depth of invasion, from a resection"),)
    )
    answers = [Verdict(early.EARLY, YES_NO[answer], _kind(answer), missing)]
    for resected in queries.resections(found):
        for told in (curability(resected.resection), esge_2022(resected.resection)):
            if told is not None and (told.category is not None or told.missing):
                open_items = tuple(item.label for item in told.missing)
                answers.append(Verdict(told.definition, told.label, _cure(told), open_items, resected))
    return answers


def _kind(answer: bool | None) -> str:
    return {True: "done", False: "due", None: ""}[answer]


def _cure(told: Curability) -> str:
    """Green where it cured, amber where it did not, neither where it cannot be told."""
    if told.category is None:
        return ""
    return "done" if told.category.code in {"A", "B", "very_low", "low", "curative", "relative"} else "due"
