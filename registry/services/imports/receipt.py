"""What an import did, in numbers, and what it could not store."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.label import Label
from registry.rules.problem import Problem
from registry.services.imports.case import Case

KINDS: dict[str, Label] = {
    "persons": Label("人", "persons"),
    "examinations": Label("检查", "examinations"),
    "lesions": Label("病变", "lesions"),
    "specimens": Label("标本", "specimens"),
    "reports": Label("病理报告", "reports"),
    "tumours": Label("肿瘤", "tumours"),
    "vital_statuses": Label("生存状态", "vital statuses"),
    "listed": Label("当日名单", "lines of a day's list"),
    "unmatched": Label("名单上而本中心没有的人", "entries of a list about nobody known here"),
}
FATES: dict[str, Label] = {
    "new": Label("新增", "new"),
    "updated": Label("更新", "updated"),
    "unchanged": Label("未变", "unchanged"),
    "refused": Label("拒收", "refused"),
}


@dataclass(frozen=True)
class Refused:
    """A case that was not stored, or only with doubts: its lines in the file, and why.

    `where` and `rows` are the case's own, so that a reason can be put beside its cell.
    """

    lines: tuple[int, ...]
    problems: tuple[Problem, ...]
    where: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    rows: tuple[tuple[int, Mapping[str, str]], ...] = ()

    @classmethod
    def of(cls, case: Case, problems: list[Problem]) -> "Refused":
        return cls(tuple(case.lines), tuple(problems), case.where, tuple(case.rows))


@dataclass
class Receipt:
    """What an import did, by cases and by kind of record; `flagged` are stored, but unlikely as they stand.

    `kinds` is kind of record → fate → how many (see KINDS and FATES). `questions` counts fields in
    which the source now differs from what a person corrected. `complete` is False where the
    reading was stopped. `run_id` is the run that was written to, if one was.
    """

    new: int = 0
    unchanged: int = 0
    updated: int = 0
    questions: int = 0
    complete: bool = True
    refused: list[Refused] = field(default_factory=list)
    flagged: list[Refused] = field(default_factory=list)
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    run_id: int | None = None

    @property
    def cases(self) -> int:
        return self.new + self.unchanged + self.updated + len(self.refused)

    def refuse(self, case: Case, problems: list[Problem]) -> None:
        self.refused.append(Refused.of(case, problems))
        self.count(contents(case), "refused")

    def flag(self, case: Case, problems: list[Problem]) -> None:
        self.flagged.append(Refused.of(case, problems))

    def count(self, found: Mapping[str, int], fate: str) -> None:
        """Add so many records of each kind to one fate."""
        for kind, number in found.items():
            if number:
                self.kinds.setdefault(kind, Counter())[fate] += number

    def add(self, other: "Receipt", *, told: bool) -> None:
        """Take in what became of a case that was put off; `told`: it is counted here already, so that
        what is refused of it now is only a doubt about what is stored."""
        self.questions += other.questions
        if told:
            self.flagged += other.refused
            return
        self.new += other.new
        self.unchanged += other.unchanged
        self.updated += other.updated
        self.refused += other.refused
        for kind, fates in other.kinds.items():
            self.kinds.setdefault(kind, Counter()).update(fates)

    def table(self) -> list[dict[str, Any]]:
        """One row for each kind of record that the file speaks of: kind, new, updated, unchanged, refused."""
        return [
            {"kind": kind} | {fate: self.kinds[kind][fate] for fate in FATES}
            for kind in KINDS
            if kind in self.kinds
        ]


def contents(case: Case) -> dict[str, int]:
    """How many records of each kind a case holds."""
    return {
        "persons": 1,
        "examinations": int(bool(case.examination)),
        "lesions": len(case.lesions),
        "specimens": len(case.specimens),
        "reports": sum(1 for specimen in case.specimens if specimen.get("report")),
        "tumours": int(bool(case.tumour)),
        "vital_statuses": int(bool(case.vital_status)),
        "listed": int(bool(case.listed)),
    }
