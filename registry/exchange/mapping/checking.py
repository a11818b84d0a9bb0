"""What can be wrong with a mapping's text, said with file, line and key."""

import re
from collections.abc import Collection
from typing import Any

from registry.exchange.cells import READERS, fits
from registry.exchange.mapping.fields import column_of, fields_of
from registry.exchange.mapping.meaning import ORDERS, Source
from registry.label import Label

KEYS = ("column", "columns", "always", "with", "values", "empty", "read", "order", "join")
UNKNOWN = Label("未知；可用：", "is not known; there are:")


class MappingFault(ValueError):
    """A mapping that cannot be used; the text, `said` in both languages, names file, line and key."""

    def __init__(self, said: Label | str) -> None:
        super().__init__(str(said))
        self.said = said if isinstance(said, Label) else Label(said, said)


class Faults:
    """Says what is wrong in a mapping, and in which of its lines."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.lines = name, text.splitlines()

    def fault(self, section: str, key: str, what: Label, more: str = "") -> MappingFault:
        place = f"{self.name}:{self.line(section, key)}: {key} –"
        return MappingFault(Label(*(f"{place} {words} {more}".rstrip() for words in what)))

    def line(self, section: str, key: str) -> int:
        """The line on which a key of a section stands; the section's own, or the last, where it does not."""
        inside, found = section == "", 1 if section == "" else len(self.lines)
        for number, line in enumerate(self.lines, 1):
            if head := re.match(r"\s*\[+\s*([\w.]+)\s*\]", line):
                inside = head[1] == section
                if inside or head[1] == key:
                    found = number
            elif inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                return number
        return found

    def only(self, given: Any, section: str, known: Collection[str]) -> None:
        if not isinstance(given, dict):
            raise self.fault("", section, Label("应为一节", "must be a section"))
        for key in given:
            if key not in known:
                raise self.fault(section, key, UNKNOWN, ", ".join(sorted(known)))

    def has(self, given: dict[str, Any], section: str, key: str) -> None:
        if not given.get(key):
            raise self.fault(section, key, Label("缺少", "is missing"))

    def section(self, told: dict[str, Any], name: str) -> dict[str, Any]:
        found = told[name]
        if not isinstance(found, dict):
            raise self.fault("", name, Label("应为一节", "must be a section"))
        return found

    def one_of(
        self, given: dict[str, Any], section: str, key: str, known: Collection[str], default: str
    ) -> str:
        found = given.get(key, default)
        if found not in known:
            raise self.fault(section, key, Label("可用", "choose one of"), ", ".join(known))
        return str(found)

    def words(self, given: Any, section: str, key: str) -> tuple[str, ...]:
        """A list of columns' names, at least one."""
        if not isinstance(given, dict):
            raise self.fault("", section, Label("应为一节", "must be a section"))
        found = given.get(key)
        if not isinstance(found, list) or not found or not all(isinstance(one, str) and one for one in found):
            raise self.fault(
                section, key, Label("缺少，或不是列名的列表", "is missing, or no list of columns")
            )
        return tuple(found)

    def sources(self, record: str, field: str, given: Any) -> tuple[Source, ...]:
        """Where a field comes from, the first choice first."""
        self.only({field: given}, record, fields_of(record))
        several = given if isinstance(given, list) else [given]
        if not several:
            raise self.fault(record, field, Label("为空", "is empty"))
        return tuple(self._source(record, field, one) for one in several)

    def _source(self, record: str, field: str, given: Any) -> Source:
        if isinstance(given, str) and given:
            return Source(column=given)
        if not isinstance(given, dict):
            raise self.fault(record, field, Label("应为列名或 { … }", "must be a column's name or { … }"))
        for key in given:
            if key not in KEYS:
                said = Label(f"{key} {UNKNOWN.zh}", f"{key} {UNKNOWN.en}")
                raise self.fault(record, field, said, ", ".join(KEYS))
        if sum(key in given for key in ("column", "columns", "always")) != 1:
            said = Label("column、columns 与 always 取其一", "takes one of column, columns and always")
            raise self.fault(record, field, said)
        for key, known in (("read", READERS), ("order", ORDERS), ("join", ("any",))):
            if key in given and given[key] not in known:
                said = Label(f"{key} 可用", f"{key} is one of")
                raise self.fault(record, field, said, ", ".join(known))
        if "read" in given and not fits(record, field, given["read"], *column_of(record, field)):
            said = Label(f"不能按 {given['read']} 读取", f"cannot be read as {given['read']}")
            raise self.fault(record, field, said)
        values = given.get("values")
        if not isinstance(given.get("column", ""), str) or not isinstance(values or {}, dict):
            raise self.fault(record, field, Label("应为列名或 { … }", "must be a column's name or { … }"))
        if not isinstance(given.get("empty", []), list):
            raise self.fault(record, field, Label("empty 应为列表", "empty must be a list"))
        return Source(
            column=given.get("column"),
            always=given.get("always"),
            values=None if values is None else {str(word): value for word, value in values.items()},
            empty=frozenset(str(word) for word in given.get("empty", ())),
            read=given.get("read"),
            order=given.get("order", "ymd"),
            columns=self.words(given, record, "columns") if "columns" in given else (),
            given=self.words(given, record, "with") if "with" in given else (),
            join=given.get("join"),
        )
