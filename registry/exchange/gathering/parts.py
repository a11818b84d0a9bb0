"""The lesions, specimens, reports and adverse events that the rows of a case add to it."""

from collections.abc import Callable, Hashable
from itertools import chain, count
from string import ascii_uppercase
from typing import Any

from registry.exchange.gathering.merge import Merge
from registry.exchange.gathering.rows import Told
from registry.exchange.mapping import Mapping
from registry.services.imports.case import Case

Record = dict[str, Any]


class Parts:
    """Collects what each row adds, and tells a second mention of a thing from a second thing.

    A lesion is known by its number, a specimen by its letter, or by pathology number, method and
    lesion; without them by all that is said of it. Where a row is a whole case there is one of each.
    """

    def __init__(self, mapping: Mapping, case: Case, merge: Merge) -> None:
        self.mapping, self.case, self.merge = mapping, case, merge
        self.lesions: dict[Hashable, Record] = {}
        self.specimens: dict[Hashable, Record] = {}
        self.events: dict[Hashable, Record] = {}
        self.of_specimen: dict[Hashable, list[Hashable]] = {}
        self.of_result: dict[int, Hashable] = {}

    def add(self, told: Told) -> None:
        """Take in one row."""
        lesion = self._lesion(told) if "lesion" in told.filled else None
        if {"specimen", "report", "result"} & told.filled:
            self._specimen(told, lesion)
        if "adverse_event" in told.filled:
            key = _content(told.records["adverse_event"])
            number = self._place(self.events, key)
            self.merge.into(self.events[key], "adverse_event", f"adverse_events-{number}", told)
            self._problems(told, {"adverse_event": f"adverse_events-{number}"})

    def finish(self) -> None:
        """Number what has no number, and put everything into the case."""
        if self.lesions:
            taken = {lesion.get("number") for lesion in self.lesions.values()}
            free = (number for number in count(1) if number not in taken)
            for lesion in self.lesions.values():
                if lesion.get("number") is None:
                    lesion["number"] = next(free)
            self.case.records["lesions"] = list(self.lesions.values())
        if self.specimens:
            self._letter()
            for key, specimen in self.specimens.items():
                numbers = [self.lesions[lesion]["number"] for lesion in self.of_specimen[key]]
                specimen["lesions"] = sorted(numbers)
                for result in specimen.get("report", {}).get("results", ()):
                    told = self.of_result.get(id(result))
                    result["lesion"] = None if told is None else self.lesions[told]["number"]
            self.case.records["specimens"] = list(self.specimens.values())
        if self.events:
            self.case.records["adverse_events"] = list(self.events.values())

    def _lesion(self, told: Told) -> Hashable:
        said = told.records["lesion"]
        key: Hashable = 0 if self.mapping.per == "case" else said.get("number")
        if key is None:
            key = _content(said)
        number = self._place(self.lesions, key)
        self.merge.into(self.lesions[key], "lesion", f"lesions-{number}", told)
        self._problems(told, {"lesion": f"lesions-{number}"})
        return key

    def _specimen(self, told: Told, lesion: Hashable) -> None:
        key = self._specimen_key(told, lesion)
        number = self._place(self.specimens, key)
        specimen, path = self.specimens[key], f"specimens-{number}"
        if "specimen" in told.records:
            self.merge.into(specimen, "specimen", path, told)
        covers = self.of_specimen.setdefault(key, [])
        if lesion is not None and lesion not in covers:
            covers.append(lesion)
        if {"report", "result"} & told.filled:
            report = specimen.setdefault("report", {"results": []})
            if "report" in told.records:
                self.merge.into(report, "report", f"{path}-report", told)
            if "result" in told.filled:
                self._result(told, report, lesion, f"{path}-report-results")
        self._problems(told, {"specimen": path, "report": f"{path}-report"})

    def _result(self, told: Told, report: Record, lesion: Hashable, path: str) -> None:
        """One result for each lesion that a report speaks of."""
        results = report["results"]
        known = [place for place, one in enumerate(results) if self.of_result.get(id(one)) == lesion]
        if not known:
            results.append({})
            known = [len(results) - 1]
            self.of_result[id(results[-1])] = lesion
        self.merge.into(results[known[0]], "result", f"{path}-{known[0]}", told)
        self._problems(told, {"result": f"{path}-{known[0]}"})

    def _specimen_key(self, told: Told, lesion: Hashable) -> Hashable:
        said = told.records.get("specimen", {})
        if self.mapping.per == "case":
            return 0
        if said.get("letter") is not None:
            return ("letter", said["letter"])
        if self.mapping.per == "lesion" and lesion is not None:
            return ("lesion", lesion)
        if said.get("pathology_number") is not None:
            return ("number", said["pathology_number"], said.get("method"), lesion)
        return ("content", _content(said), _content(told.records.get("report", {})), lesion)

    def _letter(self) -> None:
        taken = {specimen.get("letter") for specimen in self.specimens.values()}
        pairs = (first + second for first in ascii_uppercase for second in ascii_uppercase)
        free = (letter for letter in chain(ascii_uppercase, pairs) if letter not in taken)
        for specimen in self.specimens.values():
            if specimen.get("letter") is None:
                specimen["letter"] = next(free)

    def _place(self, records: dict[Hashable, Record], key: Hashable) -> int:
        records.setdefault(key, {})
        return list(records).index(key)

    def _problems(self, told: Told, paths: dict[str, str]) -> None:
        self.merge.problems(told, _renamed(paths))


def _renamed(paths: dict[str, str]) -> Callable[[str], str | None]:
    def rename(field: str) -> str | None:
        record, _, name = field.partition("-")
        return f"{paths[record]}-{name}" if record in paths else None

    return rename


def _content(said: Record) -> Hashable:
    return tuple(sorted((name, repr(value)) for name, value in said.items() if value is not None))
