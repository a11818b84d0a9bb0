"""A mapping as a table that somebody can edit: one line a column and field; and back to its text.

What the table cannot show – several columns put together, conditions, agreements – stays as it was.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.codes.code_set import CodeSet
from registry.exchange.cells import READERS
from registry.exchange.mapping.checking import MappingFault
from registry.exchange.mapping.fields import RECORDS, column_of, fields_of
from registry.exchange.mapping.meaning import ABOUT, ORDERS, PER
from registry.label import Label

RECORD_WORDS = {
    "person": Label("受检者", "Person"),
    "enrolment": Label("建档", "Enrolment"),
    "document": Label("证件", "Document"),
    "examination": Label("检查", "Examination"),
    "background": Label("背景黏膜", "Background"),
    "lesion": Label("病变", "Lesion"),
    "specimen": Label("标本", "Specimen"),
    "report": Label("病理报告", "Pathology report"),
    "result": Label("病理结果", "Pathology result"),
    "adverse_event": Label("不良事件", "Adverse event"),
    "tumour": Label("肿瘤", "Tumour"),
    "vital_status": Label("生存状态", "Vital status"),
    "listed": Label("当日名单", "Day's list"),
}
READER_WORDS = {
    "text": Label("短文字", "short text"),
    "words": Label("原文照录", "words as written"),
    "phone": Label("电话", "phone"),
    "code": Label("代码或其名称", "a code or its name"),
    "sex": Label("性别", "sex"),
    "yes": Label("是/否", "yes or no"),
    "number": Label("数", "number"),
    "minutes": Label("分钟", "minutes"),
    "size": Label("大小（mm）", "size in mm"),
    "distance": Label("距离（cm）", "distance in cm"),
    "day": Label("日期", "day"),
    "moment": Label("日期和时间", "day and time"),
    "clock": Label("时间", "time of day"),
    "age": Label("年龄", "age"),
    "document": Label("证件号", "identity number"),
    "bbps": Label("肠道准备评分", "bowel preparation score"),
    "extent": Label("到达部位", "extent reached"),
    "site": Label("部位", "site"),
    "paris": Label("巴黎分型", "Paris type"),
}
ORDER_WORDS = {
    "ymd": Label("年 月 日", "year month day"),
    "dmy": Label("日/月/年", "day/month/year"),
    "mdy": Label("月/日/年", "month/day/year"),
}
PER_WORDS = {
    "case": Label("一次检查", "one examination"),
    "lesion": Label("一处病变", "one lesion"),
    "specimen": Label("一份标本", "one specimen"),
}
KEPT_WORDS = {
    "columns": Label("由 %(names)s 合成", "put together from %(names)s"),
    "with": Label("只在 %(names)s 有内容时", "only where %(names)s is filled"),
    "empty": Label("%(names)s 视为空", "%(names)s means empty"),
}
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = {"column", "read", "order", "values"}


@dataclass(frozen=True)
class Line:
    """One field from one column; from none where it is the same for all (`always`).

    `target` is "record.field" or empty; `values` has a line "word = code" for each word that needs
    translating; `rank` is its place among the sources of the same field; `more` is what else its
    mapping says, kept as it is.
    """

    column: str
    target: str = ""
    read: str = ""
    order: str = ""
    values: str = ""
    always: str = ""
    rank: int = 99
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A whole mapping as it is edited: what it is about, which columns tell cases apart, its lines."""

    source: str
    about: str
    per: str
    key: tuple[str, ...]
    lines: tuple[Line, ...]


def sheet(content: str, header: Iterable[str]) -> Sheet:
    """The mapping's text as a table over the columns of a file; columns it does not use have no target."""
    told = _told(content)
    lines = [
        _line(f"{record}.{name}", rank, one)
        for record in RECORDS
        for name, given in told.get(record, {}).items()
        for rank, one in enumerate(given if isinstance(given, list) else [given])
    ]
    by_column: dict[str, list[Line]] = {}
    for line in lines:
        by_column.setdefault(line.column, []).append(line)
    names = [*header, *(name for name in by_column if name and name not in header)]
    table = [line for name in dict.fromkeys(names) for line in by_column.get(name, [Line(name)])]
    rows = told.get("rows", {})
    return Sheet(
        str(told.get("source", "")), str(told.get("about", "cases")), str(rows.get("per", "case")),
        tuple(rows.get("key", ())), (*table, *by_column.get("", ())),
    )  # fmt: skip


def text(base: str, edited: Sheet) -> str:
    """The edited table as a mapping's text; sections of `base` that no table shows are kept."""
    told = _told(base)
    head = {"source": edited.source, "about": edited.about}
    kept = {name: told[name] for name in ("file", "agrees") if told.get(name)}
    sources: dict[str, dict[str, list[tuple[int, Any]]]] = {}
    for line in edited.lines:
        record, _, name = line.target.partition(".")
        if name and (line.column or line.always or line.more):
            sources.setdefault(record, {}).setdefault(name, []).append((line.rank, _given(line)))
    fields = {
        record: {
            name: found[0][1]
            if len(found) == 1
            else [one for _, one in sorted(found, key=lambda one: one[0])]
            for name, found in sources[record].items()
        }
        for record in RECORDS
        if record in sources
    }
    sections = {**kept, "rows": {"key": list(edited.key), "per": edited.per}, **fields}
    parts = [_pairs(head), *(f"[{name}]\n{_pairs(given)}" for name, given in sections.items())]
    return "\n\n".join(parts) + "\n"


def targets() -> list[tuple[Label, list[tuple[str, Label]]]]:
    """Every field that a column may feed, by record, as "record.field" and its name."""
    found = []
    for record, words in RECORD_WORDS.items():
        names = sorted(fields_of(record), key=lambda name: list(_order(record)).index(name))
        found.append((words, [(f"{record}.{name}", _label(record, name)) for name in names]))
    return found


def codes(target: str) -> str:
    """The codes that a field takes, as "1 男 · 2 女"; empty for a field without codes."""
    record, _, name = target.partition(".")
    if record not in RECORDS or name not in fields_of(record):
        return ""
    members: type[CodeSet] | None = column_of(record, name)[0].get("codes")
    return " · ".join(f"{one.code} {one.label}" for one in members) if members else ""


def named(target: str) -> Label:
    """A field in words: "Examination: type" for "examination.type"."""
    record, _, name = target.partition(".")
    told = Label("%(record)s：%(name)s", "%(record)s: %(name)s")
    return told % {"record": RECORD_WORDS[record], "name": _label(record, name)}


def kept(line: Line) -> Label | None:
    """In words, what a line's mapping says besides and the table cannot show."""
    told = [
        words % {"names": "、".join(map(str, line.more[name]))}
        for name, words in KEPT_WORDS.items()
        if line.more.get(name)
    ]
    return Label("；".join(one.zh for one in told), "; ".join(one.en for one in told)) if told else None


def choices() -> dict[str, list[tuple[str, Label]]]:
    """What may be chosen besides fields: ways of reading, orders of a date, what rows and files are about."""
    return {
        "readers": [(name, READER_WORDS.get(name, Label(name, name))) for name in READERS],
        "orders": [(name, ORDER_WORDS[name]) for name in ORDERS],
        "per": [(name, PER_WORDS[name]) for name in PER],
        "about": list(ABOUT.items()),
    }


def _told(content: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as wrong:
        raise MappingFault(str(wrong)) from wrong


def _line(target: str, rank: int, given: Any) -> Line:
    if not isinstance(given, dict):
        return Line(str(given), target, rank=rank)
    words = given.get("values", {})
    values = "\n".join(f"{word} = {code}" for word, code in words.items()) if isinstance(words, dict) else ""
    shown = _PLAIN if "column" in given else {*_PLAIN, "always"}
    return Line(
        str(given.get("column", "")), target, str(given.get("read", "")), str(given.get("order", "")), values,
        _word(given.get("always", "")), rank, {key: one for key, one in given.items() if key not in shown},
    )  # fmt: skip


def _given(line: Line) -> Any:
    """A line as its mapping says it: the column's name alone where nothing else is said."""
    given: dict[str, Any] = {"column": line.column} if line.column else {}
    if not line.column and line.always:
        given["always"] = {"true": True, "false": False}.get(line.always, line.always)
    given |= {name: told for name, told in (("read", line.read), ("order", line.order)) if told}
    if values := dict(_pair(one) for one in line.values.splitlines() if one.strip()):
        given["values"] = values
    given |= line.more
    return line.column if set(given) == {"column"} else given


def _pair(words: str) -> tuple[str, Any]:
    word, _, code = words.rpartition("=")
    code = code.strip()
    return (word or code).strip(), {"true": True, "false": False}.get(code, code)


def _pairs(given: dict[str, Any]) -> str:
    return "\n".join(f"{_key(name)} = {_toml(value)}" for name, value in given.items())


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_toml(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, bool | int | float):
        return _word(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _toml(name)


def _order(record: str) -> Iterable[str]:
    return (column.name.removesuffix("_sealed") for column in RECORDS[record].__table__.columns)


def _label(record: str, name: str) -> Label:
    label: Label = column_of(record, name)[0].get("label", Label(name, name))
    return label
