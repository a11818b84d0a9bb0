"""`flask survival`: curves and models by a chosen method, as numbers and as a figure."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli.operator import operator_scope
from registry.cli.selection import drawable, overwriting
from registry.cli.survival.numbers import Numbers
from registry.cli.table import table
from registry.label import Label
from registry.queries.survival.by_days import divisions
from registry.reports.files import as_csv, as_json
from registry.reports.rates.quality import this_day
from registry.reports.survival.method import YEARS, Method, Refused, Wanted
from registry.reports.survival.methods import METHODS
from registry.reports.survival.net import STANDARDS
from registry.reports.survival.sentences import ENDS, INTERVALS, ORIGINS
from registry.reports.survival.told import Told, told

DIVISIONS = list(divisions())
NOBODY = Label("没有肿瘤可计", "no tumours to count")
# The options that only some methods understand: the field of `Wanted` and how it is written here.
WRITTEN = {field.name: f"--{field.name.replace('_', '-')}" for field in fields(Wanted)}
WRITTEN |= {"origin": "--from", "restricted": "--rmst"}


def _names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(part.strip() for part in value.split(",") if part.strip())


@click.command("survival")
@click.option("--method", "key", type=click.Choice(list(METHODS)), default="km", show_default=True)
@click.option(
    "--by", metavar="GROUP", type=click.Choice(["none", *DIVISIONS]), help=f"{', '.join(DIVISIONS)}."
)
@click.option("--site", metavar="CODE", help="C16, C18.7 …, or an organ: stomach, colorectum …")
@click.option("--at", metavar="YEARS", type=Numbers(float), help="Years to state survival at; 1,3,5,10.")
@click.option("--days", metavar="DAYS", type=Numbers(int), help="Days to state survival at, e.g. 365,1826.")
@click.option("--centre", metavar="CODE", help="Only tumours that this centre detected.")
@click.option(
    "--from",
    "origin",
    type=click.Choice(list(ORIGINS)),
    help="Count from diagnosis, from the first treatment, or from diagnosis with entry at treatment.",
)
@click.option("--end", type=click.Choice(list(ENDS)), help="Deaths of any cause, or of this cancer only.")
@click.option("--landmark", metavar="DAYS", type=click.IntRange(1, 20_000), help="Only those alive beyond.")
@click.option(
    "--rmst", "restricted", metavar="DAYS", type=click.IntRange(1, 20_000), help="Mean survival up to a day."
)
@click.option("--interval", type=click.Choice(list(INTERVALS)), help="Scale of the interval; log-log.")
@click.option("--strata", metavar="GROUP", type=click.Choice(DIVISIONS), help="Test within these groups.")
@click.option(
    "--covariates",
    metavar="NAMES",
    callback=_names,
    help="For cox: age and groups, the reference level after a colon; age,sex,summary_stage:regional.",
)
@click.option("--life-table", metavar="NAME", help="For ederer2 and pohar-perme; see flask life-table.")
@click.option("--standard", type=click.Choice(STANDARDS), help="Age-standardise net survival; icss is icss1.")
@click.option(
    "--period",
    metavar="FROM TO",
    nargs=2,
    type=click.IntRange(1900, 2200),
    help="Follow-up in these years only.",
)
@click.option("--noninvasive", is_flag=True, help="High-grade neoplasia and Tis instead of invasive cancer.")
@click.option("--format", "shape", type=click.Choice(["table", "csv", "json"]), default="table")
@click.option(
    "--figure",
    "drawing",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw the curves, too: .svg, .png or .pdf.",
)
@click.option(
    "--residuals",
    "further",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="For cox: what each ratio does as time passes.",
)
@overwriting
@with_appcontext
def command(
    key: str,
    by: str | None,
    site: str | None,
    at: tuple[float, ...] | None,
    days: tuple[int, ...] | None,
    centre: str | None,
    noninvasive: bool,
    shape: str,
    drawing: Path | None,
    further: Path | None,
    overwrite: bool,
    **options: Any,
) -> None:
    """Survival by group: numbers at risk, estimate with 95 % interval, median, log-rank test.

    Year y is day floor(365.25·y); at risk are those with a time of at least that day. A stage that
    is not known is a group of its own. Beneath stand how complete the follow-up is, %DCO and %DCN.

    \b
    Examples:
      flask survival --by summary_stage --at 1,3,5 --figure curves.svg
      flask survival --by treatment --from treatment --landmark 180 --rmst 1826
      flask survival --by organ --strata summary_stage
      flask survival --method cif --by sex
      flask survival --method cox --covariates age,sex,summary_stage:localised --residuals r.png
      flask survival --method pohar-perme --life-table china --standard icss --period 2020 2024
    """
    scope = operator_scope(centre)
    for path, hint in ((drawing, "--figure"), (further, "--residuals")):
        drawable(path, overwrite=overwrite, hint=hint)
    method = METHODS[key]
    wanted = Wanted(
        by=None if by == "none" else by,
        at=at if at is not None else () if days else YEARS,
        days=tuple(days or ()),
        smallest=current_app.config["SMALLEST_CELL"],
        selection={
            "site": site,
            "invasive": not noninvasive,
            "centre_ids": sorted(scope.centres) if centre else None,
        },
        **_understood(method, options),
    )
    try:
        answer = told(method, wanted)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    for path, draw in ((drawing, method.draw), (further, method.figures.get("residuals"))):
        if path is not None:
            _drawn(path, draw, answer)
    if shape == "json":
        click.echo(as_json(answer.as_dict()), nl=False)
    elif shape == "csv":
        click.echo(as_csv(answer.flat()), nl=False)
    else:
        click.echo(_tables(answer))


def _drawn(path: Path, draw: Callable[..., bytes] | None, answer: Told) -> None:
    if draw is None:
        said = Label("只用于 --method cox", "goes with --method cox only: this method has no residuals")
        raise click.BadParameter(str(said), param_hint="--residuals")
    if answer.found.empty:
        raise click.ClickException(str(Label("没有人可画", "there is nobody to draw")))
    smallest = answer.wanted.smallest
    try:
        made = draw(answer.found, as_of=this_day(), smallest=smallest, file_format=path.suffix[1:])
    except Refused as why:
        raise click.UsageError(str(why)) from why
    path.write_bytes(made)
    click.echo(f"{Label('图已写入', 'figure written to')} {path}", err=True)


def _understood(method: Method, options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, all of which the method must understand."""
    given = {name: value for name, value in options.items() if value not in (None, ())}
    for name in given:
        if name not in method.options:
            understood = [key for key, one in METHODS.items() if name in one.options]
            told = Label("只用于 --method %(which)s", "goes with --method %(which)s only")
            raise click.BadParameter(str(told % {"which": "|".join(understood)}), param_hint=WRITTEN[name])
    return given


def _tables(answer: Told) -> str:
    lines: list[str] = []
    for sheet in answer.sheets():
        lines += [*([""] if lines else []), str(sheet.title)]
        lines.append(table(sheet.head, sheet.rows, empty=NOBODY, right=range(1, len(sheet.head))))
        lines += [str(note) for note in sheet.notes]
    lines += ["", *(str(one) for one in answer.caution)]
    return "\n".join([*lines, str(answer.method.quote(answer.found))])
