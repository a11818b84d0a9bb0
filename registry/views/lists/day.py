"""The day's list: its lines in order, each one key away from its case; pasted, looked over, taken in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.exchange.pasting.day_list import day_list as read_list
from registry.exchange.pasting.lines import MOST_LINES
from registry.forms.fields import WEEKDAYS, read_day
from registry.label import Label
from registry.queries.lists import day_list as queries
from registry.rules.dates import age_on
from registry.rules.problem import Invalid, Problem, flags, refusal, refusals
from registry.services.imports.case import Case
from registry.services.lists import day_list as services
from registry.services.lists.recognition import Recognised, certain, recognise
from registry.services.values import today
from registry.views import asked, sent
from registry.views.words import tell

bp = Blueprint("day", __name__, url_prefix="/day")
SOMEBODY_NEW = "new"
FATES = {
    "new": Label("新增 %(n)s 行", "%(n)s new"),
    "updated": Label("补充 %(n)s 行", "%(n)s filled in"),
    "unchanged": Label("未变 %(n)s 行", "%(n)s unchanged"),
    "refused": Label("未采用 %(n)s 行", "%(n)s not taken"),
}


@bp.route("")
@needs(Permission.WRITE)
def show() -> ResponseReturnValue:
    """The list of a day, today's unless the address names another; what earlier days left open."""
    day = asked.day("on", 0) or today()
    lines = queries.on_list(day)
    return render_template(
        "lists/day.html",
        day=day,
        weekday=WEEKDAYS[day.weekday()],
        is_today=day == today(),
        lines=lines,
        earlier=queries.left_open(day),
        coming=queries.coming(day),
        next_line=queries.next_open(lines),
    )


@bp.route("/<int:listed_id>/state", methods=["POST"])
@needs(Permission.WRITE)
def state(listed_id: int) -> ResponseReturnValue:
    """Strike a line off, or put it back."""
    line = queries.line(listed_id) or abort(404)
    on = line.listed_on.isoformat()
    try:
        if request.form.get("do") == "reopen":
            services.reopen(line)
            tell("done", Label("已放回名单。", "Back on the list."))
        else:
            services.cancel(line)
            tell("done", Label("已记为未做。", "Struck off as not done."))
    except Invalid as wrong:
        tell("due", wrong.problems[0].message)
    back = request.form.get("back")
    return redirect(url_for("home.home") if back == "home" else url_for("day.show", on=on), 303)


@dataclass(frozen=True)
class Looked:
    """A pasted line as it is understood: whom it means, and what stands in its way."""

    case: Case
    known: Recognised
    problems: list[Problem]

    @property
    def refused(self) -> list[Problem]:
        return refusals(self.problems)

    @property
    def doubts(self) -> list[Problem]:
        return flags(self.problems)

    @property
    def likeliest(self) -> str:
        """Who is offered first: the one namesake of the same sex and birth date, else nobody known."""
        sure = [one for one in self.known.likely if certain(one, self.case.person)]
        return str(sure[0].person_id) if len(sure) == 1 else SOMEBODY_NEW


@bp.route("/paste", methods=["GET", "POST"])
@needs(Permission.WRITE)
def paste() -> ResponseReturnValue:
    """Paste a list, look at how each line is understood, take it in. Nothing is kept until then."""
    text = request.form.get("text", "")
    on = request.form.get("on", "").strip()
    problems: list[Problem] = []
    looked: list[Looked] = []
    if request.method == "POST":
        day = _day(on, problems)
        looked = _look(text, day, problems) if not problems else []
        if looked and request.form.get("do") == "take":
            return _take(looked, day)
    page = render_template(
        "lists/day_paste.html", text=text, on=on or today().isoformat(), looked=looked, problems=problems,
        sound=sum(not one.refused for one in looked),
    )  # fmt: skip
    return page, 422 if problems else 200


def _day(typed: str, problems: list[Problem]) -> date:
    try:
        found = read_day(typed or today().isoformat(), future=True)
    except ValueError as wrong:
        zh, en = wrong.args[0]
        problems.append(refusal("on", zh, en, services.LIST))
        return today()
    return found if isinstance(found, date) else found.day


def _look(text: str, day: date, problems: list[Problem]) -> list[Looked]:
    cases = read_list(text, day=day, today=today())
    if not cases:
        zh, en = "没有看到名单，请粘贴表格或文字", "There is no list: paste a table or some lines"
        problems.append(refusal("text", zh, en, services.LIST))
    if len(cases) > MOST_LINES:
        zh = f"一次最多 {MOST_LINES} 行，请分次粘贴或用文件导入"
        en = f"At most {MOST_LINES} lines at a time: paste in parts, or bring in a file"
        problems.append(refusal("text", zh, en, services.LIST))
        return []
    looked = []
    for case in cases:
        known = recognise(case.person, case.enrolment, case.document, today=today())
        case.records["person"], wrong = services.by_number(case.person, case.document)
        looked.append(Looked(case, known, [*case.problems, *wrong, *known.problems]))
    return looked


def _take(looked: list[Looked], day: date) -> ResponseReturnValue:
    """Put the sound lines on the list; what was refused is shown again with its reason."""
    counts = dict.fromkeys(FATES, 0)
    refused: list[Looked] = []
    for one in looked:
        try:
            if one.refused:
                raise Invalid(one.refused)
            chosen = sent.chosen(f"who-{one.case.key}")
            offered = {known.person_id for known in one.known.likely}
            counts[
                services.put_on(
                    listed=one.case.listed, person=one.case.person, enrolment=one.case.enrolment,
                    document=one.case.document, person_id=chosen if chosen in offered else None,
                )
            ] += 1  # fmt: skip
        except Invalid as wrong:
            counts["refused"] += 1
            refused.append(Looked(one.case, one.known, wrong.problems))
    told = [FATES[fate] % {"n": number} for fate, number in counts.items() if number]
    tell("due" if refused else "done", Label("；".join(t.zh for t in told), "; ".join(t.en for t in told)))
    if not refused:
        return redirect(url_for("day.show", on=day.isoformat()), 303)
    return render_template("lists/day_refused.html", refused=refused, day=day), 422


def case_of(listed_id: int, person_id: int) -> Any:
    """The line whose case is being entered; 404 where it is not here, or is about somebody else."""
    line = queries.line(listed_id)
    if line is None or line.person_id != person_id:
        abort(404)
    return line


def said_of(line: Any) -> dict[str, Any]:
    """What a line says of its examination: who, where and how, never what was seen."""
    names = ("type", "number", "operator_id", "indication", "sedation")
    said = {name: found for name in names if (found := getattr(line, name)) is not None}
    if line.operator_words and line.operator_id is None:
        said["operator_id"] = None  # somebody, but not the doctor of the last case
    return said | {"performed_on": min(line.listed_on, today())}


def place_of(line: Any) -> dict[str, Any]:
    """Where a line stands on its list, for the page of its case."""
    lines = queries.on_list(line.listed_on)
    place = next((nth for nth, one in enumerate(lines, 1) if one.listed_id == line.id), 0)
    left = sum(one.open for one in lines if one.listed_id != line.id)
    return {"place": place, "count": len(lines), "left": left, "on": line.listed_on}


def after(line: Any) -> str:
    """The address of the case of the next open line; the list itself where none is left."""
    following = queries.next_open(queries.on_list(line.listed_on), line.id)
    if following is None:
        return url_for("day.show", on=line.listed_on.isoformat())
    return url_for("cases.new", person_id=following.person_id, listed=following.listed_id)


def _import_address() -> str | None:
    return url_for("imports.index") if "imports.index" in current_app.view_functions else None


def join(app: Flask) -> None:
    app.jinja_env.globals.update(age_on=age_on, import_address=_import_address)
