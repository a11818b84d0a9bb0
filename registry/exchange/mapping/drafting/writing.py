"""A draft put down as a mapping's text: sections, what tells cases apart, and remarks for its reader."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from registry.codes.endoscopy import AdverseKind
from registry.exchange.cells import plain_cell
from registry.exchange.mapping.drafting.guess import Guess, contained
from registry.exchange.mapping.fields import NEEDED, RECORDS
from registry.exchange.readers import Row, Table

_KEYS = ("examination.number", "specimen.pathology_number", "enrolment.record_number", "document.value")
_LOWER = {"bbps_total", "bbps_right", "withdrawal_min", "caecum_reached"}
_SPEAKING = {"lesion.site", "examination.extent", "examination.diagnosis", "examination.findings"}
_BOWEL, _ABOVE = (
    re.compile("结肠|直肠|盲肠|回盲|结直肠|colon|rect"),
    re.compile("胃|食管|贲门|stomach|gastr|oesoph|esoph"),
)


@dataclass
class Shape:
    """What was found out about a file as a whole."""

    columns: list[Guess]
    name: str
    about: str
    key: list[str]
    per: str
    sheet: str | None
    title: str
    lower: bool

    @classmethod
    def of(cls, columns: list[Guess], rows: list[Row], *, name: str, table: Table) -> "Shape":
        by_target = {one.target: one for one in columns if one.target}
        about = _about(set(by_target))
        key = _key(by_target, about, table.header)
        several = table.sheet if len(table.sheets) > 1 else None
        title = f"{name} {table.sheet or ''}"
        return cls(
            columns, name, about, key, _per(by_target, key, rows), several, title, _lower(columns, rows)
        )

    def has(self, *targets: str) -> list[str]:
        """The columns that feed these fields."""
        return [one.column for one in self.columns if one.target in targets]


def _lower(columns: list[Guess], rows: list[Row]) -> bool:
    """Whether the file is about the lower tract: by its columns, else by the places that it names."""
    if any(one.record == "examination" and one.name in _LOWER for one in columns):
        return True
    speaking = [one.column for one in columns if one.target in _SPEAKING]
    told = " ".join(row.cells.get(column, "").casefold() for row in rows for column in speaking)
    return len(_BOWEL.findall(told)) > len(_ABOVE.findall(told))


def _about(targets: set[str]) -> str:
    if "vital_status.as_of" in targets and "examination.performed_on" not in targets:
        return "deaths"
    alone = "report.wording" in targets and "specimen.pathology_number" in targets
    if alone and not {"examination.performed_on", "examination.number"} & targets:
        return "pathology"
    return "cases"


def _key(by_target: dict[str, Guess], about: str, header: list[str]) -> list[str]:
    """The column that numbers examinations, else the best that there is, with the day beside it."""
    if about == "pathology":
        return [by_target["specimen.pathology_number"].column]
    for target in _KEYS:
        if (found := by_target.get(target)) is not None:
            alone = target == "examination.number" or "examination.performed_on" not in by_target
            return [found.column] if alone else [found.column, by_target["examination.performed_on"].column]
    return header[:1]


def _per(by_target: dict[str, Guess], key: list[str], rows: list[Row]) -> str:
    """Whether several different rows of a key are lesions or specimens of one examination."""

    def told(row: Row) -> tuple[str, ...]:
        return tuple(plain_cell(row.cells.get(column, "")) for column in key)

    groups = [list(found) for _, found in groupby(sorted(rows, key=told), key=told)]
    several = [found for found in groups if len({tuple(row.cells.values()) for row in found}) > 1]
    if not several:
        return "case"
    for target in ("specimen.letter", "specimen.pathology_number"):
        if (column := by_target.get(target)) is not None:
            differ = [len({row.cells.get(column.column) for row in found}) == len(found) for found in several]
            if all(differ):
                return "specimen"
    lesions = any(target.startswith("lesion.") for target in by_target)
    return "lesion" if lesions else "specimen" if "report.wording" in by_target else "case"


def written(shape: Shape) -> tuple[str, tuple[str, ...]]:
    """The mapping's text, and the fields that it still lacks."""
    sections = _sections(shape)
    lacking = [
        f"{record}.{name}"
        for record, names in NEEDED[shape.about].items()
        if record in sections
        for name in sorted(names - {one[0] for one in sections[record]})
    ]
    lines = [f"source = {_quoted(shape.name)}"]
    if shape.about != "cases":
        lines.append(f"about = {_quoted(shape.about)}")
    if shape.sheet:
        lines += ["", "[file]", f"sheet = {_quoted(shape.sheet)}"]
    lines += ["", "[rows]", f"key = [{', '.join(map(_quoted, shape.key))}]"]
    if shape.per != "case":
        lines.append(f"per = {_quoted(shape.per)}")
    for record in RECORDS:
        if record in sections:
            lines += ["", f"[{record}]"]
            for name, value, remark in sections[record]:
                lines += [*(f"# {said}" for said in remark), f"{name} = {value}"]
    if unused := [one.column for one in shape.columns if not one.target]:
        lines += ["", f"# Columns that feed nothing / 未用的列: {'、'.join(unused)}"]
    lines += [f"# Still lacking / 尚缺: {one}" for one in lacking]
    return "\n".join(lines) + "\n", tuple(lacking)


def _sections(shape: Shape) -> dict[str, list[tuple[str, str, list[str]]]]:
    sections: dict[str, list[tuple[str, str, list[str]]]] = {}
    by_field: dict[tuple[str, str], list[Guess]] = {}
    for one in shape.columns:
        if one.target and _belongs(one.record, shape.about):
            by_field.setdefault((one.record, one.name), []).append(one)
    for (record, name), found in by_field.items():
        found.sort(key=lambda one: one.read == "age")
        value = _source(found[0]) if len(found) == 1 else f"[{', '.join(map(_source, found))}]"
        sections.setdefault(record, []).append((name, value, _remarks(found)))
    if shape.about == "cases":
        _add_type(shape, sections)
        _add_method(shape, sections)
        _add_events(shape, sections)
    if shape.about == "deaths":
        sections.setdefault("vital_status", []).append(("vital", '{ always = "dead" }', []))
        sections["vital_status"].append(("source", '{ always = "death_list" }', []))
    return sections


def _belongs(record: str, about: str) -> bool:
    if about == "deaths":
        return record in {"person", "enrolment", "document", "vital_status"}
    if about == "pathology":
        return record in {"person", "enrolment", "document", "specimen", "report", "result"}
    return record not in {"vital_status", "tumour"}


def _source(one: Guess) -> str:
    if not (one.read or one.values or one.order != "ymd"):
        return _quoted(one.column)
    told = [f"column = {_quoted(one.column)}"]
    if one.read:
        told.append(f"read = {_quoted(one.read)}")
    if one.order != "ymd":
        told.append(f"order = {_quoted(one.order)}")
    if one.values:
        pairs = ", ".join(f"{_quoted(word)} = {_quoted(code)}" for word, code in one.values.items())
        told.append(f"values = {{ {pairs} }}")
    return f"{{ {', '.join(told)} }}"


def _remarks(found: Iterable[Guess]) -> list[str]:
    told = []
    for one in found:
        if not one.sure:
            told.append(f"? {one.column}: {one.why.zh} / {one.why.en}")
        if one.unknown:
            told.append(f"? 不认识的写法 / unknown words: {'、'.join(one.unknown[:10])}")
    return [" ".join(said.split()) for said in told]


def _add_type(shape: Shape, sections: dict[str, list[tuple[str, str, list[str]]]]) -> None:
    if "examination" not in sections or shape.has("examination.type"):
        return
    named = contained("type", shape.title)
    kind = named or ("colonoscopy" if shape.lower else "ogd")
    remark = "? 文件没有检查类型一列，请核对 / the file has no column for the kind of examination"
    sections["examination"].insert(0, ("type", f'{{ always = "{kind}" }}', [remark]))


def _add_method(shape: Shape, sections: dict[str, list[tuple[str, str, list[str]]]]) -> None:
    """Tissue without a word on how it was taken: forceps, where the row speaks of tissue at all."""
    if not ({"specimen", "report", "result"} & set(sections)):
        return
    method = shape.has("specimen.method")
    told = shape.has("specimen.pathology_number", "report.wording", "specimen.pieces", "result.vienna")
    if not told:
        return
    forceps = f'{{ always = "forceps", with = [{", ".join(map(_quoted, told))}] }}'
    remark = "? 没有写取材方法时按活检钳，请核对 / where no method is given, forceps are assumed"
    fields = sections.setdefault("specimen", [])
    if not method:
        fields.insert(0, ("method", forceps, [remark]))
        return
    place = next(number for number, one in enumerate(fields) if one[0] == "method")
    name, value, remarks = fields[place]
    fields[place] = (name, f"[{value}, {forceps}]", [*remarks, remark])


def _add_events(shape: Shape, sections: dict[str, list[tuple[str, str, list[str]]]]) -> None:
    """A column of adverse events tells whether there was one, and of what kind."""
    found = [one for one in shape.columns if one.target == "examination.any_adverse_event" and one.values]
    if not found:
        return
    (one,) = found
    kinds = {word: contained("kind", word) for word, said in one.values.items() if said == "yes"}
    spelled = {code: code for code in (member.code for member in AdverseKind)}
    values = {word: spelled.get(kind or "", "other") for word, kind in kinds.items()}
    none = [word for word, said in one.values.items() if said != "yes"]
    fields = sections["examination"]
    place = next(number for number, field in enumerate(fields) if field[0] == "any_adverse_event")
    name, value, remarks = fields[place]
    fields[place] = (name, _joined(value), remarks)
    if values:
        pairs = ", ".join(f"{_quoted(word)} = {_quoted(code)}" for word, code in values.items())
        empty = f"empty = [{', '.join(map(_quoted, none))}], " if none else ""
        source = f"{{ column = {_quoted(one.column)}, {empty}values = {{ {pairs} }} }}"
        sections.setdefault("adverse_event", []).append(("kind", source, []))


def _joined(value: str) -> str:
    """The source with one row's yes standing for the examination."""
    return value.replace("{ column", '{ join = "any", column', 1)


def _quoted(text: str) -> str:
    """A text as TOML writes it; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False)
