"""One case of a file as plain values, what is wrong with it, and the facts that follow from it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.codes.person import Precision, Vital
from registry.label import Label
from registry.rules import outcome, person, survival, tumour
from registry.rules.problem import Problem, flags, refusal, refusals

AGREES = Label("来源算出的值，重新推算", "What the source derived, derived again")
NEEDED = {"enrolment": ("enrolled_on",), "tumour": ("organ",)}


@dataclass
class Case:
    """What a file says of one case: `records` is record → field → value, `lines` are where it stands.

    `agrees` is what the source itself derived; the registry must come to the same.
    """

    key: str
    lines: list[int]
    records: dict[str, dict[str, Any]]
    agrees: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def person(self) -> dict[str, Any]:
        return self.records.get("person", {})

    @property
    def enrolment(self) -> dict[str, Any]:
        return self.records.get("enrolment", {})

    @property
    def tumour(self) -> dict[str, Any]:
        return self.records.get("tumour", {})

    @property
    def vital_status(self) -> dict[str, Any]:
        """What the file says of life or death; empty where it does not say as of when."""
        told = self.records.get("vital_status", {})
        return told if told.get("vital") and told.get("as_of") else {}

    @property
    def life(self) -> dict[str, Any]:
        """The person's vital columns, as they follow from this one source."""
        told = self.vital_status
        if told.get("vital") is Vital.DEAD:
            precision = told.get("as_of_precision") or Precision.DAY
            return {"vital": Vital.DEAD, "died_on": told["as_of"], "died_precision": precision}
        if told.get("vital") is Vital.ALIVE:
            return {"vital": Vital.ALIVE, "last_alive_on": told["as_of"]}
        return {}


@dataclass(frozen=True)
class Refused:
    """A case that was not stored, or only with doubts: its lines in the file, and why."""

    lines: tuple[int, ...]
    problems: tuple[Problem, ...]


@dataclass
class Receipt:
    """What an import did: cases by what became of them; `flagged` are stored, but unlikely as they stand."""

    new: int = 0
    unchanged: int = 0
    updated: int = 0
    refused: list[Refused] = field(default_factory=list)
    flagged: list[Refused] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return self.new + self.unchanged + self.updated + len(self.refused)

    def refuse(self, case: Case, problems: list[Problem]) -> None:
        self.refused.append(Refused(tuple(case.lines), tuple(problems)))

    def flag(self, case: Case, problems: list[Problem]) -> None:
        self.flagged.append(Refused(tuple(case.lines), tuple(problems)))


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
