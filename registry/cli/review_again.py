"""`flask review sample`: samples of closed months that are entered again, and how well both entries agree."""

import click
from flask.cli import with_appcontext

from registry.cli.given import MONTH, in_order, over
from registry.cli.operator import operator_scope
from registry.cli.review import command as review
from registry.cli.table import table
from registry.label import Label
from registry.queries.review import reabstraction as queries
from registry.reports.agreement import Agreement, agreement
from registry.reports.files import as_csv, as_json
from registry.reports.rates.shown import figure, interval
from registry.rules.problem import Invalid
from registry.services.review import reabstraction as services


@review.group("sample")
def sample() -> None:
    """Draw samples of closed months to be entered again, and print how well both entries agree.

    \b
    Example:
      flask review sample draw 2026-10 && flask review sample agreement --from 2026-01
    """


@sample.command("draw")
@click.argument("month", metavar="MONTH", type=MONTH)
@click.option("--share", type=float, default=services.SHARE, show_default=True, help="Per cent.")
@click.option("--least", type=int, default=services.LEAST, show_default=True, help="Per centre at least.")
@click.option("--seed", help="What the draw follows from; a random one unless given. It is recorded.")
@with_appcontext
def draw(month: str, share: float, least: int, seed: str | None) -> None:
    """Draw from a closed month, once.

    \b
    Example:
      flask review sample draw 2026-10 --share 5 --least 10
    """
    operator_scope()
    over(month, "MONTH")
    try:
        made = services.draw(month, share=share, least=least, seed=seed)
    except Invalid as wrong:
        raise click.ClickException("\n".join(str(one.message) for one in wrong.problems)) from wrong
    said = Label("%(month)s 抽出 %(n)s 份，种子 %(seed)s", "%(month)s: %(n)s drawn, with the seed %(seed)s")
    values = {"month": month, "n": sum(one.size for one in made), "seed": made[0].seed if made else "–"}
    click.echo(said % values)
    centres = {one.sample.id: one.sample.centre.label for one in queries.samples()}
    rows = [[centres[one.id], one.size, one.population] for one in made]
    head = (Label("中心", "centre"), Label("抽出", "drawn"), Label("当月检查", "of"))
    click.echo(table(head, rows, empty=Label("没有中心", "no centre"), right=(1, 2)))


@sample.command("agreement")
@click.option("--centre", metavar="CODE", help="One centre; all of them unless said.")
@click.option("--from", "first", metavar="MONTH", type=MONTH, help="Samples of this month and later.")
@click.option("--to", "last", metavar="MONTH", type=MONTH, help="Samples of this month and before.")
@click.option("--json", "shape", flag_value="json", help="As JSON.")
@click.option("--csv", "shape", flag_value="csv", help="As CSV.")
@with_appcontext
def agreed(centre: str | None, first: str | None, last: str | None, shape: str | None) -> None:
    """Per cent agreement and kappa of each field, with intervals.

    \b
    Example:
      flask review sample agreement --centre 370002 --from 2026-01 --to 2026-10
    """
    scope = operator_scope(centre)
    in_order(first, last)
    found = agreement(first_month=first, last_month=last, centre_ids=scope.centres if centre else None)
    if shape:
        content = [row.as_dict() for row in found.rows]
        click.echo(as_json(content) if shape == "json" else as_csv(content), nl=False)
        return
    told = Label(
        "抽出 %(drawn)s 份，已录 %(done)s 份，其中 %(without)s 份找不到原始资料",
        "%(drawn)s drawn, %(done)s entered again, %(without)s of these without papers",
    )
    extent = found.extent
    values = {"drawn": extent.drawn, "done": extent.done, "without": extent.without_papers}
    click.echo(told % values)
    head = (
        *(Label("项目", "field"), Label("一致 %", "agree %"), Label("95 % 区间", "95 % interval")),
        *(Label("一致／两边都有", "agree / both"), Label("κ", "kappa"), Label("95 % 区间", "95 % interval")),
        *(Label("只有记录", "record only"), Label("只有资料", "papers only"), Label("说明", "state")),
    )
    rows = [_line(row) for row in found.rows]
    click.echo(table(head, rows, empty=Label("没有", "none"), right=(1, 2, 3, 4, 5, 6, 7)))


def _line(row: Agreement) -> list[object]:
    kappa = limits = "–"
    if row.kappa is not None and row.kappa_lower is not None and row.kappa_upper is not None:
        kappa = f"{row.kappa:.2f}".replace("-", "−")
        limits = f"{row.kappa_lower:.2f}–{row.kappa_upper:.2f}"
    return [
        *(row.field.label, figure(row.share), interval(row.lower, row.upper)),
        *(f"{row.agreed}/{row.pairs}", kappa, limits),
        *(row.only_first, row.only_second, row.said.value),
    ]
