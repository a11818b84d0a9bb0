"""Nothing is done to a person before birth, after death, or tomorrow."""

from datetime import date

from registry.label import Label
from registry.rules.dates import PartialDate, certainly_before
from registry.rules.problem import Problem, refusal

BIRTH = Label("先出生，后诊疗", "Birth precedes what is done to the person")
DEATH = Label("死亡之后没有诊疗", "Nothing is done to the person after death")
FUTURE = Label("只记录已经发生的事", "A record tells what has happened")


def within_life(
    field: str,
    day: PartialDate | date | None,
    what: Label,
    *,
    born: PartialDate | None = None,
    died: PartialDate | None = None,
    today: date | None = None,
) -> list[Problem]:
    """Refusals for a day that cannot be, as far as the dates are known.

    A death known to the month refuses only what lies after that month: unknown is not impossible.
    """
    problems = []
    if certainly_before(day, born):
        problems.append(
            refusal(
                field,
                f"{what.zh}日期早于出生日期，请核对两个日期",
                f"{what.en} before the person was born: check both dates",
                BIRTH,
            )
        )
    if certainly_before(died, day):
        problems.append(
            refusal(
                field,
                f"{what.zh}日期在死亡日期之后，请核对两个日期",
                f"{what.en} after the person's death: check both dates",
                DEATH,
            )
        )
    if certainly_before(today, day):
        problems.append(
            refusal(
                field,
                f"{what.zh}日期在今天之后，请改正",
                f"{what.en} in the future: correct the date",
                FUTURE,
            )
        )
    return problems
