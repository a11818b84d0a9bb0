"""Everything in scope about one person on one line of time, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.access import scope
from registry.codes.endoscopy import ExaminationType
from registry.codes.lesion import Organ, Site
from registry.codes.outcome import (
    Completeness,
    ContactMode,
    ContactOutcome,
    Intent,
    Recurrence,
    TreatmentType,
)
from registry.codes.pathology import Depth, Morphology, Vienna
from registry.codes.person import Precision, Surgery, Syndrome, Vital, VitalSource
from registry.codes.risk import Instrument, PrimaryTest, Programme, Response, TestResult, Tier
from registry.codes.tumour import StageGroup, SummaryStage, TCategory
from registry.extensions import db
from registry.label import Label
from registry.models import (
    Centre,
    Examination,
    FollowUp,
    KnownSyndrome,
    PriorSurgery,
    RiskAssessment,
    ScreeningRound,
    Treatment,
    Tumour,
    VitalStatus,
)
from registry.queries.record import casebook, elsewhere
from registry.queries.record.elsewhere import Line
from registry.queries.record.people import enrolment_of


@dataclass(frozen=True)
class Found:
    """A tumour as it stands."""

    id: int
    centre_id: int
    sequence: int
    organ: Organ
    topography: Site | None
    morphology: Morphology | None
    detected_on: date | None
    incidence_on: date | None
    invasive: bool | None
    invasive_on: date | None
    noninvasive_on: date | None
    worst: Vienna | None
    deepest: Depth | None
    awaited: bool
    t: TCategory | None
    stage_group: StageGroup | None
    summary_stage: SummaryStage | None
    first_treatment: TreatmentType | None
    followed_days: int | None
    dead: bool | None
    detecting_centre_id: int | None
    diagnosing_centre_id: int | None
    treating_centre_id: int | None


@dataclass(frozen=True)
class Treated:
    """A treatment, given or refused."""

    id: int
    centre_id: int
    tumour_id: int | None
    type: TreatmentType | None
    intent: Intent | None
    started_on: date | None
    started_precision: Precision | None
    completeness: Completeness | None
    refused: bool | None


@dataclass(frozen=True)
class Contacted:
    """A contact, and what it made due."""

    id: int
    version: int
    centre_id: int
    tumour_id: int | None
    examination_id: int | None
    contacted_on: date
    mode: ContactMode | None
    outcome: ContactOutcome | None
    vital: Vital | None
    recurrence: Recurrence | None
    next_due_on: date | None
    next_due_what: ExaminationType | None
    next_due_reason: str | None
    settled: bool


@dataclass(frozen=True)
class Lived:
    """What one source says of life or death."""

    id: int
    centre_id: int
    vital: Vital
    as_of: date
    as_of_precision: Precision
    cause: str | None
    source: VitalSource
    complete_until: date | None


@dataclass(frozen=True)
class Assessed:
    """A risk assessment."""

    id: int
    centre_id: int
    assessed_on: date
    instrument: Instrument
    total: int | None
    tier: Tier | None
    hp_result: TestResult | None
    fit_result: TestResult | None


@dataclass(frozen=True)
class Invited:
    """A screening round."""

    id: int
    centre_id: int
    programme: Programme | None
    round: int | None
    invited_on: date | None
    response: Response | None
    primary_test: PrimaryTest | None


@dataclass(frozen=True)
class Syndromic:
    """A known syndrome."""

    id: int
    centre_id: int
    syndrome: Syndrome
    since: date | None


@dataclass(frozen=True)
class Operated:
    """An earlier operation."""

    id: int
    centre_id: int
    kind: Surgery
    operated_on: date | None
    operated_precision: Precision | None


@dataclass(frozen=True)
class Entry:
    """One thing on the line: its day, its kind in words, whose it is, and its details.

    `subject` and `subject_id` name the record for the trail. A report has its examination's
    specimen as `parent`.
    """

    on: date | None
    kind: Label
    subject: str
    subject_id: int
    centre: Label
    detail: Any
    parent: Any = None


@dataclass(frozen=True)
class Timeline:
    """A person's entries, the newest first, what is due, the tumours, and lines from elsewhere."""

    entries: tuple[Entry, ...]
    next_due: tuple[Contacted, ...]
    tumours: tuple[Found, ...]
    elsewhere: tuple[Line, ...]


KINDS: tuple[tuple[Any, Any, str, Label], ...] = (
    (Tumour, Found, "detected_on", Label("肿瘤", "Tumour")),
    (Treatment, Treated, "started_on", Label("治疗", "Treatment")),
    (FollowUp, Contacted, "contacted_on", Label("随访", "Follow-up")),
    (VitalStatus, Lived, "as_of", Label("生存状态", "Vital status")),
    (RiskAssessment, Assessed, "assessed_on", Label("风险评估", "Risk assessment")),
    (ScreeningRound, Invited, "invited_on", Label("筛查轮次", "Screening round")),
    (PriorSurgery, Operated, "operated_on", Label("既往手术", "Earlier operation")),
    (KnownSyndrome, Syndromic, "since", Label("已知综合征", "Known syndrome")),
)
REPORT = Label("病理报告", "Pathology report")
RANK = ("report", "tumour", "treatment", "examination")


def timeline(person_id: int) -> Timeline:
    """All that may be read here of a person, newest first; at one day the report before its case."""
    centres = {
        row.id: Label(row.name_zh, row.name_en or row.name_zh)
        for row in db.session.execute(select(Centre.id, Centre.name_zh, Centre.name_en))
    }
    entries: list[Entry] = []
    for case in casebook.examinations(Examination.person_id == person_id):
        entries.append(Entry(case.on, case.type.label, "examination", case.id, case.centre, case))
        for specimen in case.specimens:
            entries += [
                Entry(
                    told.reported_on or told.received_on,
                    REPORT,
                    "report",
                    told.id,
                    case.centre,
                    told,
                    specimen,
                )
                for told in specimen.reports
            ]
    rows = {model: _rows(model, kind, person_id) for model, kind, _, _ in KINDS}
    for model, _, day, label in KINDS:
        subject = model.__tablename__
        entries += [
            Entry(_day(row, day), label, subject, row.id, centres[row.centre_id], row) for row in rows[model]
        ]
    entries.sort(key=_order)
    open_ones = [row for row in rows[FollowUp] if not row.settled and row.next_due_on is not None]
    current = scope()
    outside = current is not None and current.centre_id is not None and not current.everywhere
    lines = elsewhere.lines(person_id) if outside and enrolment_of(person_id) is not None else []
    return Timeline(
        tuple(entries),
        tuple(sorted(open_ones, key=lambda row: row.next_due_on or date.max)),
        tuple(sorted(rows[Tumour], key=lambda row: row.sequence)),
        tuple(lines),
    )


def _rows(model: Any, kind: Any, person_id: int) -> list[Any]:
    columns = [getattr(model, name) for name in kind.__dataclass_fields__]
    statement = select(*columns).where(model.person_id == person_id).order_by(model.id)
    return [kind(*row) for row in db.session.execute(statement)]


def _day(row: Any, name: str) -> date | None:
    """The day of an entry; a register's tumour has only its incidence."""
    day: date | None = getattr(row, name)
    return row.incidence_on if day is None and isinstance(row, Found) else day


def _order(entry: Entry) -> tuple[int, int, int]:
    day = -(entry.on or date.min).toordinal()
    rank = RANK.index(entry.subject) if entry.subject in RANK else len(RANK)
    return day, rank, -entry.subject_id
