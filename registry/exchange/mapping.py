"""What a file's columns mean: a mapping, read from TOML and checked before the first row is.

source = "…"                      what the file comes from; cases are remembered by it
[file]   kind, encoding           which reader opens it
[rows]   key = ["…"]              the columns that tell one case from another
[person] sex = "column"           a section per kind of record, a line per field:
         sex = { column = "…", values = { male = "1" }, empty = ["n/a"] }
         sex = { always = "1" }   the same for every row
[agrees] followed_days = "…"      what the source derived and the registry must come to as well
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.exchange.readers import KINDS
from registry.label import Label
from registry.models import Base, Enrolment, Person, Tumour, VitalStatus

SHIPPED = Path(__file__).parent / "mappings"
RECORDS: dict[str, type[Base]] = {
    "person": Person,
    "enrolment": Enrolment,
    "tumour": Tumour,
    "vital_status": VitalStatus,
}
NEEDED = {"enrolment": {"enrolled_on"}, "vital_status": {"vital", "as_of", "source"}, "tumour": {"organ"}}
DERIVED = {"followed_days"}
SETTLED = {
    "person": {"vital", "died_on", "died_precision", "last_alive_on", "linked_until", "vital_conflict"},
    "tumour": {"sequence", "followed_days", "dead", "awaited", "worst", "deepest", "clinical_early"},
}
_HIDDEN = re.compile(r"^(id|version|pseudonym|.*_id|.*_sealed|.*_digest)$")


class MappingFault(ValueError):
    """A mapping that cannot be used; the text names file, line and key."""


@dataclass(frozen=True)
class Source:
    """Where a field's value comes from: a column, or the same for all; how its words translate."""

    column: str | None = None
    always: Any = None
    values: dict[str, Any] | None = None
    empty: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mapping:
    """One shape of file. `fields` is record → field → where from."""

    name: str
    source: str
    digest: str
    kind: str
    encoding: str
    key: tuple[str, ...]
    fields: dict[str, dict[str, Source]]
    agrees: dict[str, str]

    @property
    def columns(self) -> set[str]:
        """The source columns that the file must have."""
        used = {found.column for fields in self.fields.values() for found in fields.values() if found.column}
        return used | set(self.key) | set(self.agrees.values())


def find(name: str) -> Path:
    """A shipped mapping by its name, or any by its path."""
    shipped = SHIPPED / f"{name}.toml"
    if shipped.is_file():
        return shipped
    if Path(name).is_file():
        return Path(name)
    known = ", ".join(sorted(path.stem for path in SHIPPED.glob("*.toml")))
    raise MappingFault(
        str(
            Label("没有映射 %(name)s；自带的有：%(known)s", "no mapping %(name)s; shipped are: %(known)s")
            % {"name": name, "known": known}
        )
    )


def load(path: Path) -> Mapping:
    """Read and check a mapping; `MappingFault` at the first thing that is wrong with it."""
    content = path.read_bytes()
    text = content.decode("utf-8")
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise MappingFault(f"{path.name}: {wrong}") from wrong
    check = _Check(path.name, text)
    check.only(told, "", {"source", "file", "rows", "agrees", *RECORDS})
    for section in ("source", "file", "rows", "person", "enrolment"):
        check.has(told, "", section)
    check.only(told["file"], "file", {"kind", "encoding"})
    check.only(told["rows"], "rows", {"key"})
    check.has(told["file"], "file", "kind")
    check.has(told["rows"], "rows", "key")
    if told["file"]["kind"] not in KINDS:
        raise check.fault("file", "kind", Label("可用", "choose one of"), ", ".join(KINDS))
    fields = {
        record: {field: check.source(record, field, given) for field, given in told[record].items()}
        for record in RECORDS
        if record in told
    }
    for record, needed in NEEDED.items():
        if record in fields and (absent := sorted(needed - set(fields[record]))):
            raise check.fault(record, record, Label("缺少", "is missing"), ", ".join(absent))
    agrees = dict(told.get("agrees", {}))
    check.only(agrees, "agrees", DERIVED)
    digest = hashlib.sha256(content).hexdigest()
    key = tuple(told["rows"]["key"])
    encoding = told["file"].get("encoding", "utf-8-sig")
    return Mapping(path.stem, told["source"], digest, told["file"]["kind"], encoding, key, fields, agrees)


def fields_of(record: str) -> set[str]:
    """The fields of a record that a file may feed: its columns, and what it keeps sealed."""
    model = RECORDS[record]
    columns = {column.name for column in model.__table__.columns}
    sealed = {name.removesuffix("_sealed") for name in columns if name.endswith("_sealed")}
    stored = {name for name in columns if not _HIDDEN.match(name) and name != "settled"}
    return (stored | sealed) - SETTLED.get(record, set())


class _Check:
    """Says what is wrong in a mapping, and in which of its lines."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.lines = name, text.splitlines()

    def fault(self, section: str, key: str, what: Label, more: str = "") -> MappingFault:
        return MappingFault(f"{self.name}:{self.line(section, key)}: {key} – {what} {more}".rstrip())

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

    def only(self, given: Any, section: str, known: set[str]) -> None:
        if not isinstance(given, dict):
            raise self.fault("", section, Label("应为一节", "must be a section"))
        for key in given:
            if key not in known:
                listed = ", ".join(sorted(known))
                raise self.fault(section, key, Label("未知；可用：", "is not known; there are:"), listed)

    def has(self, given: dict[str, Any], section: str, key: str) -> None:
        if not given.get(key):
            raise self.fault(section, key, Label("缺少", "is missing"))

    def source(self, record: str, field: str, given: Any) -> Source:
        self.only({field: given}, record, fields_of(record))
        if isinstance(given, str):
            return Source(column=given)
        if not isinstance(given, dict):
            raise self.fault(record, field, Label("应为列名或 { … }", "must be a column's name or { … }"))
        for key in given:
            if key not in {"column", "always", "values", "empty"}:
                what = Label("未知；可用：", "is not known; there are:")
                raise self.fault(
                    record,
                    field,
                    Label(f"{key} {what.zh}", f"{key} {what.en}"),
                    "column, always, values, empty",
                )
        if ("column" in given) == ("always" in given):
            raise self.fault(record, field, Label("column 与 always 取其一", "takes either column or always"))
        values = given.get("values")
        return Source(
            given.get("column"),
            given.get("always"),
            None if values is None else {str(word): value for word, value in values.items()},
            frozenset(str(word) for word in given.get("empty", ())),
        )
