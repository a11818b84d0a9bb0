"""Bringing files in: upload, preview, progress, what came of it, and the rows that come back."""

import json
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.codes.desk import FileKind, RunState
from registry.exchange import returned, template, worker
from registry.exchange.readers import Unreadable
from registry.exchange.uploaded import glance, on_disk
from registry.label import Label
from registry.queries import imports as queries
from registry.rules.problem import Invalid, Problem, refusal
from registry.services import unit
from registry.services.imports.receipt import FATES, KINDS
from registry.services.imports.uploads import files, runs
from registry.views import asked, sent
from registry.views.words import tell

bp = Blueprint("imports", __name__, url_prefix="/imports")
SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PASTED = Label("粘贴的表格", "Pasted table")
UPLOAD = Label("可导入的文件", "Files that can be brought in")
KINDS_TAKEN = (".xlsx", ".csv", ".tsv", ".txt")


@bp.route("", methods=["GET"])
@needs(Permission.IMPORT)
def index() -> ResponseReturnValue:
    """The runs of this centre, and a form for one more file. Files whose time is over go now."""
    if files.overdue():
        files.drop_expired()
    _work_on()
    return _index([], 200)


@bp.route("", methods=["POST"])
@needs(Permission.IMPORT)
def upload() -> ResponseReturnValue:
    """Take a file, or a table pasted as text, and go on to its mapping."""
    try:
        name, content = _sent()
        _look_at(name, content)
        run_id = runs.upload(name=name, content=content)
    except Invalid as wrong:
        return _index(wrong.problems, 422)
    return redirect(url_for("imports.choose", import_run_id=run_id))


def _index(problems: list[Problem], status: int) -> ResponseReturnValue:
    number = sent.whole("page", least=1) or 1
    found, pages = queries.runs(number)
    page = render_template(
        "imports/files.html", runs=found, number=number, pages=pages, problems=problems,
        saved=queries.mappings(), most=current_app.config["IMPORT_MEGABYTES"],
        days=current_app.config["IMPORT_FILE_DAYS"], kinds=",".join(KINDS_TAKEN),
    )  # fmt: skip
    return page, status


def _sent() -> tuple[str, bytes]:
    """Name and bytes of what was sent."""
    given = request.files.get("file")
    if given is not None and given.filename:
        with closing(given):
            name = given.filename.replace("\\", "/").rpartition("/")[2]
            if not name.lower().endswith(KINDS_TAKEN):
                zh = "只能导入 .xlsx、.csv、.tsv、.txt；旧的 .xls 请在表格软件中另存为 .xlsx"
                en = "Only .xlsx, .csv, .tsv and .txt: save an old .xls as .xlsx in the spreadsheet program"
                raise Invalid([refusal("file", zh, en, UPLOAD)])
            return name, given.read()
    if pasted := request.form.get("pasted", "").strip("\r\n"):
        return f"{PASTED}.txt", pasted.encode("utf-8", "replace")
    raise Invalid([refusal("file", "请选择文件，或粘贴表格", "Choose a file, or paste a table", UPLOAD)])


def _look_at(name: str, content: bytes) -> None:
    """Refuse at once what cannot be read as a table."""
    if not content:
        return  # the service says what is wrong with an empty file
    try:
        with on_disk(content, name) as path:
            glance(path)
    except Unreadable as wrong:
        raise Invalid([refusal("file", wrong.said.zh, wrong.said.en, UPLOAD)]) from wrong


@bp.route("/<int:import_run_id>")
@needs(Permission.IMPORT)
def show(import_run_id: int) -> ResponseReturnValue:
    """One run as it stands: under way, previewed, or with its receipt and what came back."""
    run = _run(import_run_id)
    if run.state is RunState.PREVIEW and run.content is None:
        return redirect(url_for("imports.choose", import_run_id=run.id))
    _work_on()
    kept = files.kept(run.id, FileKind.RETURNED) if run.receipt else None
    back = returned.unpacked(files.content(run.id, FileKind.RETURNED)) if kept else None
    told = _reasons(back.refused) if back else []
    doubts = _reasons(back.flagged) if back else []
    if told or doubts:
        unit.look("import_run", run.id)
    return render_template(
        "imports/run.html", run=run, receipt=counts(run), kept_until=kept.kept_until if kept else None,
        told=told[:SHOWN], doubts=doubts[:SHOWN], more=max(0, len(told) - SHOWN),
        more_doubts=max(0, len(doubts) - SHOWN), **_sight(run),
    )  # fmt: skip


def _reasons(cases: Iterable[Any]) -> list[returned.Reason]:
    """Every objection to some cases, in the order of the file's lines."""
    return sorted((reason for one in cases for reason in returned.reasons(one)), key=lambda one: one.line)


@bp.route("/<int:import_run_id>/progress")
@needs(Permission.IMPORT)
def progress(import_run_id: int) -> ResponseReturnValue:
    """How far a run is, as a part of its page; nothing once there is something else to be seen."""
    run = _run(import_run_id)
    _work_on()
    if not _sight(run)["under_way"]:
        return ""
    return render_template("imports/progress.html", run=run, **_sight(run))


@bp.route("/<int:import_run_id>/<any(bring,cancel,resume):step>", methods=["POST"])
@needs(Permission.IMPORT)
def move(import_run_id: int, step: str) -> ResponseReturnValue:
    """Bring a previewed file in, stop a run, or go on with one that was stopped."""
    run = _run(import_run_id)
    try:
        {"bring": runs.bring, "cancel": runs.cancel, "resume": runs.resume}[step](run.id)
    except Invalid as wrong:
        tell("due", wrong.problems[0].message)
    _work_on()
    return redirect(url_for("imports.show", import_run_id=run.id))


@bp.route("/<int:import_run_id>/returned.<any(xlsx):file_format>")
@needs(Permission.IMPORT)
def back(import_run_id: int, file_format: str) -> ResponseReturnValue:
    """The rows that could not be stored, to be corrected and brought in again."""
    run = _run(import_run_id)
    try:
        content = files.content(run.id, FileKind.RETURNED)
    except files.Gone:
        abort(404)
    unit.note({"action": "import.download", "kind": "file", "subject": "import_run", "subject_id": run.id})
    rows = returned.workbook(returned.unpacked(content))
    return asked.file(rows, XLSX, f"returned-{run.id}.{file_format}")


@bp.route("/template.<any(xlsx):file_format>")
@needs(Permission.IMPORT)
def blank(file_format: str) -> ResponseReturnValue:
    """The workbook for those who have no export: columns, drop-downs, codes; filled in, it is brought in."""
    return asked.file(template.workbook(), XLSX, f"template.{file_format}")


def counts(run: Any) -> dict[str, Any] | None:
    """The receipt of a run, as its worker kept it; None before there is one."""
    return json.loads(run.receipt) if run.receipt else None


def _sight(run: Any) -> dict[str, Any]:
    """What can be done with a run now."""
    previewing = run.state is RunState.PREVIEW and run.receipt is None and run.content is not None
    return {
        "previewing": previewing,
        "under_way": previewing or run.state in (RunState.WAITING, RunState.RUNNING),
        "ready": run.state is RunState.PREVIEW and run.receipt is not None,
        "stopped": run.state in (RunState.CANCELLED, RunState.FAILED),
        "kinds": KINDS,
        "fates": FATES,
    }


def _run(run_id: int) -> Any:
    return queries.run_or_none(run_id) or abort(404)


def _work_on() -> None:
    """Wake the worker where something waits, or lies where a killed one left it."""
    if runs.waits():
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        worker.worker(app).wake()


def join(app: Flask) -> None:
    app.jinja_env.globals.update(import_counts=counts, import_sight=_sight)
