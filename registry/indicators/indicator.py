"""What an indicator declares: which records are eligible, when one is met, and where that is written."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, IntEnum
from typing import Any

from registry.label import Label

# What sets an edition apart, as its identifier has it, in Chinese.
EDITIONS = {
    "after a positive test too": "含初筛阳性者",
    "by examination": "按例次计",
    "complete cases": "只计资料完整者",
    "each day once": "同日只计一次",
    "HGIN counted": "计入高级别瘤变",
    "of those referred": "以转诊者为分母",
    "unconfirmed readings counted": "计入未确认的判读",
}
AUTHORS = Label("本登记系统编写", "the registry's authors")


class Counts(Enum):
    """What an indicator counts once: the unit of its numerator and denominator."""

    PERSONS = Label("人", "persons")
    EXAMINATIONS = Label("例次", "examinations")
    SPECIMENS = Label("标本", "specimens")
    INVITATIONS = Label("邀请", "invitations")
    TESTS = Label("次检测", "tests")
    PLANS = Label("次计划", "plans")
    PROCEDURES_A_YEAR = Label("例次／医师·年", "procedures per endoscopist and year")
    MINUTES = Label("分钟（均数）", "minutes, the mean")

    @property
    def label(self) -> Label:
        return self.value

    @property
    def proportion(self) -> bool:
        """Whether a part is divided by a whole; a yearly number and a mean are none."""
        return self not in {Counts.PROCEDURES_A_YEAR, Counts.MINUTES}


class Source(Enum):
    """The records that say something about an indicator's unit.

    Each is joined to its examination, but for those from ROUND on, which need none: they say
    themselves when and where they happened.
    """

    EXAMINATION = "examination"
    NORMAL = "normal colonoscopy"  # neither a lesion nor a specimen
    BACKGROUND = "background"  # the mucosa around any lesion
    LESION = "lesion"
    RESULT = "result"  # of a current report, at the examination whose tissue it judges
    TUMOUR = "tumour"  # at the examination that detected it
    EVENT = "adverse event"
    OPERATION = "earlier operation"  # of the person examined, on or before that day
    TREATMENT = "earlier treatment"  # likewise, of a tumour
    SYNDROME = "known syndrome"  # of the person examined
    LATER_TUMOUR = "later tumour"  # of the person examined, whenever it was found
    LATER_DEATH = "later death"  # likewise, as a list or a source tells it
    READING = "reading"  # what rules read from words, with the lesion it speaks of, if any
    SPECIMEN = "specimen"
    RESECTION = "resection"  # an ESD specimen with what its current report proves
    ROUND = "screening round"
    ASSESSMENT = "risk assessment"
    PLAN = "follow-up that is due"

    @property
    def without_examination(self) -> bool:
        """Whether the record says by itself when and where it happened."""
        return self in {Source.ROUND, Source.ASSESSMENT, Source.PLAN}


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


class Evidence(Enum):
    """How well the declaration is known to say what its source says; clinical sign-off is apart."""

    READ = Label("已核对原文", "compared with the source's own text")
    REMEMBERED = Label(
        "按通行知识写成，未重读原文", "written from standard knowledge, the source not read again"
    )
    PROPOSED = Label("本登记拟定，尚无权威定义", "proposed by the registry; no authority defines it")


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
    minutes : SQL expression or None
        What is averaged, where minutes are counted; NULL is unknown.
    marks : tuple of Mark
        What other records change, at most one for each source. For persons the highest state over all
        their records counts.
    specimens : SQL expression or None
        Which specimens must be reported before the rate is final; None where none matter.
    unknown_in_denominator : bool
        Whether the denominator is everything eligible, unknown and awaited included.
    needs : Label or None
        What must have been linked before anything can be said. Without it the rate is not computable,
        however many cases there are, because those that nobody could have heard of would count as good.
    per : int
        The display unit: 100 for per cent, 1000 for per mille.
    target, desirable : float or None
        The least that the source asks for and what it calls desirable, as fractions, minutes or a yearly
        number; None where it sets none.
    remark : Label or None
        What the target needs to be read rightly, such as that it differs by sex.
    variant_of : str or None
        The key of the main edition that this one stands beside.
    replaces : str or None
        The key of the edition that this one takes the place of once it is adopted.
    adopted : bool
        Whether this edition is the current one; a proposal stands beside what it would replace.
    author, evidence
        Who wrote the declaration, and how well it is known to say what the source says.
    checked_by, checked_on, next_review
        Clinical sign-off; None shows as awaiting it. The review is due whether or not it was signed.
    """

    key: str
    label: Label
    edition: str
    source: Label
    clause: str | Label
    counts: Counts
    base: Source
    words: Words
    eligible: Any
    met: Any = None
    awaited: Any = None
    minutes: Any = None
    marks: tuple[Mark, ...] = ()
    specimens: Any = None
    unknown_in_denominator: bool = False
    needs: Label | None = None
    per: int = 100
    direction: Direction = Direction.UP
    target: float | None = None
    desirable: float | None = None
    remark: Label | None = None
    variant_of: str | None = None
    replaces: str | None = None
    adopted: bool = True
    author: Label = AUTHORS
    evidence: Evidence = Evidence.READ
    checked_by: str | None = None
    checked_on: date | None = None
    next_review: date | None = date(2027, 6, 30)

    @property
    def edition_label(self) -> Label:
        """The edition in words; `edition` is its identifier, which never changes."""
        name, comma, what = self.edition.partition(", ")
        zh = f"{name}，{EDITIONS.get(what, what)}" if comma else name
        return Label(zh, self.edition)

    @property
    def persons(self) -> bool:
        return self.counts is Counts.PERSONS

    @property
    def by_record(self) -> bool:
        """Whether each record of the base is a unit of its own, judged by its own row."""
        gathered = self.counts is Counts.EXAMINATIONS and self.base is not Source.EXAMINATION
        return not self.persons and not gathered


@dataclass(frozen=True)
class NotCounted:
    """An indicator of a source that the record cannot support, and why."""

    clause: str
    label: Label
    why: Label


@dataclass(frozen=True, eq=False)
class IndicatorSet:
    """The indicators of one source in one edition, switched on or off together."""

    key: str
    label: Label
    indicators: tuple[Indicator, ...]
    not_counted: tuple[NotCounted, ...] = ()
    on: bool = False
