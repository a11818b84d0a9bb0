"""New persons and their cases as rows, many at a time.

What is written is what services.people.enrolling, services.cases.recording and services.cases.pathology would
have written one by one; a property test holds the two against each other.
"""

import secrets
from dataclasses import dataclass

from registry.codes.person import Vital, VitalSource
from registry.models import (
    AdverseEvent,
    Background,
    Covering,
    Enrolment,
    Examination,
    IdentityDocument,
    ImportedCase,
    Lesion,
    MatchKey,
    Person,
    PersonKey,
    Proposal,
    Reading,
    Report,
    Result,
    SearchToken,
    Specimen,
    Tumour,
    VitalStatus,
)
from registry.queries.record import matching
from registry.rules.dates import PartialDate, certainly_before, partial
from registry.services import births
from registry.services.imports.ahead.prepared import Prepared, seal
from registry.services.imports.ahead.rows import Rows
from registry.services.imports.case import Records
from registry.services.imports.judging import Sound, follow_up, sex_of


@dataclass
class Writer:
    """Turns prepared cases into rows at one centre.

    `enrolments` is the id that the enrolment numbered nought will have, where that is known: a record
    number that the source does not give is made of it.
    """

    rows: Rows
    centre_id: int
    source: str
    actor_id: int | None
    enrolments: int | None = None

    def person(self, prepared: list[Prepared]) -> None:
        """A new person with the enrolment of the first case, and every case."""
        first = prepared[0]
        person_id = self._person(first, prepared)
        for one in prepared:
            self._case(person_id, one)
        self.rows.end()

    def again(self, person_id: int, prepared: list[Prepared]) -> None:
        """More cases of somebody who is on record; `person_id` is relative to the next free id."""
        for one in prepared:
            self._case(person_id, one)

    def _case(self, person_id: int, one: Prepared) -> None:
        sound = one.sound
        examination_id = self._examination(person_id, one) if sound.parts is not None else None
        if sound.tumour:
            followed = follow_up(sound.tumour, sound.life)
            self.rows.add(Tumour, self._came(person_id) | sound.tumour | followed | {"sequence": 1})
        if sound.vital_status:
            self.rows.add(VitalStatus, self._came(person_id) | sound.vital_status)
        remembered = {
            "source": self.source,
            "key_digest": one.key_digest,
            "content_digest": one.content_digest,
            "fields": one.fields,
            "examination_id": examination_id,
        }
        self.rows.add(ImportedCase, self._came(person_id) | remembered)

    def _came(self, person_id: int) -> Records:
        return {"person_id": person_id, "centre_id": self.centre_id, "import_id": 0}

    # the person

    def _person(self, first: Prepared, prepared: list[Prepared]) -> int:
        told = first.sound.personal
        row = {"pseudonym": secrets.token_hex(12), "import_id": 0, **told, "sex": sex_of(told)}
        person_id = self.rows.add(Person, row | _life([one.sound for one in prepared]))
        self.rows.add(PersonKey, {"person_id": person_id, "wrapped": first.wrapped})
        sealed = dict(first.sealed)
        value = sealed.pop("value_sealed")
        enrolment = self._came(person_id) | first.sound.enrolment | sealed
        enrolment["record_number_digest"] = first.number
        enrolment_id = self.rows.add(Enrolment, enrolment)
        words = first.words
        if first.number is None:
            words |= self._number(enrolment, enrolment_id, first)
        if first.sound.paper is not None:
            paper = {name: held for name, held in first.sound.paper.items() if name not in _NO_COLUMNS}
            paper |= {"person_id": person_id, "centre_id": self.centre_id, "enrolment_id": enrolment_id}
            self.rows.add(IdentityDocument, paper | {"value_sealed": value})
        self._find_again(person_id, enrolment_id, words, first)
        return person_id

    def _find_again(self, person_id: int, enrolment_id: int, words: frozenset[str], first: Prepared) -> None:
        """Digests of this centre's search words, and the keys under which likely doubles meet."""
        whose = {"enrolment_id": enrolment_id, "centre_id": self.centre_id}
        for digest in sorted(words):
            self.rows.add(SearchToken, whose | {"digest": digest})
        for digest in sorted(first.match_keys):
            self.rows.add(MatchKey, whose | {"person_id": person_id, "digest": digest})

    def _number(self, enrolment: Records, enrolment_id: int, first: Prepared) -> frozenset[str]:
        """The record number that is made from the enrolment's own id."""
        if self.enrolments is None:
            raise ValueError("whose record number is made of an id cannot be written before that is known")
        number = f"{enrolment['enrolled_on']:%y}{self.enrolments + enrolment_id:06d}"
        place = "Enrolment.record_number"
        enrolment["record_number_sealed"] = seal(first.wrapped, {place: number})[place]
        enrolment["record_number_digest"] = matching.record_number_digest(self.centre_id, number)
        return matching.word_digests(self.centre_id, matching.words(record_number=number))

    # the examination

    def _examination(self, person_id: int, one: Prepared) -> int:
        sound, parts = one.sound, one.sound.whole
        given = dict(parts.examination.given)
        if given.get("recorder_id") is None:
            given["recorder_id"] = self._recorder(given.get("operator_id"))
        age = births.age_at(parts.person, given["performed_on"])
        given["age"] = age if age is not None else given.get("age")
        if parts.adverse_events and given.get("any_adverse_event") is None:
            given["any_adverse_event"] = True
        examination_id = self.rows.add(Examination, self._came(person_id) | given)
        inside = {"examination_id": examination_id, "centre_id": self.centre_id}
        if parts.background is not None:
            self.rows.add(Background, inside | parts.background.given)
        for event in parts.adverse_events:
            self.rows.add(AdverseEvent, inside | event.given)
        numbers = self._lesions(inside, one)
        reports = self._specimens(inside, sound, numbers)
        self._read(inside, one.readings, numbers, reports)
        return examination_id

    def _read(
        self, inside: Records, readings: list[Records], numbers: dict[int, int], reports: list[int]
    ) -> None:
        """What rules read from words, beside the record until a person confirms it."""
        for reading in readings:
            row = dict(reading)
            place, number, found = row.pop("report"), row.pop("lesion"), row.pop("proposals")
            row["report_id"] = reports[place] if place is not None else None
            row["lesion_id"] = numbers[number] if number is not None else None
            reading_id = self.rows.add(Reading, inside | row)
            for proposal in found:
                held = {"reading_id": reading_id, "centre_id": self.centre_id}
                self.rows.add(Proposal, held | proposal)

    def _lesions(self, inside: Records, one: Prepared) -> dict[int, int]:
        """Each lesion with the facts that its tissue settles; ids by number."""
        return {
            number: self.rows.add(Lesion, inside | part.given | one.facts[number])
            for part in one.sound.whole.lesions
            for number in [part.given["number"]]
        }

    def _specimens(self, inside: Records, sound: Sound, numbers: dict[int, int]) -> list[int]:
        """Specimens with what they cover, and their reports; the ids of those."""
        stored = []
        reports = {reported.place: reported for reported in sound.reports}
        centre = {"centre_id": self.centre_id}
        for place, part in enumerate(sound.whole.specimens):
            reported = reports.get(place)
            specimen_id = self.rows.add(Specimen, inside | part.given | {"reported": reported is not None})
            for number in dict.fromkeys(part.lesions or ()):
                self.rows.add(Covering, centre | {"specimen_id": specimen_id, "lesion_id": numbers[number]})
            if reported is None:
                continue
            report_id = self.rows.add(
                Report, centre | reported.values | {"specimen_id": specimen_id, "current": True}
            )
            stored.append(report_id)
            for said, about in zip(reported.results, reported.lesions, strict=True):
                lesion_id = numbers[about] if about is not None else None
                self.rows.add(Result, centre | said | {"report_id": report_id, "lesion_id": lesion_id})
        return stored

    def _recorder(self, operator_id: int | None) -> int | None:
        """Who brought the case in, unless that is the operator."""
        return self.actor_id if self.actor_id != operator_id else None


def _life(sounds: list[Sound]) -> Records:
    """What these cases together say of a new person's life; as services.course.vital settles it."""
    told = [sound.vital_status for sound in sounds if sound.vital_status]
    deaths = [one for one in told if one["vital"] is Vital.DEAD]
    alive = [
        PartialDate(one["as_of"], one["as_of_precision"]).first for one in told if one["vital"] is Vital.ALIVE
    ]
    alive += [sound.parts.examination.given["performed_on"] for sound in sounds if sound.parts is not None]
    linked = [
        one["complete_until"]
        for one in told
        if one["source"] is VitalSource.DEATH_LIST and one.get("complete_until")
    ]
    died = partial(deaths[0]["as_of"], deaths[0].get("as_of_precision")) if deaths else None
    last = max(alive, default=None)
    return {
        "vital": Vital.DEAD if died else Vital.ALIVE if alive else Vital.UNKNOWN,
        "died_on": died.day if died else None,
        "died_precision": died.precision if died else None,
        "last_alive_on": last,
        "linked_until": max(linked, default=None),
        "vital_conflict": certainly_before(died, last),
    }


_NO_COLUMNS = frozenset({"model", "id", "value"})
