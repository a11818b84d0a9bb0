"""What is wrong with a case of a file, and the facts that follow from it alone."""

from datetime import date
from typing import Any

from registry.label import Label
from registry.rules import outcome, person, survival, tumour
from registry.rules.problem import Problem, flags, refusal, refusals
from registry.services.imports.case import Case

AGREES = Label("来源算出的值，重新推算", "What the source derived, derived again")
NEEDED = {"enrolment": ("enrolled_on",), "tumour": ("organ",)}


def check(case: Case, *, today: date) -> list[Problem]:
    """What stops a case from being stored: what could not be read, else the same rules as in the forms."""
    return refusals(judge(case, today=today))


def judge(case: Case, *, today: date) -> list[Problem]:
    """What stops a case, or where nothing does, what is unlikely about it: the rules of the forms."""
    if stopping := refusals(case.problems):
        return stopping
    problems = [
        refusal(
            f"{record}-{name}", "缺少", "is missing", Label("保存病例必需", "A case needs this to be stored")
        )
        for record, names in NEEDED.items()
        if record in case.records
        for name in names
        if case.records[record].get(name) is None
    ]
    life = {name: case.person.get(name) for name in ("born_on", "born_precision")}
    death = {name: case.life.get(name) for name in ("died_on", "died_precision")}
    problems += _under("person", person.check(**case.person, **case.life, today=today))
    if case.tumour:
        problems += _under("tumour", tumour.check(**case.tumour, **life, **death, today=today))
    if case.vital_status:
        problems += _under("vital_status", outcome.check_vital(**case.vital_status, **life, today=today))
    return refusals(problems) or _disagreements(case) or flags(problems)


def _under(path: str, problems: list[Problem]) -> list[Problem]:
    return [problem.under(path) for problem in problems]


def _disagreements(case: Case) -> list[Problem]:
    return [
        refusal(
            name, f"来源为 {told}，登记处推得 {ours}", f"the source has {told}, the registry {ours}", AGREES
        )
        for name, told in case.agrees.items()
        if (ours := followed(case)[name]) != told
    ]


def followed(case: Case) -> dict[str, Any]:
    """The tumour's follow-up as it follows from the case alone: whole days, and dead or not."""
    told, life = case.tumour, case.life
    start = survival.start(
        invasive_on=None,
        incidence_on=told.get("incidence_on"),
        incidence_precision=told.get("incidence_precision"),
    )
    found = survival.follow(start, basis=told.get("basis"), **life)
    return {"followed_days": found.days, "dead": found.dead}
