"""One record from what several rows say of it, and the refusal where they contradict each other."""

from typing import Any

from registry.exchange.gathering.rows import Told
from registry.exchange.mapping import Mapping
from registry.exchange.mapping.fields import MANY
from registry.label import Label
from registry.rules.problem import Problem
from registry.services.imports.case import Case

GROUP = Label("同一主键的各行是一个病例", "Rows with one key are one case")


class Merge:
    """Puts the rows' shared records together; what is empty in one row may stand in another."""

    def __init__(self, mapping: Mapping, case: Case) -> None:
        self.mapping, self.case = mapping, case
        self.lines: dict[str, int] = {}

    def shared(self, told: Told) -> None:
        """The records of which a case has one."""
        for record in told.records:
            if record not in MANY:
                self.into(self.case.records.setdefault(record, {}), record, record, told)
        for name, number in told.agrees.items():
            if self.case.agrees.setdefault(name, number) != number:
                self.differ(name, told.line, self.lines[name])
            self.lines.setdefault(name, told.line)
        self.problems(told, lambda path: path if path.split("-")[0] not in MANY else None)

    def into(self, record: dict[str, Any], name: str, path: str, told: Told) -> None:
        """Merge what a row says of a record; values that differ refuse the case and name both lines."""
        for field, value in told.records[name].items():
            before = record.get(field)
            if value is None:
                record[field] = before
            elif before is None:
                record[field] = value
                place = f"{path}-{field}"
                self.lines[place] = told.line
                if (where := told.where.get(f"{name}-{field}")) is not None:
                    self.case.where[place] = where
            elif before != value and self._joins(name, field):
                record[field] = before or value
            elif before != value:
                place = f"{path}-{field}"
                self.differ(place, told.line, self.lines[place])

    def problems(self, told: Told, rename: Any) -> None:
        """Take over what could not be read of a row, under the paths of the case."""
        for problem in told.problems:
            if (path := rename(problem.field)) is not None:
                self.case.problems.append(Problem(path, problem.message, problem.clause, problem.refuse))
                if problem.field in told.where:
                    self.case.where[path] = told.where[problem.field]

    def differ(self, path: str, line: int, other: int) -> None:
        """Refuse the case because two of its lines contradict each other."""
        first, second = sorted((line, other))
        said = Label(f"第 {first} 行与第 {second} 行不同", f"lines {first} and {second} differ")
        self.case.problems.append(Problem(path, said, GROUP, refuse=True))

    def _joins(self, record: str, field: str) -> bool:
        sources = self.mapping.fields.get(record, {}).get(field, ())
        return any(source.join == "any" for source in sources)
