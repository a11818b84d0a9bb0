"""`flask review`: the quality-control centre's month: alerts raised, figures closed, what changed since."""

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli.given import MONTH, over
from registry.cli.operator import operator_scope
from registry.cli.table import table
from registry.indicators import INDICATORS, switched_on
from registry.label import Label
from registry.queries.review import ledger as queries
from registry.reports.files import as_csv, as_json
from registry.reports.papers.periods import last_full
from registry.reports.rates.closed_months import Standing, as_reported
from registry.reports.rates.quality import this_day
from registry.reports.variation.alarms import alarms
from registry.rules.problem import Invalid
from registry.services.review import alerts as raising
from registry.services.review import closed_months


@click.group("review")
def command() -> None:
    """Raise alerts, close a month, and see what changed of a closed one.

    \b
    Example:
      flask review alerts && flask review close-month 2026-10
    """


@command.command("alerts")
@click.option(
    "--month",
    metavar="MONTH",
    type=MONTH,
    help="Look up to the end of this month; the last full one unless said.",
)
@with_appcontext
def alerts(month: str | None) -> None:
    """Look through every chart, raise what is new, and list what is open.

    \b
    Example:
      flask review alerts --month 2026-10
    """
    operator_scope()
    chosen = over(month, "--month") if month else last_full("monthly", this_day())
    found = alarms(switched_on(current_app.config["INDICATOR_SETS"]), month=chosen)
    raised = {one.id for one in raising.raise_alerts(found)}
    head = (
        *(Label("编号", "number"), Label("指标", "indicator"), Label("对象", "about")),
        *(Label("见于", "seen in"), Label("提出", "raised"), Label("负责人", "owner")),
    )
    rows = []
    for one in queries.alerts():
        indicator = INDICATORS.get(one.indicator)
        about = f"{one.centre.label}{f' · {one.operator.name}' if one.operator else ''}"
        new = Label("（新）", " (new)") if one.id in raised else ""
        rows.append(
            [
                *(f"{one.id}", indicator.label if indicator else one.indicator, about),
                *(one.chart.label, f"{one.raised_at.astimezone():%Y-%m-%d}{new}"),
                one.owner.name if one.owner else "–",
            ]
        )
    click.echo(table(head, rows, empty=Label("没有未结束的预警", "no alert is open")))


@command.command("close-month")
@click.argument("month", metavar="MONTH", type=MONTH)
@with_appcontext
def close_month(month: str) -> None:
    """Keep a month's figures as they are now, for every centre; this cannot be undone.

    \b
    Example:
      flask review close-month 2026-10
    """
    operator_scope()
    over(month, "MONTH")
    try:
        kept = closed_months.close(month, switched_on(current_app.config["INDICATOR_SETS"]))
    except Invalid as wrong:
        raise click.ClickException("\n".join(str(one.message) for one in wrong.problems)) from wrong
    said = Label("%(month)s 已封存，%(n)s 个中心", "%(month)s is closed for %(n)s centres")
    click.echo(said % {"month": month, "n": len(kept)})


@command.command("month")
@click.argument("month", metavar="MONTH", type=MONTH)
@click.option("--changed", is_flag=True, help="Only what has changed since.")
@click.option("--json", "shape", flag_value="json", help="As JSON.")
@click.option("--csv", "shape", flag_value="csv", help="As CSV.")
@with_appcontext
def shown(month: str, changed: bool, shape: str | None) -> None:
    """A closed month: met of eligible as reported, and as of today.

    \b
    Example:
      flask review month 2026-10 --changed
    """
    operator_scope()
    if month not in queries.closed_months():
        there = ", ".join(queries.closed_months()) or str(Label("一个也没有", "none at all"))
        told = Label("%(month)s 没有封存；已封存：%(there)s", "%(month)s is not closed; there are: %(there)s")
        raise click.BadParameter(str(told % {"month": month, "there": there}), param_hint="MONTH")
    rows = [row for row in as_reported(month) if row.changed or not changed]
    content = [row.as_dict() for row in rows]
    if shape:
        click.echo(as_json(content) if shape == "json" else as_csv(content), nl=False)
        return
    head = (
        *(Label("指标", "indicator"), Label("中心", "centre")),
        *(Label("上报", "reported"), Label("今日", "today"), Label("变化", "change")),
    )
    lines = [
        [row.label, row.centre_label, _of(row.then), _of(row.now), row.why or _told(changed=row.changed)]
        for row in rows
    ]
    click.echo(table(head, lines, empty=Label("没有变化", "nothing has changed"), right=(2, 3)))
    if not closed_months.intact(month):
        wrong = Label("上报数被改动过", "what was reported has been tampered with")
        raise click.ClickException(str(wrong))


def _of(one: Standing | None) -> str:
    return "–" if one is None else f"{one.met}/{one.eligible}"


def _told(*, changed: bool) -> Label:
    return Label("有变化", "changed") if changed else Label("无", "none")
