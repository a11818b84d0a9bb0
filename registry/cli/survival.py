"""`flask survival`: Kaplan–Meier curves by group, as numbers and as a figure."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli.operator import operator_scope
from registry.cli.table import table
from registry.label import Label
from registry.queries.survival import divisions
from registry.reports import figures
from registry.reports.files import as_csv, as_json
from registry.reports.quality import this_day
from registry.reports.shown import figure, interval, whole
from registry.reports.survival import YEARS, AtDay, Survival, curves, method

DIVISIONS = list(divisions())


class Numbers(click.ParamType):
    """Numbers with commas between them, 1,3,5,10."""

    name = "numbers"

    def __init__(self, kind: type[int] | type[float]) -> None:
        self.kind = kind

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        try:
            found = tuple(self.kind(part) for part in str(value).split(",") if part.strip())
        except ValueError:
            self.fail(f"{value!r} is no list of numbers such as 1,3,5", param, ctx)
        if not found or min(found) < 0:
            self.fail(f"{value!r}: give numbers that are not negative", param, ctx)
        return found


NOBODY = Label("没有肿瘤可计", "no tumours to count")


@click.command("survival")
@click.option(
    "--by", metavar="GROUP", type=click.Choice(["none", *DIVISIONS]), help=f"{', '.join(DIVISIONS)}."
)
@click.option("--site", metavar="CODE", help="C16, C18.7 …, or an organ: stomach, colorectum …")
@click.option("--at", metavar="YEARS", type=Numbers(float), help="Years to state survival at; 1,3,5,10.")
@click.option("--days", metavar="DAYS", type=Numbers(int), help="Days to state survival at, e.g. 365,1826.")
@click.option("--centre", metavar="CODE", help="Only tumours that this centre detected.")
@click.option("--noninvasive", is_flag=True, help="High-grade neoplasia and Tis instead of invasive cancer.")
@click.option("--format", "shape", type=click.Choice(["table", "csv", "json"]), default="table")
@click.option(
    "--figure",
    "drawing",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw the curves, too: .svg, .png or .pdf.",
)
@with_appcontext
def command(
    by: str | None,
    site: str | None,
    at: tuple[float, ...] | None,
    days: tuple[int, ...] | None,
    centre: str | None,
    noninvasive: bool,
    shape: str,
    drawing: Path | None,
) -> None:
    """Overall survival by group: numbers at risk, estimate with 95 % interval, median, log-rank test.

    Year y is day floor(365.25·y); at risk are those with a time of at least that day. A stage that
    is not known is a group of its own.

    \b
    Example:
      flask survival --by summary_stage --at 1,3,5 --figure curves.svg
    """
    scope = operator_scope(centre)
    if drawing is not None and drawing.suffix[1:] not in figures.FORMATS:
        raise click.BadParameter("the file must end in .svg, .png or .pdf", param_hint="--figure")
    try:
        found = curves(
            by,
            at=at if at is not None else () if days else YEARS,
            days=days or (),
            smallest=current_app.config["SMALLEST_CELL"],
            site=site,
            invasive=not noninvasive,
            centre_ids=sorted(scope.centres) if centre else None,
        )
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint="--site") from wrong
    if drawing is not None:
        if not found.rows:
            raise click.ClickException("there is nobody to draw")
        drawing.write_bytes(figures.survival_figure(found, as_of=this_day(), file_format=drawing.suffix[1:]))
        click.echo(f"{Label('图已写入', 'figure written to')} {drawing}", err=True)
    if shape == "json":
        click.echo(as_json(found.as_dict()), nl=False)
    elif shape == "csv":
        click.echo(as_csv(found.flat()), nl=False)
    else:
        click.echo(_table(found))


def _table(found: Survival) -> str:
    moments = [(at.years, at.day) for at in found.rows[0].at] if found.rows else []
    head = [
        str(found.division or Label("组", "Group")),
        str(Label("例", "n")),
        str(Label("死亡", "Deaths")),
        *(_moment(years, day) for years, day in moments),
        str(Label("中位（天）", "Median (days)")),
    ]
    rows = []
    for row in found.rows:
        stated = [_stated(at) for at in row.at] or ["–"] * len(moments)
        middle = row.as_dict()
        upper = "" if middle["upper"] is None else _days(middle["upper"])
        limits = "" if middle["lower"] is None else f" ({_days(middle['lower'])}–{upper})"
        median = _days(middle["median"]) + limits
        rows.append([row.group.label, whole(row.n), whole(row.events), *stated, median])
    lines = [table(head, rows, empty=NOBODY, right=range(1, len(head)))]
    if found.log_rank is not None and found.log_rank.df:
        test = found.log_rank
        p = f"p = {test.p:.3g}" if test.p > 0 else f"log₁₀ p = {test.log10_p:.1f}"
        lines.append(f"{Label('对数秩检验', 'Log-rank test')}: χ² = {test.chi2:.3f}, df = {test.df}, {p}")
    left_out = found.death_certificate_only, found.not_followed
    if any(left_out):
        words = Label(
            "未计入：仅由死亡证明或尸检得知 %(dco)s 例，无随访 %(lost)s 例",
            "Left out: %(dco)s known from a death certificate or autopsy only, %(lost)s not followed",
        )
        lines.append(str(words % {"dco": left_out[0], "lost": left_out[1]}))
    return "\n".join([*lines, str(method())])


def _stated(at: AtDay) -> str:
    limits = "" if at.lower is None else f" ({interval(at.lower, at.upper)})"
    return f"{figure(at.estimate)}{limits} [{whole(at.at_risk)}]"


def _moment(years: float, day: int) -> str:
    if years == int(years):
        return f"{int(years)} {Label('年', 'y')}: % [{Label('风险人数', 'at risk')}]"
    return f"{day} {Label('天', 'd')}: %"


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
