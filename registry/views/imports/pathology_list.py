"""Pathology pasted by number: looked over line by line, then the waiting specimens get their reports."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.exchange.pasting.lines import MOST_LINES
from registry.exchange.pasting.pathology_list import pathology_list as read_list
from registry.label import Label
from registry.rules.problem import Invalid, Problem, refusal
from registry.services.imports.case import Case
from registry.services.imports.lists import pathology as services
from registry.services.values import today
from registry.views.words import tell

bp = Blueprint("pathology_list", __name__, url_prefix="/to-do/specimens")
SOURCE = Label("粘贴的病理清单", "pasted pathology list")
FATES = {
    "new": Label("新增报告 %(n)s 份", "%(n)s new reports"),
    "updated": Label("更新或修订 %(n)s 份", "%(n)s updated or revised"),
    "unchanged": Label("未变 %(n)s 份", "%(n)s unchanged"),
    "refused": Label("未采用 %(n)s 行", "%(n)s not taken"),
}


@dataclass(frozen=True)
class Looked:
    """A pasted line: the specimen it means and what would become of its report, or why nothing would."""

    case: Case
    meant: Any
    problems: list[Problem]


@bp.route("/paste", methods=["GET", "POST"])
@needs(Permission.WRITE)
def paste() -> ResponseReturnValue:
    """Paste two or three columns, look at what each line would do, take them in."""
    text = request.form.get("text", "")
    cases = read_list(text, today=today()) if request.method == "POST" else []
    problems = _unusable(cases) if request.method == "POST" else []
    looked: list[Looked] = []
    if not problems and request.form.get("do") == "take":
        counts, looked = _take(cases)
        _tell(counts)
        if not looked:
            return redirect(url_for("worklists.specimens"), 303)
    elif not problems:
        looked = [_look(case) for case in cases]
    page = render_template(
        "imports/pathology_paste.html", text=text, looked=looked, problems=problems,
        sound=sum(one.meant is not None and one.meant.outcome != "unchanged" for one in looked),
        refused=bool(looked) and request.form.get("do") == "take",
    )  # fmt: skip
    return page, 422 if problems or (looked and request.form.get("do") == "take") else 200


def _unusable(cases: list[Case]) -> list[Problem]:
    if not cases:
        said = (
            "没有看到病理清单，请粘贴病理号和诊断",
            "There is no list: paste pathology numbers and diagnoses",
        )
        return [refusal("text", *said, services.NUMBER)]
    if len(cases) > MOST_LINES:
        zh = f"一次最多 {MOST_LINES} 行，请分次粘贴或用文件导入"
        en = f"At most {MOST_LINES} lines at a time: paste in parts, or bring in a file"
        return [refusal("text", zh, en, services.NUMBER)]
    return []


def _look(case: Case) -> Looked:
    try:
        return Looked(case, services.find(case), case.problems)
    except Invalid as wrong:
        return Looked(case, None, wrong.problems)


def _take(cases: list[Case]) -> tuple[dict[str, int], list[Looked]]:
    """Store each line by itself; how many of each fate, and those that were refused."""
    counts, refused = dict.fromkeys(FATES, 0), []
    for case in cases:
        try:
            counts[services.take(case, source=str(SOURCE))] += 1
        except Invalid as wrong:
            counts["refused"] += 1
            refused.append(Looked(case, None, wrong.problems))
    return counts, refused


def _tell(counts: dict[str, int]) -> None:
    told = [FATES[fate] % {"n": number} for fate, number in counts.items() if number]
    said = Label("；".join(one.zh for one in told), "; ".join(one.en for one in told))
    tell("due" if counts["refused"] else "done", said)
