"""Pathology reports: entering one, revising one, and on to the next specimen that waits."""

from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, may, needs, scope
from registry.codes.pathology import ViennaVersion
from registry.forms.report import ReportForm, ResultForm
from registry.label import Label
from registry.queries.lists import worklists
from registry.queries.record import cases as queries
from registry.services import drafts
from registry.services.cases import pathology
from registry.services.unit import look
from registry.services.values import today
from registry.views.entry.drafts import restored, when
from registry.views.entry.pasted_report import into_report
from registry.views.entry.strip import strip
from registry.views.words import tell

bp = Blueprint("reports", __name__)
_VERSION = {"vienna_version": ViennaVersion.DIXON_2002}


@bp.route("/specimens/<int:specimen_id>/report", methods=["GET", "POST"])
@needs(Permission.READ)
def enter(specimen_id: int) -> ResponseReturnValue:
    """The report on a specimen: its results, and the earlier versions it takes the place of."""
    specimen = _found(specimen_id)
    case = specimen.examination
    line = strip(case.person_id)
    current = next((report for report in reversed(specimen.reports) if report.current), None)
    editable = _editable(specimen)
    subject, address = f"report-{specimen.id}", url_for("reports.enter", specimen_id=specimen.id)
    revising = request.method == "POST" or current is None or request.args.get("revise") == "1"
    draft = restored(subject) if request.method == "GET" and revising and editable else None
    form = ReportForm(formdata=draft) if draft else ReportForm(data=_first(specimen, current))
    differences: list[Any] = []
    pasted = None
    if request.method == "POST":
        if not editable:
            abort(403)
        wish = request.form.get("do")
        if wish == "mine":
            form.version.data = case.version
        if wish == "result":
            form.results.append_entry(_VERSION)
        elif wish == "paste":
            pasted = into_report(form, specimen, line)
            form.status = 422 if pasted.refused else 200
        elif form.fits():
            with form.showing_problems():
                pathology.record_report(
                    specimen,
                    **form.record,
                    supersedes=form.supersedes_id.data,
                    seen=form.seen,
                    reason=form.reason.data,
                    ask=True,
                )
                return _saved(specimen, subject)
        if form.overtaken is not None:
            specimen = _found(specimen_id)
            current = next((report for report in reversed(specimen.reports) if report.current), None)
            stored = ReportForm(formdata=None, data=_first(specimen, current))
            differences = form.differences(stored)
            form.supersedes_id.data, form.supersedes_id.raw_data = current.id if current else None, None
    else:
        look("specimen", specimen.id, person_id=case.person_id)
    page = render_template(
        "entry/report.html",
        form=form,
        specimen=specimen,
        case=specimen.examination,
        lesions={lesion.id: lesion for lesion in specimen.lesions},
        strip=line,
        current=current,
        revising=revising and editable,
        subject=subject,
        address=address,
        restored=when(subject) if draft else None,
        differences=differences,
        pasted=pasted,
    )
    return page, form.status


def _found(specimen_id: int) -> Any:
    specimen = queries.specimen(specimen_id)
    if specimen is None:
        abort(404)
    return specimen


def _saved(specimen: Any, subject: str) -> ResponseReturnValue:
    """Say what was stored, and go on to the next specimen that waits."""
    drafts.drop(subject)
    worklist = worklists.specimens_without_report(today=today())
    waiting = worklist.rows(limit=1)
    if request.form.get("do") == "next" and waiting:
        tell("done", Label("已存。下一份。", "Saved. The next one."))
        return redirect(url_for("reports.enter", specimen_id=waiting[0].specimen_id), 303)
    tell(
        "done",
        Label(
            "报告已存，病变的最重病理已更新。还有 %(left)s 份待报告。",
            "The report is saved and the lesions' worst category is up to date. %(left)s more are awaited.",
        )
        % {"left": worklist.count()},
    )
    return redirect(url_for("cases.show", examination_id=specimen.examination_id), 303)


def _first(specimen: Any, current: Any) -> dict[str, Any]:
    """An empty report, one result a lesion; or the current one as the ground of its revision."""
    found: dict[str, Any] = {"version": specimen.examination.version}
    if current is not None:
        names = ("received_on", "laboratory", "wording")
        found |= {name: getattr(current, name) for name in names}
        return found | {
            "results": list(current.results),
            "supersedes_id": current.id,
            "reported_on": current.reported_on,
        }
    if specimen.lesions:
        found["results"] = [{"lesion_id": lesion.id, **_VERSION} for lesion in specimen.lesions]
    else:
        found["results"] = [{"origin": specimen.origin, **_VERSION}]
    return found


def _editable(specimen: Any) -> bool:
    current = scope()
    return may(Permission.WRITE) and current is not None and specimen.centre_id in current.centres


def facts(result: Any) -> list[tuple[Label, Any]]:
    """What a result says, by label, without what is empty."""
    found = []
    for name, field in ResultForm(obj=result)._fields.items():
        if name not in {"lesion_id", "origin"} and (said := field.plain()):
            found.append((field.label.text, said))
    return found


def join(app: Flask) -> None:
    app.jinja_env.globals.update(facts=facts)
