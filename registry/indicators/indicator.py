"""What an indicator declares: which records are eligible, when one is met, and where that is written."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, IntEnum
from typing import Any

from registry.label import Label


class Counts(Enum):
    """What an indicator counts once: the unit of its numerator and denominator."""

    PERSONS = Label("人", "persons")
    EXAMINATIONS = Label("例次", "examinations")
    SPECIMENS = Label("标本", "specimens")
    PROCEDURES_A_YEAR = Label("例次／医师·年", "procedures per endoscopist and year")

    @property
    def label(self) -> Label:
        return self.value


class Source(Enum):
    """The records that say something about an indicator's unit; each is joined to its examination."""

    EXAMINATION = "examination"
    LESION = "lesion"
    TUMOUR = "tumour"  # at the examination that detected it
    EVENT = "adverse event"
    OPERATION = "earlier operation"  # of the person examined, on or before that day
    TREATMENT = "earlier treatment"  # likewise, of a tumour
    READING = "reading"  # what rules read from words, with the lesion it speaks of, if any
    RESECTION = "resection"  # a specimen with what its current report proves


class State(IntEnum):
    """What is known of one unit. The larger wins where several records speak of one person."""

    NOT_MET = 0
    UNKNOWN = 1
    AWAITED = 2
    MET = 3
    EXCLUDED = 4


class Direction(Enum):
    """Which way is better."""

    UP = Label("越高越好", "higher is better")
    DOWN = Label("越低越好", "lower is better")
    NEITHER = Label("不分高低", "neither way")


@dataclass(frozen=True, eq=False)
class Mark:
    """What rarer records beside the examination say: it replaces what the examination alone says.

    Parameters
    ----------
    where : SQL expression
        Which of these records speak at all.
    met, awaited : SQL expression
        Over the same records and their examination; `met` NULL is unknown, left out means not met.
    excludes : bool
        The unit leaves numerator and denominator instead.
    """

    source: Source
    where: Any
    met: Any = None
    awaited: Any = None
    excludes: bool = False


@dataclass(frozen=True)
class Words:
    """Numerator and denominator as a doctor reads them, and what is left out."""

    numerator: Label
    denominator: Label
    excluded: Label | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Indicator:
    """One indicator in one edition. A changed definition is a new key or edition; the old one stays.

    Parameters
    ----------
    base : Source
        The records that make up the denominator.
    eligible, met, awaited : SQL expression
        Over the base's records, in three-valued logic: `met` NULL is unknown, and unknown is not no;
        `eligible` NULL is not eligible.
    marks : tuple of Mark
        What other records change. For persons the highest state over all their records counts.
    specimens : SQL expression or None
        Which specimens must be reported before the rate is final; None where none matter.
    unknown_in_denominator : bool
        Whether the denominator is everything eligible, unknown and awaited included.
    per : int
        The display unit: 100 for per cent, 1000 for per mille.
    target : float or None
        An agreed value as a fraction; None where the source sets none.
    variant_of : str or None
        The key of the main edition that this one stands beside.
    checked_by, checked_on, next_review
        Clinical sign-off; None shows as awaiting it.
    """

    key: str
    label: Label
    edition: str
    source: Label
    clause: str
    counts: Counts
    base: Source
    words: Words
    eligible: Any
    met: Any = None
    awaited: Any = None
    marks: tuple[Mark, ...] = ()
    specimens: Any = None
    unknown_in_denominator: bool = False
    per: int = 100
    direction: Direction = Direction.UP
    target: float | None = None
    variant_of: str | None = None
    checked_by: str | None = None
    checked_on: date | None = None
    next_review: date | None = None

    @property
    def persons(self) -> bool:
        return self.counts is Counts.PERSONS

    @property
    def never_met_by_itself(self) -> bool:
        """Whether the base's own records never meet it, so that only marks can."""
        return self.met is None
