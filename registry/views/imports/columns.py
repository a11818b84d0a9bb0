"""What the columns of an uploaded file mean: a mapping that exists, or one drafted here and corrected."""

import json
from pathlib import Path
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.codes.desk import FileKind
from registry.exchange import mapping, sampling
from registry.exchange.mapping import columns, drafting
from registry.exchange.readers import Unreadable
from registry.exchange.uploaded import Glance, fits, glance, on_disk
from registry.label import Label
from registry.queries import imports as queries
from registry.rules.problem import Invalid, Problem, refusal
from registry.services.imports.uploads import files, mappings, runs
from registry.views.imports.files import _run, _work_on
from registry.views.imports.files import bp as pages
from registry.views.words import tell

SPARE = 3
MOST_LINES = 250
GONE = Label("文件已过保留期，请重新上传。", "The file is kept no longer: please upload it again.")
WRITTEN = Label("映射的写法", "How a mapping is written")


@pages.route("/<int:import_run_id>/columns", methods=["GET", "POST"])
@needs(Permission.IMPORT)
def choose(import_run_id: int) -> ResponseReturnValue:
    """Choose, draft, correct, try and save the mapping of a file."""
    run = _run(import_run_id)
    try:
        content = files.content(run.id, FileKind.UPLOADED)
    except files.Gone:
        tell("due", GONE)
        return redirect(url_for("imports.index"))
    with on_disk(content, run.file_name or "") as path:
        if request.method == "GET":
            return _page(run, path, *_offered(run, path), problems=[])
        return _changed(run, path)


@pages.route("/mappings/<int:saved_mapping_id>")
@needs(Permission.IMPORT)
def mapping_version(saved_mapping_id: int) -> ResponseReturnValue:
    """One version of a mapping of this centre, and the others."""
    saved = queries.mapping_or_none(saved_mapping_id) or abort(404)
    return render_template("imports/mapping.html", saved=saved, versions=queries.versions(saved.name))


def _changed(run: Any, path: Path) -> ResponseReturnValue:
    """What was sent: try it, or save it and have the preview made."""
    told = request.form
    use = told.get("use", "")
    name = (told.get("name") or told.get("text_name", "")).strip()
    content = told.get("base", "")
    try:
        if told.get("do") == "use":
            use, name, content = _named(use, run, path)
        elif told.get("do", "").endswith("text"):
            content = told.get("text", "").replace("\r\n", "\n")
        else:
            content = columns.text(content, _sheet())
        chosen = mapping.parse(name or str(run.id), content)
        if told.get("do", "").startswith("try"):
            return _page(run, path, use, name, content, problems=[])
        if told.get("do") != "use":
            saved = mappings.save(name=name, source=chosen.source, content=content)
            name = saved.name
        runs.choose(run.id, name=name, source=chosen.source, content=content)
    except mapping.MappingFault as wrong:
        fault = refusal("columns", *wrong.said, WRITTEN)
        return _page(run, path, use, name, content, problems=[fault])
    except Invalid as wrong:
        return _page(run, path, use, name, content, problems=wrong.problems)
    _work_on()
    return redirect(url_for("imports.show", import_run_id=run.id))


def _page(
    run: Any, path: Path, use: str, name: str, content: str, *, problems: list[Problem]
) -> ResponseReturnValue:
    draft = drafting.draft(path) if use == "draft" and request.method == "GET" else None
    sample = chosen = None
    try:
        chosen = mapping.parse(name or str(run.id), content)
        sample = sampling.sample(path, chosen)
    except (mapping.MappingFault, Unreadable) as wrong:
        if not problems and not (draft and draft.lacking):
            problems = [refusal("columns", str(wrong), str(wrong), WRITTEN)]
    seen = glance(path, chosen)
    table = _readable(content, seen)
    page = render_template(
        "imports/columns.html", run=run, seen=seen, use=use, name=name, content=content, table=table,
        sample=sample, wrong=_troubles(sample), problems=problems, options=_options(),
        targets=columns.targets(), codes=columns.codes, choices=columns.choices(), spare=SPARE, rest=_rest,
        kept=columns.kept, too_many=len(table.lines) > MOST_LINES, **_told_of(draft),
    )  # fmt: skip
    return page, 422 if problems and request.method == "POST" else 200


def _told_of(draft: drafting.Draft | None) -> dict[str, Any]:
    """What a draft was not sure of, in words."""
    return {
        "drafted": draft is not None,
        "unsure": draft.unsure if draft else [],
        "lacking": [columns.named(target) for target in draft.lacking] if draft else [],
        "unknown": {one.column: one.unknown for one in draft.columns if one.unknown} if draft else {},
    }


def _troubles(sample: sampling.Sample | None) -> int:
    rows = sample.rows if sample else ()
    return sum(bool(cell.problems) for row in rows for cell in row.cells)


def _readable(content: str, seen: Glance) -> columns.Sheet:
    """The table of a text that has a fault; of an empty one where it cannot be read at all."""
    try:
        return columns.sheet(content, seen.header)
    except mapping.MappingFault:
        return columns.sheet("", seen.header)


def _offered(run: Any, path: Path) -> tuple[str, str, str]:
    """Which mapping to begin with: the one asked for, the run's own, one that fits the columns, a draft."""
    if asked := request.args.get("use"):
        return _named(asked, run, path)
    if run.content:
        return "", run.mapping, run.content
    encoding = glance(path).encoding
    for key, _ in _options()[1:]:
        use, name, content = _named(key, run, path)
        if _fits(name, content, path, encoding):
            return use, name, content
    return _named("draft", run, path)


def _fits(name: str, content: str, path: Path, encoding: str | None) -> bool:
    """Whether the file has every column of a mapping; one that is sound no longer fits nothing."""
    try:
        return fits(path, mapping.parse(name, content), encoding=encoding)
    except mapping.MappingFault:
        return False


def _named(use: str, run: Any, path: Path) -> tuple[str, str, str]:
    """A mapping by its key on the page: key, name and text."""
    kind, _, which = use.partition("-")
    if kind == "saved" and which.isdecimal() and len(which) < 10:
        saved = queries.mapping_or_none(int(which)) or abort(404)
        return use, saved.name, saved.content
    if kind == "shipped" and which in mapping.shipped():
        return use, which, mapping.find(which).read_text("utf-8")
    return "draft", Path(run.file_name or "").stem[:80], drafting.draft(path).toml


def _options() -> list[tuple[str, Any]]:
    """The mappings to choose from: a draft, this centre's, and those that come with the registry."""
    own = [
        (
            f"saved-{one.id}",
            Label(f"{one.name}（第 {one.version} 版）", f"{one.name} (version {one.version})"),
        )
        for one in queries.mappings()
    ]
    came = [(f"shipped-{name}", Label(f"{name}（自带）", f"{name} (shipped)")) for name in mapping.shipped()]
    return [("draft", Label("由系统起草", "Draft one for me")), *own, *came]


def _sheet() -> columns.Sheet:
    """The table as it was sent."""
    told = request.form
    lines, key = [], []
    for number in range(MOST_LINES + SPARE):
        if (column := told.get(f"rows-{number}-column")) is None:
            continue
        if f"rows-{number}-key" in told and column not in key:
            key.append(column)
        names = ("target", "read", "order", "values", "always")
        given = {name: told.get(f"rows-{number}-{name}", "").strip() for name in names}
        rank = told.get(f"rows-{number}-rank", 99, type=int)
        lines.append(columns.Line(column, **given, rank=rank, more=_more(told.get(f"rows-{number}-more"))))
    return columns.Sheet(
        told.get("source", "").strip(), told.get("about", "cases"), told.get("per", "case"), tuple(key),
        tuple(lines),
    )  # fmt: skip


def _more(given: str | None) -> dict[str, Any]:
    try:
        found = json.loads(given or "{}")
    except ValueError:
        abort(400)
    return found if isinstance(found, dict) else abort(400)


def _rest(line: columns.Line) -> str:
    return json.dumps(dict(line.more), ensure_ascii=False)
