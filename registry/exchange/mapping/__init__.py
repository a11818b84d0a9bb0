"""What a file's columns mean: a mapping, read from TOML and checked before the first row is.

source = "…"                      what the file comes from; cases are remembered by it
about = "cases"                   or "day_list", "pathology", "deaths", "register"
[file]   kind, encoding, sheet    all found from the file itself where the mapping is silent
[rows]   key = ["…"]              the columns that tell one case from another
         per = "lesion"           what each row of a case adds: "case" (nothing), "lesion" or "specimen"
[person] sex = "column"           a section per kind of record, a line per field:
         sex = { column = "…", values = { male = "1" }, empty = ["n/a"] }
         sex = { always = "1" }                the same for every row
         method = { always = "forceps", with = ["…"] }   only where one of these columns is filled
         born_on = ["…", { column = "…", read = "age" }] the first that is filled
         read = "…" asks for a way of reading by name, order = "dmy" for days that begin with the day,
         join = "any" lets one row's yes stand for the case, columns = ["…"] puts several texts together
[agrees] followed_days = "…"      what the source derived and the registry must come to as well
"""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from registry.exchange.mapping.checking import Faults, MappingFault
from registry.exchange.mapping.fields import DERIVED, MANY, NEEDED, RECORDS, fields_of
from registry.exchange.mapping.meaning import ABOUT, PER, Mapping, Source
from registry.exchange.readers import KINDS
from registry.label import Label

__all__ = [
    "ABOUT",
    "RECORDS",
    "SHIPPED",
    "Mapping",
    "MappingFault",
    "Source",
    "fields_of",
    "find",
    "load",
    "parse",
    "shipped",
]

SHIPPED = Path(__file__).parent / "shipped"


def shipped() -> list[str]:
    """The names of the mappings that come with the registry."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def find(name: str) -> Path:
    """A shipped mapping by its name, or any by its path."""
    known = SHIPPED / f"{name}.toml"
    if known.is_file():
        return known
    if Path(name).is_file():
        return Path(name)
    raise MappingFault(
        Label("没有映射 %(name)s；自带的有：%(known)s", "no mapping %(name)s; shipped are: %(known)s")
        % {"name": name, "known": ", ".join(shipped())}
    )


def load(path: Path) -> Mapping:
    """Read and check a mapping file; `MappingFault` at the first thing that is wrong with it."""
    content = path.read_bytes()
    try:
        return parse(path.stem, content.decode("utf-8"), file=path.name)
    except UnicodeDecodeError as wrong:
        raise MappingFault(f"{path.name}: {wrong}") from wrong


def parse(name: str, content: str, *, file: str | None = None) -> Mapping:
    """Read and check the text of a mapping; `MappingFault` names line and key.

    `file` is what faults call it.
    """
    file = file or f"{name}.toml"
    try:
        told = tomllib.loads(content)
    except tomllib.TOMLDecodeError as wrong:
        raise MappingFault(f"{file}: {wrong}") from wrong
    check = Faults(file, content)
    check.only(told, "", {"source", "about", "file", "rows", "agrees", *RECORDS})
    check.has(told, "", "source")
    check.has(told, "", "rows")
    about = check.one_of(told, "", "about", tuple(ABOUT), "cases")
    given = told.get("file", {})
    check.only(given, "file", {"kind", "encoding", "sheet"})
    if "kind" in given:
        check.one_of(given, "file", "kind", KINDS, "csv")
    check.only(told["rows"], "rows", {"key", "per"})
    key = check.words(told["rows"], "rows", "key")
    fields = {
        record: {
            field: check.sources(record, field, one) for field, one in check.section(told, record).items()
        }
        for record in RECORDS
        if record in told
    }
    _enough(check, about, fields)
    agrees = check.section(told, "agrees") if "agrees" in told else {}
    check.only(agrees, "agrees", DERIVED)
    return Mapping(
        name=name,
        source=str(told["source"]),
        about=about,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        kind=given.get("kind"),
        encoding=given.get("encoding"),
        sheet=given.get("sheet"),
        key=key,
        per=check.one_of(told["rows"], "rows", "per", PER, "case"),
        fields=fields,
        agrees=dict(agrees),
        content=content,
    )


def _enough(check: Faults, about: str, fields: dict[str, dict[str, Any]]) -> None:
    """A record that cannot be stored without a field needs that field mapped."""
    for record, needed in NEEDED[about].items():
        if record in fields and (absent := sorted(needed - set(fields[record]))):
            raise check.fault(record, record, Label("缺少", "is missing"), ", ".join(absent))
    dated = {"examination", "listed"} & set(fields)
    if "enrolment" in fields and about == "cases" and not dated and "enrolled_on" not in fields["enrolment"]:
        raise check.fault("enrolment", "enrolment", Label("缺少", "is missing"), "enrolled_on")
    if not any(record not in MANY for record in fields):
        raise check.fault("", "person", Label("至少需要一节", "at least one section is needed"), "person")
    if "result" in fields and "report" not in fields:
        raise check.fault("result", "result", Label("需要 [report]", "needs a [report]"))
    if "report" in fields and "specimen" not in fields:
        raise check.fault("report", "report", Label("需要 [specimen]", "needs a [specimen]"))
