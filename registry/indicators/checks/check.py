"""What a check of the records declares: which records it judges, when one is fine, and how many should be."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Date, and_, bindparam, false, func, or_

from registry.codes.review import QualityKind
from registry.label import Label

# The day on which is counted; the queries fill it in.
TODAY: Any = bindparam("today", type_=Date)
OWN = Label("本联盟自定，未经审核", "the alliance's own; nobody has reviewed it")


class Records(Enum):
    """Whose rows a check judges. Each is counted in one statement for all of its checks."""

    EXAMINATION = Label("检查", "Examinations")
    PERSON = Label("受检者", "Persons examined")  # once an examination: whose rates they stand under
    LESION = Label("病变", "Lesions")
    SPECIMEN = Label("标本", "Specimens")
    REPORT = Label("病理报告", "Pathology reports")  # those that are current
    RESULT = Label("病理结果", "Pathology results")  # of current reports
    TUMOUR = Label("肿瘤", "Tumours")
    ASSESSMENT = Label("风险评估", "Risk assessments")
    FOLLOW_UP = Label("随访", "Follow-ups")

    @property
    def label(self) -> Label:
        return self.value


@dataclass(frozen=True, eq=False)
class Threshold:
    """The fraction of records that should be fine, and who says so."""

    share: float
    source: Label = OWN


@dataclass(frozen=True, eq=False)
class Check:
    """One question put to every record of a kind.

    Parameters
    ----------
    key : str
        Kind, record and column: "complete.lesion.size_mm". Notes and queries name it, so it never changes.
    whom : Label
        The denominator in words.
    fine_when : Label
        What a record must be like.
    column : mapped attribute
        What a query to the centre asks about.
    of : SQL expression or None
        Which records are judged; None for all. Never NULL-blind: a record whose condition is not known is
        left out.
    fine : SQL expression
        Over the same records; NULL is not fine.
    shows : sequence of columns
        What the list of records behind the figure shows beside each.
    remark : Label or None
        What keeps a reader from taking it for something else.
    """

    key: str
    kind: QualityKind
    records: Records
    label: Label
    whom: Label
    fine_when: Label
    column: Any
    fine: Any
    threshold: Threshold
    of: Any = None
    shows: Sequence[Any] = ()
    remark: Label | None = None

    @property
    def field(self) -> str:
        """Record and column, as queries to a centre name them: "lesion.size_mm"."""
        return field_of(self.column)


COMPLETE = Threshold(0.95)
PLAUSIBLE = Threshold(0.99)
RECORDED = Label("已填写", "it is recorded")
RECORDED_OR_WHY = Label("已填写，或写明缺失原因", "it is recorded, or why it is missing")


def table_of(column: Any) -> str:
    """The name of a column's table: the noun of the record.

    >>> from registry.models import Lesion
    >>> table_of(Lesion.size_mm)
    'lesion'
    """
    return str(column.property.columns[0].table.name)


def field_of(column: Any) -> str:
    """A column with its record.

    >>> from registry.models import Lesion
    >>> field_of(Lesion.size_mm)
    'lesion.size_mm'
    """
    return f"{table_of(column)}.{column.key}"


def label_of(column: Any) -> Label:
    """What a column is called wherever it is shown."""
    found: Label = column.property.columns[0].info["label"]
    return found


def filled(
    records: Records,
    column: Any,
    whom: Label,
    *,
    of: Any = None,
    or_else: Sequence[Any] = (),
    label: Label | None = None,
    fine_when: Label | None = None,
    threshold: Threshold = COMPLETE,
) -> Check:
    """A check that a column is filled in; `or_else` are other columns that do as well, such as a reason."""
    return Check(
        key=f"complete.{table_of(column)}.{column.key}",
        kind=QualityKind.COMPLETE,
        records=records,
        label=label or label_of(column),
        whom=whom,
        fine_when=fine_when or (RECORDED_OR_WHY if or_else else RECORDED),
        column=column,
        fine=or_(*(one.is_not(None) for one in (column, *or_else))),
        threshold=threshold,
        of=of,
    )


def usual(records: Records, column: Any, whom: Label, *, of: Any = None) -> Check:
    """A check that a number lies where such numbers usually do, as its column says."""
    info = column.property.columns[0].info
    low, high = info["usual"]
    unit = f" {info['unit']}" if info.get("unit") else ""
    words = Label("在 %(low)s–%(high)s%(unit)s 之间", "it lies within %(low)s–%(high)s%(unit)s")
    unit = "" if unit == " 岁" else unit
    return unlikely(
        records,
        column,
        whom,
        fine_when=words % {"low": low, "high": high, "unit": unit},
        of=column.is_not(None) if of is None else and_(column.is_not(None), of),
        fine=column.between(low, high),
        shows=(column,),
    )


def unlikely(
    records: Records,
    column: Any,
    whom: Label,
    *,
    fine_when: Label,
    of: Any,
    fine: Any,
    shows: Sequence[Any],
    label: Label | None = None,
    key: str | None = None,
) -> Check:
    """A check that what is recorded agrees with what else is known; only what holds both is judged."""
    return Check(
        key=f"plausible.{table_of(column)}.{key or column.key}",
        kind=QualityKind.PLAUSIBLE,
        records=records,
        label=label or label_of(column),
        whom=whom,
        fine_when=fine_when,
        column=column,
        fine=fine,
        threshold=PLAUSIBLE,
        of=of,
        shows=shows,
    )


def no(condition: Any) -> Any:
    """Whether a condition does not hold, or nobody knows."""
    return func.coalesce(condition, false()).is_(False)


def yes(condition: Any) -> Any:
    """Whether a condition is known to hold: never NULL."""
    return func.coalesce(condition, false()).is_(True)
