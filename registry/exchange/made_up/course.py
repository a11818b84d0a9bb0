"""What follows a finding: treatment, often in the city; stage; contacts; life or death."""

import math
from datetime import date, timedelta
from random import Random
from types import ModuleType
from typing import Any

from registry.codes.endoscopy import (
    AdverseKind,
    AdverseOutcome,
    Agree,
    ExaminationType,
    Extent,
    Indication,
    Intervention,
    Sedation,
)
from registry.codes.outcome import (
    Completeness,
    ContactMode,
    ContactOutcome,
    Intent,
    Recurrence,
    TreatmentType,
)
from registry.codes.pathology import Method
from registry.codes.person import Precision
from registry.codes.tumour import StageGroup
from registry.exchange.made_up import lower, stage, upper
from registry.exchange.made_up.chance import Among, later
from registry.exchange.made_up.growth import Growth, Nature, excised, resected
from registry.exchange.made_up.hospitals import Hospital
from registry.exchange.made_up.story import Row, Story
from registry.models import AdverseEvent, Examination, FollowUp, Treatment

SURGICAL = Among({TreatmentType.SURGERY: 72, TreatmentType.CHEMOTHERAPY: 22, TreatmentType.SUPPORTIVE: 6})
PALLIATIVE = Among({TreatmentType.CHEMOTHERAPY: 58, TreatmentType.SUPPORTIVE: 30, TreatmentType.SURGERY: 12})
DUE = {Nature.POLYP: None, Nature.LOW: 365, Nature.HIGH: 180, Nature.EARLY: 180, Nature.ADVANCED: 90}
REASONS = {
    Nature.LOW: "低级别上皮内瘤变复查",
    Nature.HIGH: "高级别上皮内瘤变随访",
    Nature.EARLY: "早癌治疗后随访",
    Nature.ADVANCED: "癌症随访",
}
ANSWERS = Among(
    {
        ContactOutcome.ALIVE: 62,
        ContactOutcome.BOOKED: 16,
        ContactOutcome.NO_ANSWER: 16,
        ContactOutcome.DECLINED: 6,
    }
)


def follow(story: Story, growth: Growth, referral: Hospital) -> None:
    """Lead a growth from the day it was found to today, at the house that found it and where it refers."""
    if growth.nature.value >= Nature.HIGH.value:
        group = stage.GROUPS.pick(story.rng) if growth.nature is Nature.ADVANCED else None
        _fate(story, growth, group)
        if group is None:
            _resect(story, growth, referral)
        elif growth.answered:
            growth.staged = stage.advanced(story.rng, group)
            _treat(story, growth, growth.answered, group, referral)
    _contacts(story, growth)


def background_death(rng: Random, age: int) -> int:
    """Days until death from anything else, rising with age as it does (Gompertz)."""
    hazard = 0.00035 * math.exp(0.085 * (age - 30))
    return int(math.log1p(-0.085 * math.log(1 - rng.random()) / hazard) / 0.085 * 365.25)


def _fate(story: Story, growth: Growth, group: StageGroup | None) -> None:
    """When the cancer kills, if it does before anything else."""
    survival = stage.five_years(growth.nature, group)
    days = story.rng.expovariate(-math.log(survival) / 1826)
    day = growth.found + timedelta(days=min(int(days), 40_000) + 1)
    if story.died is None or day < story.died:
        story.died = max(day, _last_event(story) + timedelta(days=1))
        story.died_of = growth.site.code


def _last_event(story: Story) -> date:
    return max(row["performed_on"] for row in story.rows[Examination])


def _resect(story: Story, growth: Growth, referral: Hospital) -> None:
    """Endoscopic resection once pathology has answered: where ESD is done, not where it was found."""
    rng = story.rng
    if growth.answered is None or story.room < 1:
        return
    day = later(rng, growth.answered, 5, 40)
    if rng.random() < 0.07 or not story.can(day):
        if story.can(day) and rng.random() < 0.4:
            growth.treatments.append(_given(story, growth.house, growth, None, None, refused=True))
        return
    house = referral
    above = growth.organ.upper
    doctor = house.rota.pick(rng)
    kind = ExaminationType.THERAPEUTIC_UPPER if above else ExaminationType.THERAPEUTIC_LOWER
    examination = story.examine(
        house,
        day,
        doctor,
        type=kind,
        indication=Indication.THERAPY,
        sedation=Sedation.GENERAL if rng.random() < 0.7 else Sedation.SEDATION,
        extent=Extent.STOMACH if above else None,
        imaging_wli=True,
        imaging_nbi=True,
        imaging_magnifying=rng.random() < 0.6,
        photos=rng.randint(30, 80),
    )
    seen = scope_of(growth).see(story, examination, growth, same_as_id=growth.lesions[-1]["id"])
    dissected = above or growth.size >= 20 or rng.random() < 0.3
    en_bloc = rng.random() < (0.95 if dissected else 0.8)
    specimen = story.specimen(
        house,
        examination,
        [seen],
        method=Method.ESD if dissected else Method.EMR,
        pieces=1 if en_bloc else rng.randint(2, 4),
        en_bloc=en_bloc,
    )
    result = resected(rng, growth, en_bloc)
    growth.resected_on = day
    if story.report(house, specimen, [result | {"lesion_id": seen["id"]}]) and _is_cancer(result):
        growth.staged = stage.early(growth.organ, result["depth"])
    growth.treatments.append(
        _given(
            story,
            house,
            growth,
            TreatmentType.ESD if dissected else TreatmentType.EMR,
            day,
            examination_id=examination["id"],
            intent=Intent.CURATIVE,
            completeness=Completeness.COMPLETE,
        )
    )
    _mishap(story, examination, 0.025 if dissected else 0.008)
    _look_again(story, growth, day)


def _is_cancer(result: Row) -> bool:
    return result["who_type"] is not None and result["who_type"].is_carcinoma


def _look_again(story: Story, growth: Growth, day: date) -> None:
    """Surveillance after the resection, at the house that found it."""
    rng, home = story.rng, growth.house
    for months in (3, 6, 12, 24, 36, 48):
        again = later(rng, day, months * 30, months * 30 + 25)
        if rng.random() < 0.35 or not story.can(again) or story.room < 1:
            continue
        doctor = home.rota.pick(rng)
        scope = upper.gastroscopy if growth.organ.upper else lower.colonoscopy
        scope(story, home, doctor, again, Indication.SURVEILLANCE)


def _treat(story: Story, growth: Growth, answered: date, group: StageGroup, referral: Hospital) -> None:
    """Surgery, medicine, care; or a refusal."""
    rng = story.rng
    day = later(rng, answered, 4, 30)
    if not story.can(day) or rng.random() < 0.06:
        return
    story.enrol(referral, day)
    if rng.random() < 0.04:
        growth.treatments.append(_given(story, referral, growth, None, None, refused=True))
        return
    kind = (PALLIATIVE if group is StageGroup.IV else SURGICAL).pick(rng)
    curative = group is not StageGroup.IV and kind is TreatmentType.SURGERY
    if kind is TreatmentType.SURGERY:
        _operate(story, growth, group, referral, answered, day)
    growth.treatments.append(
        _given(
            story,
            referral,
            growth,
            kind,
            day,
            intent=Intent.CURATIVE if curative else Intent.PALLIATIVE,
            completeness=Completeness.COMPLETE if curative else Completeness.UNKNOWN,
        )
    )


def _operate(
    story: Story, growth: Growth, group: StageGroup, referral: Hospital, answered: date, day: date
) -> None:
    """The surgeon's specimen, whose report tells the depth; a house that operates looks itself first."""
    lesion = growth.lesions[-1]
    examination = next(row for row in story.rows[Examination] if row["id"] == lesion["examination_id"])
    if referral is not growth.house:
        if story.room < 1:
            return
        before = later(story.rng, answered, 1, max(1, (day - answered).days - 1))
        lesion = scope_of(growth).work_up(story, referral, referral.rota.pick(story.rng), before, growth)
        examination = next(row for row in story.rows[Examination] if row["id"] == lesion["examination_id"])
    specimen = story.specimen(
        referral, examination, [lesion], method=Method.SURGERY, pieces=1, en_bloc=True, taken_on=day
    )
    result = excised(story.rng, growth, stage.depth(group))
    growth.resected_on = day
    story.report(referral, specimen, [result | {"lesion_id": lesion["id"]}])


def scope_of(growth: Growth) -> ModuleType:
    """Gastroscopy or colonoscopy, whichever reaches it."""
    return upper if growth.organ.upper else lower


def _given(
    story: Story, house: Hospital, growth: Growth, kind: TreatmentType | None, day: date | None, **more: Any
) -> Row:
    exact = None if day is None else Precision.DAY
    return story.add(
        Treatment,
        person_id=story.person["id"],
        centre_id=house.id,
        type=kind,
        started_on=day,
        started_precision=exact,
        **more,
    )


def _mishap(story: Story, examination: Row, chance: float) -> None:
    """Bleeding or perforation now and then, mostly mended through the endoscope."""
    rng = story.rng
    if rng.random() >= chance:
        return
    bleeding = rng.random() < 0.7
    grave = rng.random() < 0.15
    examination |= {"any_adverse_event": True, "contact_30d": True}
    story.add(
        AdverseEvent,
        centre_id=examination["centre_id"],
        examination_id=examination["id"],
        kind=AdverseKind.BLEEDING if bleeding else AdverseKind.PERFORATION,
        onset_on=examination["performed_on"],
        agree=Agree.IIIB if grave else Agree.IIIA,
        outcome=AdverseOutcome.RECOVERED,
        intervention=Intervention.SURGERY if grave and not bleeding else Intervention.ENDOSCOPIC,
        haemoglobin_drop=rng.randint(30, 45)
        if grave and bleeding
        else (rng.randint(5, 25) if bleeding else None),
        transfusion=grave if bleeding else False,
    )


def _contacts(story: Story, growth: Growth) -> None:
    """When the next look is due, and the calls that were made since."""
    rng, interval = story.rng, DUE[growth.nature]
    if interval is None or growth.answered is None:
        return
    above = growth.organ.upper
    what = ExaminationType.OGD if above else ExaminationType.COLONOSCOPY
    told = {"next_due_what": what, "next_due_reason": REASONS[growth.nature]}
    day, mode, outcome = growth.found, ContactMode.CLINIC, ContactOutcome.ATTENDED
    while True:
        recurrence = Recurrence.NONE if growth.resected_on and outcome.proves_alive else None
        due = day + timedelta(days=interval)
        contact = story.add(
            FollowUp,
            person_id=story.person["id"],
            centre_id=growth.house.id,
            contacted_on=day,
            mode=mode,
            outcome=outcome,
            recurrence=recurrence,
            next_due_on=due,
            **told,
        )
        growth.contacts.append(contact)
        day = later(rng, due, -20, 45)
        if not story.can(day) or rng.random() < 0.16:
            return
        contact["settled"] = True
        mode, outcome = (ContactMode.PHONE, ANSWERS.pick(rng))
