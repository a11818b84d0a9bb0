"""`flask seed`: a made-up alliance at any size."""

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from registry.cli.operator import operator_scope
from registry.exchange import made_up
from registry.label import Label
from registry.services.made_up.seed import Occupied
from registry.services.values import today


@click.command("seed")
@click.option("--examinations", type=click.IntRange(1), required=True, help="How many examinations in all.")
@click.option(
    "--years", type=click.FloatRange(0.1, 40), default=2.0, show_default=True, help="Over so many years."
)
@click.option(
    "--seed", "chance", type=int, default=1, show_default=True, help="The same number, the same alliance."
)
@with_appcontext
def command(examinations: int, years: float, chance: int) -> None:
    """Fill an empty registry with a made-up alliance: 22 hospitals, their staff, persons and their course.

    Nobody in it exists. The dates end today.

    \b
    Example:
      flask seed --examinations 4000 --years 2
    """
    fill(examinations, years, chance)


def fill(examinations: int, years: float, chance: int) -> None:
    """Make the alliance, with a progress bar on a terminal."""
    operator_scope()
    unit = str(Label(" 例", " examinations"))
    try:
        with tqdm(total=examinations, unit=unit, unit_scale=True, disable=None) as bar:
            made_up.alliance(examinations, years=years, chance=chance, today=today(), progress=bar.update)
    except Occupied as wrong:
        told = Label(
            "登记处里已有机构或人员，示例数据只能写入空的登记处",
            "this registry has centres or persons already; made-up ones go into an empty one only",
        )
        raise click.ClickException(str(told)) from wrong
