"""One of every record at a centre, each holding words that would give it away where it does not belong."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from registry import keyring
from registry.codes.alliance import Role
from registry.codes.desk import FileKind, RunState, SourceKind, TextSource
from registry.codes.endoscopy import AdverseKind, ExaminationType
from registry.codes.lesion import Organ, Site
from registry.codes.outcome import ContactOutcome, TreatmentType
from registry.codes.pathology import Method, Vienna
from registry.codes.person import (
    DocumentOwner,
    DocumentType,
    Precision,
    Relation,
    Sex,
    Surgery,
    Syndrome,
    Vital,
    VitalSource,
)
from registry.codes.risk import Instrument
from registry.exchange.returned import Returned, packed
from registry.label import Label
from registry.models import (
    AcceptedFlag,
    AdverseEvent,
    Alert,
    Background,
    ClosedMonth,
    Contact,
    Covering,
    Draft,
    Enrolment,
    Examination,
    FollowUp,
    IdentityDocument,
    ImportedCase,
    ImportFile,
    ImportRun,
    Inquiry,
    InquiryStep,
    KnownSyndrome,
    Lesion,
    Listed,
    MatchKey,
    Merge,
    Person,
    PersonKey,
    PossiblePair,
    PriorSurgery,
    Proposal,
    QualityNote,
    Question,
    Reading,
    Report,
    ReportedFigure,
    Result,
    RiskAssessment,
    SavedMapping,
    ScreeningRound,
    SearchToken,
    Sighting,
    SourceCode,
    Specimen,
    Treatment,
    Tumour,
    VitalStatus,
)
from registry.rules.problem import Problem
from registry.services.imports import Refused
from registry.services.imports.uploads import files
from registry.services.unit import change, keep
from tests.records_again import AGAIN, entered_again

DAY = date(2024, 3, 1)
RECEIPT = dict.fromkeys(
    ("rows", "cases", "new", "updated", "unchanged", "refused", "flagged", "questions"), 1
) | {"rehearsal": False, "kinds": [{"kind": "persons", "new": 1, "updated": 0, "unchanged": 0, "refused": 0}]}
# Valid numbers of nobody: the check character is right.
NUMBERS = {"city": "11010519491231002X", "county_a": "440524188001010014", "county_b": "110101199003074530"}


@dataclass(frozen=True)
class Words:
    """What gives a centre's records away: what names somebody, and what only belongs to the house."""

    naming: tuple[str, ...]
    house: tuple[str, ...]

    def told_in(self, answer: Any) -> list[str]:
        """Those of the words that an answer gives away."""
        return [word for word in (*self.naming, *self.house) if word.encode() in answer.data]


@dataclass
class Records:
    """One of each record of a centre: the rows' ids by table name, and its words."""

    place: Any
    words: Words
    ids: dict[str, int] = field(default_factory=dict)


def words_of(key: str) -> Words:
    """A centre's words; they differ between centres in every part."""
    return Words(
        naming=(
            f"哨兵{key}姓名",
            NUMBERS[key],
            f"139{abs(hash_of(key)):08d}",
            f"哨兵{key}住址",
            f"REC{key}7781",
        ),
        house=(f"SENTINEL-{key}-findings", f"PATH-{key}-0815"),
    )


def hash_of(key: str) -> int:
    """A number that differs between centres and stays the same between runs."""
    return int.from_bytes(key.encode()[-3:], "big") % 100_000_000


def one_of_each(place: Any, user_id: int) -> Records:
    """Record one of everything at the centre that is acted for; under a recorder's scope."""
    made = Records(place, words_of(place.key))
    name, number, phone, address, record = made.words.naming
    findings, pathology = made.words.house
    centre = {"centre_id": place.id}
    with change("test.records") as unit:
        person = Person(
            pseudonym=f"P-{place.key}", sex=Sex.FEMALE, born_on=date(1960, 5, 1), born_precision=Precision.DAY
        )
        person.key = PersonKey(wrapped=keyring.current().new_data_key())
        unit.add(person, person.key)
        enrolment = Enrolment(person=person, enrolled_on=DAY, **centre)
        enrolment.name, enrolment.phone, enrolment.address, enrolment.record_number = (
            name,
            phone,
            address,
            record,
        )
        document = IdentityDocument(
            enrolment=enrolment, person=person, type=DocumentType.RESIDENT_ID, owner=DocumentOwner.OWN,
            digest=keyring.current().digest("document", f"resident_id|{number}"), **centre,
        )  # fmt: skip
        document.value = number
        contact = Contact(enrolment=enrolment, relation=Relation.CHILD, **centre)
        contact.name, contact.phone = name, phone
        unit.add(enrolment, document, contact)
        unit.session.flush()
        owned = {"person_id": person.id, **centre}
        examination = Examination(
            type=ExaminationType.OGD, performed_on=DAY, age=63, findings=findings, number=f"E-{place.key}",
            operator_id=user_id, recorder_id=user_id, **owned,
        )  # fmt: skip
        lesion = Lesion(
            examination=examination, number=1, site=Site.ANTRUM, size_mm=12, sampled=True, **centre
        )
        specimen = Specimen(
            examination=examination, letter="A", method=Method.FORCEPS, taken_on=DAY, pieces=2,
            pathology_number=pathology, reported=True, **centre,
        )  # fmt: skip
        report = Report(specimen=specimen, reported_on=DAY, wording=findings, **centre)
        tumour = Tumour(
            sequence=1,
            organ=Organ.STOMACH,
            worst=Vienna.ADENOMA_HIGH_GRADE,
            detected_on=DAY,
            **owned,
            invasive=True,
            incidence_on=DAY,
            invasive_on=DAY,
            followed_days=400,
            dead=False,
        )
        rows = [
            unit.add(
                SearchToken(
                    enrolment_id=enrolment.id, digest=keyring.current().digest("search", name)[:32], **centre
                )
            ),
            unit.add(PriorSurgery(kind=next(iter(Surgery)), **owned)),
            unit.add(KnownSyndrome(syndrome=next(iter(Syndrome)), **owned)),
            unit.add(VitalStatus(vital=Vital.ALIVE, as_of=DAY, source=next(iter(VitalSource)), **owned)),
            unit.add(ScreeningRound(round=1, invited_on=DAY, **owned)),
            unit.add(RiskAssessment(assessed_on=DAY, instrument=next(iter(Instrument)), **owned)),
            unit.add(examination),
            unit.add(Background(examination=examination, sydney_sites=5, **centre)),
            unit.add(AdverseEvent(examination=examination, kind=next(iter(AdverseKind)), **centre)),
            unit.add(
                AcceptedFlag(examination=examination, field="size_mm", clause="size", reason="seen", **centre)
            ),
            unit.add(lesion),
            unit.add(specimen),
            unit.add(Covering(specimen=specimen, lesion=lesion, **centre)),
            unit.add(report),
            unit.add(Result(report=report, lesion=lesion, vienna=Vienna.ADENOMA_HIGH_GRADE, **centre)),
            unit.add(tumour),
        ]
        unit.session.flush()
        rows += [
            unit.add(Sighting(tumour=tumour, lesion_id=lesion.id, **owned)),
            unit.add(Treatment(tumour=tumour, type=TreatmentType.ESD, started_on=DAY, **owned)),
            unit.add(
                FollowUp(
                    tumour_id=tumour.id, contacted_on=DAY, outcome=ContactOutcome.ATTENDED,
                    next_due_on=date(2025, 3, 1), **owned,
                )
            ),
        ]  # fmt: skip
        rows += [person, enrolment, document, contact]
        rows += _of_the_desk(unit, enrolment, examination, findings, name)
    made.ids = {row.__tablename__: row.id for row in rows}
    person_id = made.ids["person"]
    key = keyring.current().new_data_key()
    with keep() as session:
        run = ImportRun(
            mapping="m", mapping_digest="0" * 64, file_digest="1" * 64, source="s", actor="test",
            started_at=datetime.now(UTC), seen_at=datetime.now(UTC), finished_at=datetime.now(UTC),
            state=RunState.FINISHED, receipt=json.dumps(RECEIPT), **centre,
        )  # fmt: skip
        sealed = keyring.current().seal(key, name, "Draft.content")
        draft = Draft(
            user_id=user_id, subject="case", person_id=person_id, content=sealed, wrapped=key,
            saved_at=datetime.now(UTC), **centre,
        )  # fmt: skip
        session.add_all([run, draft])
        session.flush()
        for kind, content in _files(name).items():
            files.put(session, import_id=run.id, kind=kind, name="year.csv", content=content, **centre)
        session.flush()
        file = session.scalars(select(ImportFile).where(ImportFile.import_id == run.id)).first()
        assert file is not None
        made.ids |= {"import_run": run.id, "draft": draft.id, "import_file": file.id}
    return made


def _files(name: str) -> dict[FileKind, bytes]:
    """A file as uploaded, and the row of it that came back; both name somebody."""
    wrong = Problem("enrolment-name", Label("不是姓名", "no name"), Label("姓名", "Name"), refuse=True)
    row = Refused((2,), (wrong,), {"enrolment-name": (2, "姓名")}, ((2, {"姓名": name}),))
    back = Returned(("姓名",), (row,), (row,))
    return {FileKind.UPLOADED: f"姓名\n{name}\n".encode(), FileKind.RETURNED: packed(back)}


def _of_the_desk(unit: Any, enrolment: Any, examination: Any, findings: str, name: str) -> list[Any]:
    """What lies between a source and the record: readings, questions, likely doubles, lists, mappings."""
    centre, now = {"centre_id": enrolment.centre_id}, datetime.now(UTC)
    owned = {"person_id": enrolment.person_id, **centre}
    key = MatchKey(enrolment_id=enrolment.id, digest=keyring.current().digest("match", name)[:32], **owned)
    pair = PossiblePair(other_id=enrolment.person_id, score=900, agreeing="{}", found_at=now, **owned)
    merge = Merge(
        merged_id=enrolment.person_id,
        moved='{"changed":[],"removed":[],"made":[],"after":{}}',
        reason=findings,
        merged_at=now,
        **owned,
    )
    question = Question(
        person=enrolment.person, examination_id=examination.id, subject="enrolment", subject_id=enrolment.id,
        field="name", asked_at=now, **centre,
    )  # fmt: skip
    question.said = name
    reading = Reading(
        examination_id=examination.id,
        source=TextSource.FINDINGS,
        part=1,
        text_digest="0" * 64,
        alike="0" * 64,
        **centre,
    )
    rows = [key, pair, merge, question, reading]
    rows.append(Listed(listed_on=DAY, place=1, number=findings[:40], **owned))
    rows.append(SourceCode(kind=SourceKind.DOCTOR, code=findings[:40], **centre))
    rows.append(
        SavedMapping(
            name="m", source="s", version=1, content=findings, digest="0" * 64, saved_at=now, **centre
        )
    )
    unit.add(*rows)
    unit.session.flush()
    proposal = Proposal(
        reading_id=reading.id, field="lesion.size_mm", value="12", begins=0, ends=2, rule="size", **centre
    )
    unit.add(proposal)
    kept = _of_the_review(unit, findings, now, centre)
    asked = _asked(unit, examination, findings, now, centre)
    unit.session.flush()
    return [*rows, proposal, *kept, *asked]


def _of_the_review(unit: Any, findings: str, now: datetime, centre: dict[str, Any]) -> list[Any]:
    """An alert about the house, and a month of it that was closed."""
    alert = Alert(
        indicator="CDEI-07", edition="2022", chart="funnel", rule="below 99.8", first_on=DAY, last_on=DAY,
        said_zh=findings, said_en=findings, mark=findings, raised_at=now, **centre,
    )  # fmt: skip
    month = ClosedMonth(month="2024-03", closed_at=now, digest="0" * 64, **centre)
    unit.add(alert, month)
    unit.session.flush()
    figure = ReportedFigure(
        closed_month_id=month.id, indicator="CDEI-07", edition="2022", met=1, not_met=1, awaited=0, unknown=0,
        **centre,
    )  # fmt: skip
    unit.add(figure)
    return [*entered_again(unit, findings, now, centre), alert, month, figure]


def _asked(unit: Any, examination: Any, findings: str, now: datetime, centre: dict[str, Any]) -> list[Any]:
    """A query to the house about a case, and a note on a figure of its records."""
    note = QualityNote(
        check_key="examination.operator_id", fine=1, judged=2, note=findings, noted_at=now, **centre
    )
    inquiry = Inquiry(
        examination=examination, field="examination.photos", asked_at=now, moved_at=now, **centre
    )
    step = InquiryStep(inquiry=inquiry, move="ask", said=findings, said_at=now, **centre)
    unit.add(note, inquiry, step)
    return [note, inquiry, step]


def everything() -> list[type]:
    """The owned models that `one_of_each` makes a row of."""
    return [
        AcceptedFlag, AdverseEvent, Alert, Background, ClosedMonth, Contact, Covering, Draft, Enrolment,
        Examination, FollowUp, IdentityDocument, ImportFile, ImportRun, Inquiry, InquiryStep,
        KnownSyndrome, Lesion, Listed, MatchKey, Merge, PossiblePair, PriorSurgery,
        Proposal, QualityNote, Question, Reading,
        Report, ReportedFigure, Result, RiskAssessment, SavedMapping, ScreeningRound, SearchToken, Sighting,
        SourceCode, Specimen, Treatment, Tumour, VitalStatus, *AGAIN,
    ]  # fmt: skip


RECORDERS = (Role.RECORDER, Role.ENDOSCOPIST, Role.CENTRE_MANAGER)
NOT_MADE = {ImportedCase}
