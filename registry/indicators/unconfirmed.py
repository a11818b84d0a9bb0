"""The same indicators with what words say and nobody has confirmed yet, counted as if it were confirmed.

They stand beside their confirmed edition, never in its place. A reading speaks only of what the record
does not know: a lesion that its reading tells is unknown no longer, and a cancer that a person is
known to have is counted by its tumour alone.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_, case, exists, null, or_, select
from sqlalchemy.orm import aliased

from registry import models
from registry.codes.desk import ReadingState, TextSource
from registry.codes.lesion import COLORECTUM as LARGE_BOWEL
from registry.codes.lesion import Organ
from registry.indicators.alliance import DETECTION
from registry.indicators.early import MUCOSA, SUBMUCOSA, cancer, of_organ
from registry.indicators.endoscopy import COLONOSCOPY, OGD
from registry.indicators.indicator import Indicator, Mark, Source, Words
from registry.indicators.nhc_2022 import ADENOMA, COLORECTUM, OESOPHAGUS, STOMACH
from registry.label import Label

# Columns as expressions: a type checker takes a nullable one for no condition.
Lesion: Any = models.Lesion
Reading: Any = models.Reading
Examination: Any = models.Examination

NAME = Label("%(name)s（含来自文本、未确认者）", "%(name)s, unconfirmed readings included")
COUNTED = Label(
    "%(what)s；另计病理原文读出、尚未确认者",
    "%(what)s; those that rules read from the wording of reports count too",
)


def histology(reading: Any) -> Any:
    """Whether a reading is of a report's words and still open: its facts are what they would prove."""
    return and_(reading.state == ReadingState.UNCONFIRMED, reading.source == TextSource.WORDING)


def told(fact: str) -> Any:
    """Whether an open reading tells this fact of a lesion, one way or the other."""
    own: Any = aliased(models.Reading)
    said = getattr(own, fact).is_not(None)
    return exists().where(own.lesion_id == Lesion.id, histology(own), said).correlate(models.Lesion)


def early_by_depth(reading: Any, organ: Organ) -> Any:
    """Whether a cancer is early by the depth read; NULL where none was."""
    depths = MUCOSA if organ is Organ.OESOPHAGUS else MUCOSA + SUBMUCOSA
    return case((reading.deepest.is_not(None), reading.deepest.in_(depths)), else_=null())


def with_adenomas_read(indicator: Indicator) -> Indicator:
    """Adenoma detection, a lesion without histology judged by what its report's words say."""
    (mark,) = indicator.marks
    large_bowel = sorted(LARGE_BOWEL, key=str)
    read = Mark(
        Source.READING,
        where=and_(
            indicator.eligible,
            histology(Reading),
            Reading.adenoma,
            or_(Reading.organ.is_(None), Reading.organ.in_(large_bowel)),
        ),
        met=Reading.adenoma,
    )
    silent = and_(Lesion.adenoma.is_(None), Lesion.awaited.is_(False), told("adenoma"))
    seen = replace(mark, where=and_(mark.where, ~silent))
    return _beside(indicator, marks=(seen, read))


def with_cancers_read(indicator: Indicator, organ: Organ) -> Indicator:
    """Early detection and early share, with the cancers that only the words of a report tell."""
    read = Mark(
        Source.READING,
        where=and_(
            COLONOSCOPY if organ is Organ.COLON else OGD,
            histology(Reading),
            Reading.cancer,
            of_organ(Reading, organ),
            ~_known_cancer(organ),
            or_(Reading.deepest.is_not(None), ~_depth_elsewhere(organ)),
        ),
        met=early_by_depth(Reading, organ),
    )
    silent = and_(Lesion.awaited.is_(False), told("cancer"))
    marks = [
        replace(mark, where=and_(mark.where, ~silent)) if mark.source is Source.LESION else mark
        for mark in indicator.marks
    ]
    return _beside(indicator, marks=(*marks, read))


def _known_cancer(organ: Organ) -> Any:
    """Whether the person examined is known to have, or have had, a cancer of this organ."""
    known: Any = aliased(models.Tumour)
    return Examination.person_id.in_(select(known.person_id).where(of_organ(known, organ), cancer(known)))


def _depth_elsewhere(organ: Organ) -> Any:
    """Whether the words of another report on this person's cancer say how deep it goes."""
    other: Any = aliased(models.Reading)
    there: Any = aliased(models.Examination)
    deep = (
        select(there.person_id)
        .join(other, other.examination_id == there.id)
        .where(histology(other), other.cancer, of_organ(other, organ), other.deepest.is_not(None))
    )
    return Examination.person_id.in_(deep)


def _beside(indicator: Indicator, *, marks: tuple[Mark, ...]) -> Indicator:
    words = indicator.words
    return replace(
        indicator,
        key=f"{indicator.key}.read",
        label=NAME % {"name": indicator.label},
        edition=f"{indicator.edition}, unconfirmed readings counted",
        words=Words(COUNTED % {"what": words.numerator}, words.denominator, words.excluded),
        marks=marks,
        variant_of=indicator.key,
    )


ORGANS = (Organ.OESOPHAGUS, Organ.STOMACH, Organ.COLON)
# By the key of the confirmed edition.
UNCONFIRMED: dict[str, Indicator] = {
    ADENOMA.key: with_adenomas_read(ADENOMA),
    **{
        shared.key: with_cancers_read(shared, organ)
        for shared, organ in zip((OESOPHAGUS, STOMACH, COLORECTUM), ORGANS, strict=True)
    },
    **{
        detection.key: with_cancers_read(detection, organ)
        for detection, organ in zip(DETECTION, ORGANS, strict=True)
    },
}
