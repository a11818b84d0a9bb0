"""What is written of one person: rows of every table, numbered, with the facts that follow from them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from registry.codes.person import DocumentType, Precision, Sex
from registry.exchange.made_up import names
from registry.exchange.made_up.chance import Among
from registry.exchange.made_up.hospitals import Doctor, Hospital
from registry.models import (
    AdverseEvent,
    Background,
    Base,
    Covering,
    Enrolment,
    Examination,
    FollowUp,
    IdentityDocument,
    Lesion,
    Person,
    Report,
    Result,
    Sighting,
    Specimen,
    Treatment,
    Tumour,
    VitalStatus,
)
from registry.rules.dates import age_on
from registry.rules.summary import ResultFacts
from registry.services.made_up.seed import Known

Row = dict[str, Any]
MODELS: tuple[type[Base], ...] = (
    Person, Enrolment, IdentityDocument, Examination, Background, AdverseEvent, Lesion, Specimen,
    Covering, Report, Result, Tumour, Sighting, Treatment, FollowUp, VitalStatus,
)  # fmt: skip
DOCUMENTS = Among(
    {
        DocumentType.RESIDENT_ID: 965,
        DocumentType.PASSPORT: 5,
        DocumentType.HMT_PERMIT: 5,
        DocumentType.NONE: 25,
    }
)


def _blank(model: type[Base]) -> Row:
    """A row of a table with nothing in it but the defaults."""
    columns = model.__table__.columns
    return {
        column.name: column.default.arg if column.default is not None and column.default.is_scalar else None
        for column in columns
    }


_BLANK = {model: _blank(model) for model in MODELS}


class Numbers:
    """The next free id of each table, and running numbers of each hospital."""

    def __init__(self) -> None:
        self.ids = {model: count(1) for model in MODELS}
        self.running: defaultdict[Any, count[int]] = defaultdict(lambda: count(1))

    def next(self, *what: Any) -> int:
        return next(self.running[what])


@dataclass(eq=False)
class Story:
    """One person's records as they grow. `home` is the hospital that first enrolled the person."""

    rng: Random
    numbers: Numbers
    today: date
    home: Hospital
    sex: Sex
    born: date
    room: int
    rows: defaultdict[type[Base], list[Row]] = field(default_factory=lambda: defaultdict(list))
    known: dict[int, Known] = field(default_factory=dict)
    died: date | None = None
    died_of: str | None = None  # the site of the cancer that killed; None where something else did
    person: Row = field(init=False)
    taken: dict[int, list[Row]] = field(default_factory=dict)  # specimens by lesion
    said: dict[int, list[ResultFacts]] = field(default_factory=dict)  # current results by lesion

    def __post_init__(self) -> None:
        exact = self.rng.random() < 0.985
        self.person = self.add(
            Person,
            pseudonym=f"{self.rng.getrandbits(96):024x}",
            sex=self.sex,
            born_on=self.born,
            born_precision=Precision.DAY if exact else Precision.YEAR,
        )
        self.name, self.phone = names.name(self.rng, self.sex), names.phone(self.rng)
        self.document_type = DOCUMENTS.pick(self.rng) if exact else DocumentType.NONE
        self.document_number: str | None = None
        if self.document_type is DocumentType.RESIDENT_ID:
            self.document_number = names.identity_number(self.rng, self.born, self.sex)
        elif self.document_type is not DocumentType.NONE:
            self.document_number = f"H{self.rng.randrange(10**8):08d}"

    def add(self, model: type[Base], **values: Any) -> Row:
        """A new row, numbered; what is not given keeps its default."""
        row = _BLANK[model].copy()
        row.update(values)
        if "id" in row:
            row["id"] = next(self.numbers.ids[model])
        self.rows[model].append(row)
        return row

    def can(self, day: date) -> bool:
        """Whether something may happen on this day: not in the future, not after death."""
        return day <= self.today and (self.died is None or day < self.died)

    def enrol(self, house: Hospital, day: date) -> None:
        """Make the person known to a hospital, unless it is."""
        if house.id in self.known:
            return
        enrolment = self.add(
            Enrolment, centre_id=house.id, person_id=self.person["id"], enrolled_on=day, region=names.REGION
        )
        document = None
        if self.document_type is not DocumentType.NONE:
            document = self.add(
                IdentityDocument,
                centre_id=house.id,
                enrolment_id=enrolment["id"],
                person_id=self.person["id"],
                type=self.document_type,
            )
        number = f"{day:%y}{self.numbers.next('record', house.id):07d}"
        self.known[house.id] = Known(enrolment, self.name, self.phone, number, document, self.document_number)

    def examine(self, house: Hospital, day: date, operator: Doctor, **values: Any) -> Row:
        """One examination by this doctor, with what every kind has in common."""
        self.enrol(house, day)
        self.room -= 1
        rng = self.rng
        exact = self.person["born_precision"] is Precision.DAY
        recorder = rng.choice(house.recorders) if rng.random() < 0.6 else operator
        answered = rng.random() < house.calls_back and day + timedelta(days=30) <= self.today
        return self.add(
            Examination,
            centre_id=house.id,
            person_id=self.person["id"],
            performed_on=day,
            number=f"{house.code}-{day:%y}{self.numbers.next('examination', house.id):06d}",
            age=age_on(self.born, day) if exact else None,
            operator_id=operator.user_id,
            recorder_id=recorder.user_id,
            any_adverse_event=False if answered or rng.random() < 0.4 else None,
            contact_30d=True if answered else (None if rng.random() < 0.6 else False),
            **values,
        )

    def lesion(self, examination: Row, **values: Any) -> Row:
        number = 1 + sum(row["examination_id"] == examination["id"] for row in self.rows[Lesion])
        return self.add(
            Lesion,
            centre_id=examination["centre_id"],
            examination_id=examination["id"],
            number=number,
            **values,
        )

    def specimen(self, house: Hospital, examination: Row, lesions: list[Row], **values: Any) -> Row:
        """Tissue taken at an examination from these lesions, or from none."""
        letter = sum(row["examination_id"] == examination["id"] for row in self.rows[Specimen])
        day = examination["performed_on"]
        specimen = self.add(
            Specimen,
            centre_id=house.id,
            examination_id=examination["id"],
            letter="ABCDEFGHJKLMNPQRSTUVWXYZ"[letter],
            pathology_number=f"{day:%Y}-{self.numbers.next('pathology', house.id):06d}",
            **{"retrieved": True, "taken_on": day, **values},
        )
        for lesion in lesions:
            self.add(Covering, centre_id=house.id, specimen_id=specimen["id"], lesion_id=lesion["id"])
        return specimen

    def report(self, house: Hospital, specimen: Row, results: list[Row]) -> date | None:
        """The pathologist's answer, unless it is still awaited; the day it came."""
        rng = self.rng
        day = specimen["taken_on"] + timedelta(days=rng.randint(*house.reports_in))
        if day > self.today or rng.random() < house.reports_lost:
            return None
        report = self.add(
            Report,
            centre_id=house.id,
            specimen_id=specimen["id"],
            received_on=specimen["taken_on"],
            reported_on=day,
        )
        for result in results:
            self.add(Result, centre_id=house.id, report_id=report["id"], **result)
        return day
