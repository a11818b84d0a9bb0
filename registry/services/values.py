"""What a caller gives for a record, read column by column: codes, limits, lengths, and what is derived."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table

from registry.codes.code_set import CodeSet
from registry.label import Label
from registry.models import Base, Lesion, Person, Report, Specimen, Tumour
from registry.rules.problem import Problem, refusal

# Facts that services settle; nobody types them in.
SETTLED: dict[type[Base], frozenset[str]] = {
    Person: frozenset(
        {"vital", "died_on", "died_precision", "last_alive_on", "linked_until", "vital_conflict"}
    ),
    Lesion: frozenset({"sampled", "awaited", "worst", "deepest", "adenoma", "serrated", "cancer"}),
    Specimen: frozenset({"reported"}),
    Report: frozenset({"current"}),
    Tumour: frozenset(
        {
            "sequence", "worst", "deepest", "clinical_early", "awaited", "detected_on",
            "detecting_examination_id", "detecting_centre_id", "detecting_operator_id",
            "diagnosing_centre_id", "treating_centre_id", "first_treatment", "noninvasive_on",
            "invasive_on", "followed_days", "dead",
        }
    ),
}  # fmt: skip
REQUIRED = Label("必填项", "What a record cannot be stored without")
LIMITS = Label("数值界限", "Limits of the value")
CODES = Label("代码范围", "Codes of the value")
LENGTH = Label("文字长度", "Length of the text")


def read(
    model: type[Base], given: Mapping[str, Any], *, without: Iterable[str] = (), path: str = ""
) -> tuple[dict[str, Any], list[Problem]]:
    """The columns of a record from what was given, and a refusal for each value that none can hold.

    Codes may be members, codes or any word of the set; an empty text is not known. Keys in
    `without` are for the caller to deal with and are left out.

    Raises
    ------
    TypeError
        For a key that is no column, or a fact that is settled and never given.
    """
    values, problems = {}, []
    columns = _given(model)
    for key, value in given.items():
        if key in without:
            continue
        if (info := columns.get(key)) is None:
            raise TypeError(f"{model.__name__}.{key} cannot be given")
        values[key], wrong = _value(key, info, value)
        problems += wrong
    return values, [problem.under(path) if path else problem for problem in problems]


def lacking(model: type[Base], values: Mapping[str, Any], *names: str, path: str = "") -> list[Problem]:
    """A refusal for each named column that has no value."""
    found = []
    for name in names:
        if values.get(name) is None:
            label: Label = cast(Table, model.__table__).columns[name].info["label"]
            problem = refusal(name, f"请填写{label.zh}", f"{label.en} is needed", REQUIRED)
            found.append(problem.under(path) if path else problem)
    return found


def today() -> date:
    """The calendar day here, by which nothing is recorded in advance."""
    return datetime.now(UTC).astimezone().date()


def image(row: Base) -> dict[str, Any]:
    """The columns of a stored record by name, as rules read them."""
    return {attribute.key: getattr(row, attribute.key) for attribute in row.__mapper__.column_attrs}


def put(row: Base, values: Mapping[str, Any]) -> None:
    """Set the columns of a record."""
    for key, value in values.items():
        setattr(row, key, value)


@cache
def _given(model: type[Base]) -> dict[str, Mapping[str, Any]]:
    """What is known of each column that may be given, by name."""
    columns, settled = cast(Table, model.__table__).columns, SETTLED.get(model, frozenset())
    return {str(column.name): column.info for column in columns if column.name not in settled}


def _value(field: str, info: Mapping[str, Any], value: Any) -> tuple[Any, list[Problem]]:
    if isinstance(value, str) and not (value := value.strip()):
        value = None
    if value is None:
        return None, []
    if codes := info.get("codes"):
        return _code(codes, field, value)
    if limits := info.get("limits"):
        lowest, highest = limits
        if not lowest <= value <= highest:
            said = f"{lowest}–{highest} {info.get('unit') or ''}".strip()
            return value, [refusal(field, f"应在 {said} 之间", f"Must be within {said}", LIMITS)]
    if (length := info.get("length")) and len(value) > length:
        return value, [refusal(field, f"最多 {length} 字", f"At most {length} characters", LENGTH)]
    return value, []


def _code(codes: type[CodeSet], field: str, value: Any) -> tuple[CodeSet | None, list[Problem]]:
    try:
        return codes.parse(value), []
    except ValueError:
        listed = (
            "、".join(member.label.zh for member in codes),
            ", ".join(member.label.en for member in codes),
        )
        return None, [refusal(field, f"应为：{listed[0]}", f"Must be one of: {listed[1]}", CODES)]
