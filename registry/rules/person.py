"""Rules about a person: birth, death and what is known of life."""

from datetime import date

from registry.codes.person import Precision, Vital
from registry.label import Label
from registry.rules.dates import certainly_before, partial
from registry.rules.life import BIRTH, FUTURE
from registry.rules.problem import Problem, refusal, warning

CONFLICT = Label(
    "死亡后又存活：两个来源都保留，待核实", "Alive after death: both sources are kept until resolved"
)


def check(
    *,
    born_on: date | None = None,
    born_precision: Precision | None = None,
    vital: Vital | None = None,
    died_on: date | None = None,
    died_precision: Precision | None = None,
    last_alive_on: date | None = None,
    today: date | None = None,
    **_other: object,
) -> list[Problem]:
    """Contradictions within what is known of a person; further columns are looked at by no rule."""
    born, died = partial(born_on, born_precision), partial(died_on, died_precision)
    problems = []
    if certainly_before(today, born):
        problems.append(refusal("born_on", "出生日期在今天之后", "Birth date in the future", FUTURE))
    if certainly_before(today, died):
        problems.append(refusal("died_on", "死亡日期在今天之后", "Death date in the future", FUTURE))
    if certainly_before(died, born):
        problems.append(refusal("died_on", "死亡日期早于出生日期", "Death before birth", BIRTH))
    if certainly_before(died, last_alive_on):
        problems.append(
            warning(
                "died_on", "死亡日期之后仍有存活记录", "Known to be alive after the date of death", CONFLICT
            )
        )
    if died is not None and vital is Vital.ALIVE:
        problems.append(
            warning(
                "vital",
                "有死亡日期，生存状态却是存活",
                "There is a death date, but vital status is alive",
                CONFLICT,
            )
        )
    return problems
