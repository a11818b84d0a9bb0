"""The first table of a paper: a year's examinations by kind and indication, and cancers by stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, func, type_coerce

from registry import models
from registry.codes.endoscopy import ExaminationType, Indication
from registry.codes.tumour import SummaryStage
from registry.indicators import Source
from registry.label import Label
from registry.models import Examination, Person
from registry.models.portable import year as year_of
from registry.queries.counting.frame import counted_columns, records
from registry.queries.counting.grouping import ALL, GROUPINGS, NO_GROUPING, Grouping
from registry.queries.counting.tallies import counting
from registry.queries.releases.tables import CountedRow
from registry.queries.unfinished import counted

Tumour: Any = models.Tumour
EDITION = "1"
NAME, PREFIX = "first-table", "table-1 "  # of the counted table, and of the releases of each year
YEAR = "year"
ROWS: dict[str, Grouping] = {YEAR: NO_GROUPING, **{key: GROUPINGS[key] for key in ("sex", "age", "centre")}}


@dataclass(frozen=True)
class Column:
    """One column: its section, its words and the codes it counts; the last of a section has the rest."""

    key: str
    section: str
    label: Label
    codes: frozenset[str] = frozenset()


def _of(*codes: Any) -> frozenset[str]:
    return frozenset(one.code for one in codes)


SECTIONS = {
    "examination": Label("检查", "Examinations"),
    "indication": Label("适应证", "Indication"),
    "stage": Label("检出的浸润癌", "Invasive cancers found"),
}
_SCREENING = (Indication.SCREENING_ORGANISED, Indication.SCREENING_OPPORTUNISTIC, Indication.CHECK_UP)
COLUMNS = (
    Column("ogd", "examination", ExaminationType.OGD.label, _of(ExaminationType.OGD)),
    Column("colonoscopy", "examination", ExaminationType.COLONOSCOPY.label, _of(ExaminationType.COLONOSCOPY)),
    Column("other_examination", "examination", Label("其他内镜", "Other endoscopy")),
    Column("screening", "indication", Label("筛查和体检", "Screening, check-up"), _of(*_SCREENING)),
    Column("positive_test", "indication", Indication.POSITIVE_TEST.label, _of(Indication.POSITIVE_TEST)),
    Column("surveillance", "indication", Indication.SURVEILLANCE.label, _of(Indication.SURVEILLANCE)),
    Column("symptoms", "indication", Indication.SYMPTOMS.label, _of(Indication.SYMPTOMS)),
    Column("other_indication", "indication", Label("其他和不详", "Other, unknown")),
    Column("localised", "stage", SummaryStage.LOCALISED.label, _of(SummaryStage.LOCALISED)),
    Column("regional", "stage", SummaryStage.REGIONAL.label, _of(SummaryStage.REGIONAL)),
    Column("distant", "stage", SummaryStage.DISTANT.label, _of(SummaryStage.DISTANT)),
    Column("unknown_stage", "stage", Label("分期不详", "Stage unknown")),
)


# Examinations by indication are the examinations by kind: their sum is printed once.
AGAIN = len(COLUMNS) + list(SECTIONS).index("indication")


def same_people(rows: Sequence[CountedRow], sizes: Mapping[str, int]) -> list[int]:
    """The places among columns and sections' sums, as signs have them, that count so many in every group.

    `sizes` are by key of a row; groups of which this table has none do not matter, nor those of nobody.

    >>> rest = (0,) * (len(COLUMNS) - 2)
    >>> rows = [CountedRow("sex", code, "", "", (n, 1, *rest)) for code, n in [("1", 5), ("2", 9)]]
    >>> same_people(rows, {"sex:1": 5, "sex:2": 9, "month:2001-01": 14})
    [0]
    >>> same_people(rows, {"sex:1": 6, "sex:2": 10}), same_people(rows, {})
    ([12], [])
    """
    wanted = {key: size for key, size in sizes.items() if size and key.partition(":")[0] in ROWS}
    sums = [[at for at, column in enumerate(COLUMNS) if column.section == section] for section in SECTIONS]
    parts = [*([at] for at in range(len(COLUMNS))), *sums]
    counted_so = [{row.key: sum(row.counts[at] for at in places) for row in rows} for places in parts]
    return [
        place
        for place, found in enumerate(counted_so)
        if place != AGAIN and wanted and {key: size for key, size in found.items() if size} == wanted
    ]


def subject(year: int) -> str:
    """What a release of a year's table is called."""
    return f"{PREFIX}{year}"


def year_of_subject(name: str) -> int | None:
    """The year of a release's table; None where it is of something else.

    >>> year_of_subject("table-1 2025"), year_of_subject("2025")
    (2025, None)
    """
    year = name.removeprefix(PREFIX)
    return int(year) if name.startswith(PREFIX) and year.isdigit() else None


def counted_rows(year: int) -> list[CountedRow]:
    """The table as it is now: everybody, and by sex, age and centre those of whom there are any.

    A row counts the examinations of the year by kind and again by indication, and the invasive cancers
    that they found by stage.
    """
    found = []
    with counting():
        for key, grouping in ROWS.items():
            tables = [
                _by(grouping, year, Source.EXAMINATION, "examination", Examination.type),
                _by(grouping, year, Source.EXAMINATION, "indication", Examination.indication),
                _by(grouping, year, Source.TUMOUR, "stage", Tumour.summary_stage),
            ]
            values = {value for table in tables for value in table} or ({None} if key == YEAR else set())
            groups = grouping.name(values)
            for value, group in sorted(groups.items(), key=lambda item: item[1].order):
                code, label = (str(year), ALL) if key == YEAR else (group.code, group.label)
                counts = {name: n for table in tables for name, n in table.get(value, {}).items()}
                row = tuple(counts.get(column.key, 0) for column in COLUMNS)
                found.append(CountedRow(key, code, *label, row))
    return found


def _by(
    grouping: Grouping, year: int, source: Source, section: str, column: Any
) -> Mapping[Any, Mapping[str, int]]:
    """Counts by group and column of one section."""
    group = [] if grouping.of is None else [grouping.of(Examination).label("grouped")]
    statement = records(source, [*group, type_coerce(column, String).label("code"), func.count()])
    if grouping.of_person:
        statement = statement.join(Person, Person.id == Examination.person_id)
    statement = statement.where(year_of(Examination.performed_on) == year, *counted(Examination))
    if source is Source.TUMOUR:
        statement = statement.where(Tumour.invasive.is_(True), *counted(Tumour))
    found: dict[Any, dict[str, int]] = {}
    names = ["grouped", "code"] if group else ["code"]
    columns = counted_columns(statement.group_by(*names))
    of_section = [one for one in COLUMNS if one.section == section]
    for row in zip(*columns, strict=True):
        value, code, number = row if group else (None, *row)
        key = next((one.key for one in of_section if code in one.codes), of_section[-1].key)
        inside = found.setdefault(value, {})
        inside[key] = inside.get(key, 0) + int(number)
    return found
