"""The fields that are entered again: which column each is, of which examinations, and what agreement is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from registry.codes.code_set import CodeSet
from registry.codes.endoscopy import ExaminationType
from registry.label import Label, measured_in
from registry.models import Examination, Lesion

YES, NO = Label("是", "Yes"), Label("否", "No")


@dataclass(frozen=True)
class Again:
    """One field. What is compared is the text that is kept: a code, yes or no, or a number.

    `within` is how far two numbers may lie apart and still agree; `bands` are the lower edges of the
    classes in which kappa counts them. An `ordered` field has linear weights. One that
    is known `by_report` is left out where a report is awaited.
    """

    key: str
    column: Any
    first: Callable[[Examination], Any]
    label: Label
    types: frozenset[ExaminationType] | None = None
    ordered: bool = False
    within: float = 0.0
    bands: tuple[float, ...] = ()
    by_report: bool = False

    @property
    def codes(self) -> type[CodeSet] | None:
        found: type[CodeSet] | None = self.column.property.columns[0].info.get("codes")
        return found

    @property
    def numeric(self) -> bool:
        return self.codes is None and self.column.property.columns[0].type.python_type is not bool

    @property
    def categories(self) -> int:
        """In how many classes kappa counts."""
        if self.codes is not None:
            return len(self.codes)
        if not self.numeric:
            return 2
        low, high = self.column.property.columns[0].info["limits"]
        return len(self.bands) + 1 if self.bands else int(high - low) + 1

    def category(self, text: str) -> int:
        """The class of a kept text, from 0."""
        if self.codes is not None:
            return self.codes(text).rank
        if not self.numeric:
            return int(text == "yes")
        value = float(text)
        if self.bands:
            return sum(value >= edge for edge in self.bands)
        return int(value - self.column.property.columns[0].info["limits"][0])

    def agree(self, first: str, second: str) -> bool:
        """Whether two kept texts say the same."""
        if self.numeric:
            return abs(float(first) - float(second)) <= self.within
        return first == second

    def words(self, text: str | None) -> Label:
        """A kept text as a reader sees it."""
        if text is None:
            return Label("未填", "not filled in")
        if self.codes is not None:
            return self.codes(text).label
        if not self.numeric:
            return YES if text == "yes" else NO
        unit = measured_in(self.column.property.columns[0].info.get("unit", ""))
        return Label(f"{text} {unit.zh}".rstrip(), f"{text} {unit.en}".rstrip())


def kept(value: Any) -> str | None:
    """A value as it is kept; None is not known.

    >>> kept(True), kept(7.0), kept(None)
    ('yes', '7', None)
    """
    if value is None:
        return None
    if isinstance(value, CodeSet):
        return value.code
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}"


def _own(column: Any) -> Callable[[Examination], Any]:
    return lambda case: getattr(case, column.key)


def _largest(case: Examination) -> Lesion | None:
    """The largest lesion; of those of one size, or of none that was measured, the first."""
    return max(case.lesions, key=lambda one: (one.size_mm or 0, -one.number), default=None)


def _of_largest(column: Any) -> Callable[[Examination], Any]:
    return lambda case: getattr(_largest(case), column.key, None)


def _tissue(case: Examination) -> bool:
    return bool(case.specimens)


def _worst(case: Examination) -> Any:
    return max((one.worst for one in case.lesions if one.worst), key=lambda one: one.rank, default=None)


_UPPER = frozenset({ExaminationType.OGD, ExaminationType.THERAPEUTIC_UPPER})
_COLON = frozenset({ExaminationType.COLONOSCOPY, ExaminationType.THERAPEUTIC_LOWER})


def _label(column: Any) -> Label:
    found: Label = column.property.columns[0].info["label"]
    return found


AGAIN: tuple[Again, ...] = (
    Again("sedation", Examination.sedation, _own(Examination.sedation), _label(Examination.sedation)),
    Again(
        "upper_minutes",
        Examination.upper_minutes,
        _own(Examination.upper_minutes),
        _label(Examination.upper_minutes),
        types=_UPPER,
        ordered=True,
        within=0.5,
        bands=(3, 5, 7, 9),
    ),
    Again(
        "caecum_reached",
        Examination.caecum_reached,
        _own(Examination.caecum_reached),
        _label(Examination.caecum_reached),
        types=_COLON,
    ),
    Again(
        "bbps_total",
        Examination.bbps_total,
        _own(Examination.bbps_total),
        _label(Examination.bbps_total),
        types=_COLON,
        ordered=True,
    ),
    Again(
        "withdrawal_min",
        Examination.withdrawal_min,
        _own(Examination.withdrawal_min),
        _label(Examination.withdrawal_min),
        types=_COLON,
        ordered=True,
        within=0.5,
        bands=(6, 8, 10),
    ),
    Again("sampled", Lesion.sampled, _tissue, Label("取了组织", "Tissue was taken")),
    Again(
        "size_mm",
        Lesion.size_mm,
        _of_largest(Lesion.size_mm),
        Label("最大病变的大小", "Size of the largest lesion"),
        ordered=True,
        within=1,
        bands=(6, 10, 20),
    ),
    Again(
        "paris",
        Lesion.paris,
        _of_largest(Lesion.paris),
        Label("最大病变的巴黎分型", "Paris type of the largest lesion"),
    ),
    Again(
        "worst",
        Lesion.worst,
        _worst,
        Label("最重的维也纳分类", "Worst Vienna category"),
        ordered=True,
        by_report=True,
    ),
)
BY_KEY = {one.key: one for one in AGAIN}


def fields_of(case: Examination) -> Sequence[Again]:
    """The fields that are entered again of this examination."""
    awaited = any(one.awaited for one in case.lesions)
    fitting = [one for one in AGAIN if one.types is None or case.type in one.types]
    return [one for one in fitting if not (one.by_report and awaited)]
