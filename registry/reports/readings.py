"""Readings of texts as their reader judges them: the words marked, the codes beside what the record holds."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from registry.codes.code_set import CodeSet
from registry.codes.desk import ReadingState, TextSource
from registry.label import Label, measured_in
from registry.queries.lists.readings import Alike
from registry.rules.proposing import weighed
from registry.rules.reading import RULES

AROUND = 40  # characters of a text shown on either side of the words that a list points at
YES, NO = Label("是", "Yes"), Label("否", "No")


@dataclass(frozen=True)
class Stretch:
    """A stretch of a text: whether a code was read from it."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Code:
    """One code that was read, and what the record holds in its place."""

    id: int
    label: Label
    value: str | Label
    held: str | Label | None
    rule: str
    source: str
    precision: float | None
    recall: float | None


@dataclass(frozen=True)
class Shown:
    """One reading, or several that are alike, as a line to judge."""

    id: int
    version: int
    examination_id: int
    person_id: int
    examination: Label
    source: Label
    about: Label
    weight: int
    count: int
    upto: int
    lesion: int | None
    lesions: tuple[tuple[int, str | Label], ...]
    stretches: tuple[Stretch, ...]
    codes: tuple[Code, ...]

    @property
    def differs(self) -> bool:
        """Whether the record holds another value in the place of one of its codes."""
        return any(code.held is not None for code in self.codes)


def shown(reading: Any, group: Alike | None = None, *, whole: bool = False) -> Shown:
    """A reading as a line; `group` tells what it stands for, `whole` shows its text from end to end."""
    case = reading.examination
    waiting = [each for each in reading.proposals if each.state is ReadingState.UNCONFIRMED]
    lesions = tuple((one.number, _named(one)) for one in case.lesions) if _needs_a_lesion(reading) else ()
    return Shown(
        id=reading.id,
        version=case.version,
        examination_id=case.id,
        person_id=case.person_id,
        examination=Label(*(f"{words} {case.performed_on}" for words in case.type.label)),
        source=reading.source.label,
        about=weighed(reading.weight),
        weight=reading.weight,
        count=group.count if group is not None else 1,
        upto=group.last_id if group is not None else reading.id,
        lesion=reading.lesion.number if reading.lesion is not None else None,
        lesions=lesions,
        stretches=tuple(
            stretches(text_of(reading), [(each.begins, each.ends) for each in waiting], whole=whole)
        ),
        codes=tuple(_code(each, reading) for each in waiting),
    )


def text_of(reading: Any) -> str:
    """The text that a reading points into, as it stands now."""
    if reading.source is TextSource.WORDING:
        return (reading.report.wording if reading.report is not None else None) or ""
    return getattr(reading.examination, reading.source.code) or ""


def stretches(text: str, marks: Iterable[tuple[int, int]], *, whole: bool = False) -> list[Stretch]:
    """A text cut where its marked words begin and end; without `whole` what is far from all is left out.

    >>> [(one.text, one.marked) for one in stretches("胃窦见管状腺瘤", [(3, 7), (3, 5)], whole=True)]
    [('胃窦见', False), ('管状腺瘤', True)]
    """
    joined: list[tuple[int, int]] = []
    for begins, ends in sorted(marks):
        if joined and begins <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(ends, joined[-1][1])
        else:
            joined.append((begins, ends))
    first = 0 if whole or not joined else max(0, joined[0][0] - AROUND)
    last = len(text) if whole or not joined else min(len(text), joined[-1][1] + AROUND)
    found = [Stretch("…", marked=False)] if first else []
    at = first
    for begins, ends in joined:
        found += [Stretch(text[at:begins], marked=False), Stretch(text[begins:ends], marked=True)]
        at = ends
    found.append(Stretch(text[at:last] + ("…" if last < len(text) else ""), marked=False))
    return [one for one in found if one.text]


@cache
def measured() -> dict[str, dict[str, Any]]:
    """How well each field is read, as measured on sentences whose codes are known: by field."""
    path = files("registry.rules.reading") / "measured.toml"
    if not path.is_file():
        return {}
    return tomllib.loads(path.read_text("utf-8"))


def _code(proposal: Any, reading: Any) -> Code:
    column = proposal.column
    held = _held(proposal, reading)
    figures = measured().get(proposal.field, {})
    rule = RULES.get(proposal.rule)
    return Code(
        proposal.id,
        column.info["label"],
        _worded(proposal.meant, column.info),
        None if held is None or held == proposal.meant else _worded(held, column.info),
        proposal.rule,
        rule.source if rule is not None else "",
        figures.get("precision"),
        figures.get("recall"),
    )


def _held(proposal: Any, reading: Any) -> Any:
    """What the record holds where the code would go."""
    report = reading.report
    if proposal.record == "result":
        own = [one for one in report.results if one.lesion_id == reading.lesion_id] if report else []
        row = own[0] if len(own) == 1 else None
    elif proposal.record == "specimen":
        row = report.specimen if report is not None else None
    else:
        row = reading.lesion if proposal.record == "lesion" else reading.examination.background
    return getattr(row, proposal.name) if row is not None else None


def _worded(value: Any, info: dict[str, Any]) -> str | Label:
    if isinstance(value, CodeSet):
        return value.label
    if isinstance(value, bool):
        return YES if value else NO
    unit = info.get("unit") or ""
    return Label(f"{value:g} {unit}".strip(), f"{value:g} {measured_in(unit).en}".strip())


def _named(lesion: Any) -> Label:
    """A lesion as one of several to choose from."""
    site = lesion.site.label if lesion.site is not None else Label("部位不详", "site not known")
    size = f" {lesion.size_mm} mm" if lesion.size_mm is not None else ""
    words = Label("病变 %(n)s %(site)s%(size)s", "Lesion %(n)s, %(site)s%(size)s")
    return words % {"n": lesion.number, "site": site, "size": size}


def _needs_a_lesion(reading: Any) -> bool:
    """Whether it speaks of a lesion or of a growth's tissue, and it is not clear which lesion that is."""
    if reading.lesion is not None:
        return False
    if reading.source is not TextSource.WORDING:
        return any(each.record == "lesion" for each in reading.proposals)
    grown = reading.cancer or (reading.worst is not None and reading.worst.neoplasia)
    return bool(grown or any(each.field == "result.who_type" for each in reading.proposals))
