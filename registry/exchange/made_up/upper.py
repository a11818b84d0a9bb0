"""A gastroscopy: how well it was done, what was found, what was taken."""

from datetime import date
from random import Random
from typing import Any

from registry.codes.endoscopy import (
    ExaminationType,
    Extent,
    IncompleteReason,
    Indication,
    Kimura,
    LosAngeles,
    Sedation,
    SiteSeen,
    Visibility,
)
from registry.codes.lesion import Borrmann, Impression, Jes, Organ, Paris, Site
from registry.codes.pathology import Finding, Method
from registry.exchange.made_up.chance import Among, around
from registry.exchange.made_up.growth import Growth, Nature, biopsy, says
from registry.exchange.made_up.hospitals import Doctor, Hospital
from registry.exchange.made_up.names import SCOPES
from registry.exchange.made_up.story import Row, Story
from registry.models import Background
from registry.models.examination import UPPER_SITES

STOMACH = {
    Nature.POLYP: 0.085,
    Nature.LOW: 0.011,
    Nature.HIGH: 0.0032,
    Nature.EARLY: 0.0040,
    Nature.ADVANCED: 0.0042,
}
OESOPHAGUS = {Nature.LOW: 0.004, Nature.HIGH: 0.0011, Nature.EARLY: 0.0013, Nature.ADVANCED: 0.0016}
SITES = {
    Organ.STOMACH: Among(
        {
            Site.ANTRUM: 38,
            Site.LESSER_CURVE: 22,
            Site.GASTRIC_BODY: 18,
            Site.CARDIA: 15,
            Site.FUNDUS: 5,
            Site.PYLORUS: 2,
        }
    ),
    Organ.OESOPHAGUS: Among(
        {Site.OESOPHAGUS_MIDDLE: 55, Site.OESOPHAGUS_LOWER: 32, Site.OESOPHAGUS_UPPER: 13}
    ),
}
INDICATIONS = Among(
    {
        Indication.SYMPTOMS: 48,
        Indication.SCREENING_OPPORTUNISTIC: 20,
        Indication.SCREENING_ORGANISED: 14,
        Indication.CHECK_UP: 12,
        Indication.SURVEILLANCE: 6,
    }
)
SEDATION = Among({Sedation.NONE: 42, Sedation.SEDATION: 57, Sedation.GENERAL: 1})
SHAPES = {
    Nature.POLYP: Among({Paris.IS: 60, Paris.ISP: 25, Paris.IP: 15}),
    Nature.LOW: Among({Paris.IIA: 60, Paris.IIB: 40}),
    Nature.HIGH: Among({Paris.IIA: 40, Paris.IIC: 30, Paris.IIB: 20, Paris.IIA_IIC: 10}),
    Nature.EARLY: Among({Paris.IIC: 38, Paris.IIA_IIC: 22, Paris.IIA: 20, Paris.IS_IIA: 8, Paris.IIB: 12}),
}
LOOKS = {
    Nature.POLYP: Among({Impression.BENIGN: 100}),
    Nature.LOW: Among({Impression.BENIGN: 45, Impression.NEOPLASIA: 55}),
    Nature.HIGH: Among({Impression.NEOPLASIA: 65, Impression.EARLY: 35}),
    Nature.EARLY: Among({Impression.EARLY: 75, Impression.NEOPLASIA: 25}),
    Nature.ADVANCED: Among({Impression.ADVANCED: 94, Impression.EARLY: 6}),
}
BORRMANN = Among(
    {Borrmann.POLYPOID: 8, Borrmann.ULCERATIVE: 38, Borrmann.INFILTRATIVE: 42, Borrmann.DIFFUSE: 12}
)
MILLIMETRES = {
    Nature.POLYP: (5, 2, 2, 20),
    Nature.LOW: (9, 4, 3, 30),
    Nature.HIGH: (14, 6, 4, 50),
    Nature.EARLY: (19, 8, 5, 60),
    Nature.ADVANCED: (43, 15, 15, 120),
}
ATROPHY = (
    Among({Kimura.C0: 55, Kimura.C1: 30, Kimura.C2: 12, Kimura.O1: 3}),
    Among(
        {Kimura.C0: 22, Kimura.C1: 30, Kimura.C2: 22, Kimura.C3: 10, Kimura.O1: 9, Kimura.O2: 5, Kimura.O3: 2}
    ),
)
REFLUX = Among({LosAngeles.N: 82, LosAngeles.A: 11, LosAngeles.B: 5, LosAngeles.C: 1.5, LosAngeles.D: 0.5})
ALL_SEEN = dict.fromkeys(UPPER_SITES, SiteSeen.PHOTOGRAPHED)
VISIBILITY = Among({Visibility.GOOD: 78, Visibility.FAIR: 19, Visibility.POOR: 3})


def gastroscopy(
    story: Story, house: Hospital, doctor: Doctor, day: date, indication: Indication | None = None
) -> list[Growth]:
    """One examination and what grows there; biopsies are taken and, in time, answered."""
    rng = story.rng
    examination = story.examine(
        house,
        day,
        doctor,
        type=ExaminationType.OGD,
        indication=indication or INDICATIONS.pick(rng),
        **_quality(rng, doctor),
    )
    if rng.random() < 0.45:
        _background(story, examination)
    if rng.random() < 0.2:
        specimen = story.specimen(
            house, examination, [], method=Method.FORCEPS, pieces=rng.randint(1, 5), origin="胃窦、胃体"
        )
        story.report(house, specimen, [says(Finding.GASTRITIS, None, None, origin="胃窦、胃体")])
    found = []
    risk = min(3.5, max(0.02, ((day.year - story.born.year - 15) / 42) ** 3))
    for organ, chances in ((Organ.STOMACH, STOMACH), (Organ.OESOPHAGUS, OESOPHAGUS)):
        for nature, chance in chances.items():
            if nature is not Nature.POLYP:
                chance *= risk * (1 if nature is Nature.ADVANCED else doctor.detects)
            if rng.random() < chance:
                found.append(_grow(story, house, examination, organ, nature))
    return found


def work_up(story: Story, house: Hospital, doctor: Doctor, day: date, growth: Growth) -> Row:
    """A known growth looked at again where it will be treated; the lesion as seen there."""
    rng = story.rng
    examination = story.examine(
        house, day, doctor, type=ExaminationType.OGD, indication=Indication.WORK_UP, **_quality(rng, doctor)
    )
    return see(story, examination, growth, same_as_id=growth.lesions[-1]["id"])


def see(story: Story, examination: Row, growth: Growth, **more: Any) -> Row:
    """The growth as a lesion of this examination."""
    rng, nature = story.rng, growth.nature
    looks: Row = {"impression": LOOKS[nature].pick(rng)}
    if nature is Nature.ADVANCED:
        looks["borrmann"] = BORRMANN.pick(rng)
    else:
        looks["paris"] = SHAPES[nature].pick(rng)
    if growth.organ is Organ.OESOPHAGUS and nature is not Nature.ADVANCED:
        looks["jes"] = Jes.A if nature is Nature.LOW else rng.choice((Jes.B1, Jes.B1, Jes.B2))
    size = None if rng.random() < 0.02 else growth.size
    lesion = story.lesion(examination, site=growth.site, size_mm=size, **looks, **more)
    growth.lesions.append(lesion)
    return lesion


def _grow(story: Story, house: Hospital, examination: Row, organ: Organ, nature: Nature) -> Growth:
    rng = story.rng
    size = round(around(rng, *MILLIMETRES[nature]))
    growth = Growth(nature, SITES[organ].pick(rng), size, house, examination["performed_on"])
    lesion = see(story, examination, growth)
    if nature.value >= Nature.HIGH.value or rng.random() < 0.85:
        pieces = rng.randint(1, 3) if nature is Nature.POLYP else rng.randint(2, 6)
        specimen = story.specimen(house, examination, [lesion], method=Method.FORCEPS, pieces=pieces)
        result = biopsy(rng, growth) | {"lesion_id": lesion["id"]}
        growth.answered = story.report(house, specimen, [result])
    return growth


def _quality(rng: Random, doctor: Doctor) -> Row:
    quality: Row = dict(ALL_SEEN)
    quality["extent"] = Extent.D2
    if rng.random() > doctor.thorough:
        for site in rng.sample(UPPER_SITES, rng.randint(1, 3)):
            quality[site] = SiteSeen.SEEN if rng.random() < 0.75 else SiteSeen.NOT_SEEN
    if rng.random() < 0.012:
        quality[rng.choice(UPPER_SITES)] = None
    if rng.random() < 0.006:
        quality |= {"seen_bulb": SiteSeen.NOT_SEEN, "seen_d2": SiteSeen.NOT_SEEN, "extent": Extent.STOMACH}
        quality["incomplete_reason"] = rng.choice((IncompleteReason.STRICTURE, IncompleteReason.INTOLERANCE))
    return quality | {
        "sedation": SEDATION.pick(rng),
        "scope": rng.choice(SCOPES[0]),
        "photos": rng.randint(24, 52),
        "upper_minutes": None if rng.random() < 0.04 else round(around(rng, 6.8, 2.0, 2.5, 30), 1),
        "visibility": VISIBILITY.pick(rng),
        "imaging_wli": True,
        "imaging_nbi": rng.random() < 0.45,
    }


def _background(story: Story, examination: Row) -> None:
    rng = story.rng
    older = (examination["age"] or 50) >= 50
    story.add(
        Background,
        centre_id=examination["centre_id"],
        examination_id=examination["id"],
        kimura=ATROPHY[older].pick(rng),
        los_angeles=REFLUX.pick(rng),
    )
