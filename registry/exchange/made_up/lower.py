"""A colonoscopy: preparation, how far, how long, and the polyps that were taken on the way."""

from datetime import date
from random import Random
from typing import Any

from registry.codes.endoscopy import ExaminationType, Extent, IncompleteReason, Indication
from registry.codes.lesion import Impression, Jnet, Lst, Paris, Site
from registry.codes.pathology import Finding, Method, Morphology, Vienna, WhoType
from registry.codes.person import Missing
from registry.exchange.made_up.chance import Among, around
from registry.exchange.made_up.growth import Growth, Nature, biopsy, says
from registry.exchange.made_up.hospitals import Doctor, Hospital
from registry.exchange.made_up.names import SCOPES
from registry.exchange.made_up.story import Row, Story
from registry.exchange.made_up.upper import BORRMANN, LOOKS, MILLIMETRES, SEDATION

GROWS = {Nature.LOW: 0.205, Nature.HIGH: 0.006, Nature.EARLY: 0.0045, Nature.ADVANCED: 0.0125}
SERRATED = 0.055
SITES = Among(
    {
        Site.RECTUM: 24,
        Site.SIGMOID: 28,
        Site.DESCENDING: 12,
        Site.TRANSVERSE: 13,
        Site.ASCENDING: 14,
        Site.CAECUM: 6,
        Site.RECTOSIGMOID: 3,
    }
)
SHAPES = Among({Paris.IS: 48, Paris.ISP: 17, Paris.IP: 11, Paris.IIA: 24})
SHORT_OF = Among(
    {Extent.ASCENDING: 22, Extent.HEPATIC: 26, Extent.TRANSVERSE: 20, Extent.SPLENIC: 12, Extent.SIGMOID: 20}
)
WHY = Among(
    {
        IncompleteReason.POOR_PREPARATION: 34,
        IncompleteReason.LOOPING: 24,
        IncompleteReason.INTOLERANCE: 20,
        IncompleteReason.STRICTURE: 16,
        IncompleteReason.ANATOMICAL_VARIANT: 6,
    }
)
INDICATIONS = Among(
    {
        Indication.SYMPTOMS: 42,
        Indication.SCREENING_OPPORTUNISTIC: 20,
        Indication.POSITIVE_TEST: 14,
        Indication.CHECK_UP: 14,
        Indication.SURVEILLANCE: 10,
    }
)


def colonoscopy(
    story: Story, house: Hospital, doctor: Doctor, day: date, indication: Indication | None = None
) -> list[Growth]:
    """One examination; polyps come out at once, what needs more than a snare waits."""
    rng = story.rng
    examination = story.examine(
        house,
        day,
        doctor,
        type=ExaminationType.COLONOSCOPY,
        indication=indication or INDICATIONS.pick(rng),
        **_quality(rng, house, doctor),
    )
    found = []
    risk = min(2.2, max(0.12, ((day.year - story.born.year - 15) / 42) ** 1.6))
    for nature, chance in GROWS.items():
        if rng.random() < chance * risk * (1 if nature is Nature.ADVANCED else doctor.detects):
            found.append(_grow(story, house, examination, nature))
    if rng.random() < SERRATED * doctor.detects:
        _serrated(story, house, examination)
    return found


def work_up(story: Story, house: Hospital, doctor: Doctor, day: date, growth: Growth) -> Row:
    """A known growth looked at again where it will be treated; the lesion as seen there."""
    quality = _quality(story.rng, house, doctor)
    examination = story.examine(
        house, day, doctor, type=ExaminationType.COLONOSCOPY, indication=Indication.WORK_UP, **quality
    )
    return see(story, examination, growth, same_as_id=growth.lesions[-1]["id"])


def see(story: Story, examination: Row, growth: Growth, **more: Any) -> Row:
    """The growth as a lesion of this examination."""
    rng, nature = story.rng, growth.nature
    looks: Row = {"impression": LOOKS[nature].pick(rng) if nature is not Nature.LOW else Impression.NEOPLASIA}
    if nature is Nature.ADVANCED:
        looks["borrmann"] = BORRMANN.pick(rng)
    else:
        looks["paris"] = SHAPES.pick(rng)
        looks["jnet"] = Jnet.TYPE_2A if nature is Nature.LOW else rng.choice((Jnet.TYPE_2A, Jnet.TYPE_2B))
        if growth.size >= 20:
            looks["lst"] = rng.choice((Lst.GRANULAR_NODULAR, Lst.FLAT_ELEVATED))
    lesion = story.lesion(examination, site=growth.site, size_mm=growth.size, **looks, **more)
    growth.lesions.append(lesion)
    return lesion


def _grow(story: Story, house: Hospital, examination: Row, nature: Nature) -> Growth:
    rng = story.rng
    if nature is Nature.LOW:
        return _adenomas(story, house, examination)
    size = round(around(rng, *MILLIMETRES[nature]))
    growth = Growth(nature, SITES.pick(rng), size, house, examination["performed_on"])
    lesion = see(story, examination, growth)
    specimen = story.specimen(house, examination, [lesion], method=Method.FORCEPS, pieces=rng.randint(2, 5))
    growth.answered = story.report(house, specimen, [biopsy(rng, growth) | {"lesion_id": lesion["id"]}])
    return growth


def _adenomas(story: Story, house: Hospital, examination: Row) -> Growth:
    """One to four adenomas, each snared; the first stands for the person's follow-up."""
    rng, day = story.rng, examination["performed_on"]
    grown: list[Growth] = []
    for _ in range(rng.choices((1, 2, 3, 4), (66, 22, 8, 4))[0]):
        size = round(around(rng, 6.5, 4.5, 2, 30))
        growth = Growth(Nature.LOW, SITES.pick(rng), size, house, day)
        lesion = see(story, examination, growth)
        method = Method.EMR if size >= 10 else Method.COLD_SNARE
        lost = rng.random() < 0.03
        specimen = story.specimen(
            house, examination, [lesion], method=method, pieces=1, en_bloc=True, retrieved=not lost
        )
        if not lost:
            growth.answered = story.report(
                house, specimen, [_adenoma(rng, size) | {"lesion_id": lesion["id"]}]
            )
        grown.append(growth)
    return grown[0]


def _adenoma(rng: Random, size: int) -> Row:
    villous = rng.random() < (0.3 if size >= 10 else 0.04)
    high = rng.random() < (0.1 if size >= 10 else 0.008)
    if villous:
        shape = Morphology.TUBULOVILLOUS_ADENOMA_HIGH_GRADE if high else Morphology.TUBULOVILLOUS_ADENOMA
    else:
        shape = Morphology.TUBULAR_ADENOMA_HIGH_GRADE if high else Morphology.TUBULAR_ADENOMA
    return says(
        Finding.NEOPLASIA,
        Vienna.ADENOMA_HIGH_GRADE if high else Vienna.LOW_GRADE,
        WhoType.TUBULOVILLOUS_ADENOMA if villous else WhoType.TUBULAR_ADENOMA,
        morphology=shape,
    )


def _serrated(story: Story, house: Hospital, examination: Row) -> None:
    rng = story.rng
    sessile = rng.random() < 0.3
    growth = Growth(
        Nature.POLYP,
        SITES.pick(rng),
        round(around(rng, 9 if sessile else 4, 3, 2, 25)),
        house,
        examination["performed_on"],
    )
    lesion = story.lesion(
        examination,
        site=growth.site,
        size_mm=growth.size,
        paris=Paris.IIA if sessile else Paris.IS,
        impression=Impression.BENIGN,
    )
    specimen = story.specimen(house, examination, [lesion], method=Method.COLD_SNARE, pieces=1, en_bloc=True)
    kind = WhoType.SSL if sessile else WhoType.HYPERPLASTIC_POLYP
    told = says(Finding.NON_NEOPLASTIC, None, kind, morphology=Morphology.SERRATED if sessile else None)
    story.report(house, specimen, [told | {"lesion_id": lesion["id"]}])


def _quality(rng: Random, house: Hospital, doctor: Doctor) -> Row:
    good = rng.random() < house.prepares
    segments = [rng.choice((2, 2, 3, 3, 3)) for _ in range(3)]
    if not good:
        segments[rng.randrange(3)] = rng.choice((0, 1, 1, 1))
    quality: Row = {
        "bbps_right": segments[0],
        "bbps_transverse": segments[1],
        "bbps_left": segments[2],
        "bbps_total": sum(segments),
        "sedation": SEDATION.pick(rng),
        "scope": rng.choice(SCOPES[1]),
        "photos": rng.randint(12, 40),
        "imaging_wli": True,
        "imaging_nbi": rng.random() < 0.5,
        "withdrawal_min": round(around(rng, doctor.withdrawal, 1.7, 2.5, 30), 1),
    }
    untold = rng.random()
    if untold < 0.05:
        quality |= dict.fromkeys(("bbps_right", "bbps_transverse", "bbps_left"))
        if untold < 0.012:
            quality["bbps_total"] = None
    if rng.random() < 0.02:
        quality |= {"withdrawal_min": None, "withdrawal_missing": Missing.NOT_MEASURED}
    return quality | _reach(rng, doctor, good)


def _reach(rng: Random, doctor: Doctor, good: bool) -> Row:
    if rng.random() < doctor.reaches - (0 if good else 0.08):
        farther = Extent.TERMINAL_ILEUM if rng.random() < 0.35 else Extent.CAECUM
        return {"caecum_reached": True, "caecum_photo": rng.random() < 0.975, "extent": farther}
    extent = SHORT_OF.pick(rng)
    told: Row = {
        "caecum_reached": False,
        "caecum_photo": False,
        "extent": extent,
        "incomplete_reason": WHY.pick(rng),
    }
    unseen = ["bbps_right"] if extent is not Extent.SIGMOID else ["bbps_right", "bbps_transverse"]
    for segment in unseen if extent is not Extent.ASCENDING else []:
        told |= {segment: None, f"{segment}_missing": Missing.NOT_APPLICABLE, "bbps_total": None}
    return told
