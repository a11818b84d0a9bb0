"""What has left for readers of aggregates: when, asked for by whom, how much hidden; and a year anew."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import Permission, needs
from registry.indicators import INDICATORS
from registry.label import Label
from registry.queries.releases import first_table
from registry.queries.releases import tables as queries
from registry.queries.releases.survival import SUBJECTS
from registry.queries.survival.by_days import ROLES, divisions
from registry.reports.rates.quality import this_day
from registry.rules.cause import End
from registry.services.releases.first_table import count_first_table
from registry.services.releases.making import count_anew
from registry.services.releases.survival import count_survival
from registry.views.sent import whole
from registry.views.survival.asked import SITES
from registry.views.words import tell

bp = Blueprint("releases", __name__, url_prefix="/quality/releases")
READERS = (Permission.REVIEW, Permission.ALLIANCE)
OF_SURVIVAL = {
    "survival invasive": Label("生存（浸润癌）", "Survival, invasive cancer"),
    "survival noninvasive": Label("生存（高级别瘤变与原位癌）", "Survival, high-grade neoplasia and Tis"),
}
DIVIDED = {"first-table": Label("表 1", "Table 1"), "none": Label("生存，不分组", "Survival, all together")}
SITES_NAMED = {"all": Label("全部部位", "All sites"), **dict(SITES)}
ENDS = {"death": Label("任何死因", "Death of any cause"), **{end.code: end.label for end in End}}
PARTS = {
    "whole": Label("全联盟，按时间、性别、年龄", "Whole alliance, by time, sex and age"),
    "table": Label("全联盟和各组", "Whole alliance and groups"),
    "centre": Label("各中心，按年", "Centres, by year"),
    "centre-quarter": Label("各中心，按季度", "Centres, by quarter"),
}


def subjects() -> list[str]:
    """What can be counted anew: years, and survival."""
    years = queries.years_there_are(this_day())
    return [*map(str, years), *SUBJECTS, *map(first_table.subject, years)]


def titled(subject: str) -> Label:
    """What a release is of, in words."""
    if (year := first_table.year_of_subject(subject)) is not None:
        return Label(f"表 1（{year} 年）", f"Table 1 ({year})")
    return OF_SURVIVAL.get(subject) or Label(f"{subject} 年", subject)


def called(table: str) -> tuple[Label | str, str]:
    """The name of a counted table – an indicator, a division of survival –, and an indicator's key."""
    if table in INDICATORS:
        return INDICATORS[table].label, table
    key, _, role = table.partition("-")
    named = ROLES[role][0] if role in ROLES else DIVIDED.get(table) or _divisions().get(key)
    return named or table, ""


def part_called(part: str) -> Label | str:
    """The name of a part: rungs of a year, or a site and what ended survival."""
    site, _, kind = part.partition(":")
    if not kind:
        return PARTS.get(part, part)
    where = SITES_NAMED.get(site, Label(site, site))
    what = ENDS.get(kind, Label(kind, kind))
    return Label(f"{where.zh}，{what.zh}", f"{where.en}, {what.en.lower()}")


def _divisions() -> dict[str, Label]:
    return {key: one.label for key, one in divisions().items()}


@bp.route("/")
@needs(*READERS)
def index() -> ResponseReturnValue:
    """The releases, the latest first."""
    number = whole("page", least=1) or 1
    found, total = queries.left(number)
    return render_template(
        "releases/left.html",
        found=found,
        number=number,
        pages=max(1, -(-total // queries.PAGE)),
        subjects=[(one, titled(one)) for one in subjects()],
        titled=titled,
    )


@bp.route("/parts")
@needs(*READERS)
def show() -> ResponseReturnValue:
    """One release, or the latest: which parts of which tables have left."""
    asked_for = whole("release", least=1)
    latest, _ = queries.left()
    if asked_for is None and not latest:
        return redirect(url_for("releases.index"))
    found = latest[0].release if asked_for is None else queries.released_called(asked_for)
    if found is None:
        abort(404)
    parts = [(one, *called(one.table.name), part_called(one.part)) for one in queries.parts_of(found)]
    return render_template("releases/release.html", release=found, subject=titled(found.subject), parts=parts)


@bp.route("/", methods=["POST"])
@needs(Permission.REVIEW)
def make() -> ResponseReturnValue:
    """Count a subject anew; what is asked for from now on is of these counts."""
    subject = request.form.get("year", "").strip()
    if subject not in subjects():
        abort(400)
    if subject in SUBJECTS:
        made = count_survival(SUBJECTS[subject])
    elif (year := first_table.year_of_subject(subject)) is not None:
        made = count_first_table(year)
    else:
        made = count_anew(int(subject))
    told = Label(
        "%(subject)s第 %(n)s 次发布已计数；以后的查询按此数，并与以前的发布相比后才公开。",
        "Release %(n)s of %(subject)s is counted: what is asked for from now on is of these counts, "
        "and is held against the earlier releases before it leaves.",
    )
    tell("done", told % {"subject": titled(subject).inside, "n": made.number})
    return redirect(url_for("releases.index"), 303)
