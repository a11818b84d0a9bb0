"""What a lesion really is, and what pathologists would call it in a biopsy and when it is out."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from random import Random
from typing import Any

from registry.codes.lesion import Organ, Site
from registry.codes.pathology import (
    Budding,
    Depth,
    Differentiation,
    Finding,
    Lymphatic,
    Margin,
    Morphology,
    Ulceration,
    Venous,
    Vienna,
    ViennaVersion,
    WhoType,
)
from registry.exchange.made_up.chance import Among
from registry.exchange.made_up.hospitals import Hospital

Row = dict[str, Any]


class Nature(Enum):
    """What a lesion really is, from harmless to advanced."""

    POLYP = 0
    LOW = 1
    HIGH = 2
    EARLY = 3
    ADVANCED = 4


@dataclass(eq=False)
class Growth:
    """One lesion through its course: what it is, where, and as which rows it was seen."""

    nature: Nature
    site: Site
    size: int
    house: Hospital
    found: date
    lesions: list[Row] = field(default_factory=list)
    answered: date | None = None  # when the first pathology came
    resected_on: date | None = None
    staged: Row = field(default_factory=dict)
    treatments: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    tumour: Row | None = None

    @property
    def organ(self) -> Organ:
        return self.site.organ


VERSION = ViennaVersion.DIXON_2002
GRADES = Among({Differentiation.WELL: 30, Differentiation.MODERATE: 45, Differentiation.POOR: 25})
EARLY_GRADES = Among({Differentiation.WELL: 55, Differentiation.MODERATE: 33, Differentiation.POOR: 12})


def says(finding: Finding, vienna: Vienna | None, who: WhoType | None, **more: Any) -> Row:
    """The columns of one result."""
    told = {"finding": finding, "vienna": vienna, "who_type": who}
    return told | ({"vienna_version": VERSION} if vienna else {}) | more


def biopsy(rng: Random, growth: Growth) -> Row:
    """What forceps bring: often less than there is, and never depth."""
    squamous = growth.organ is Organ.OESOPHAGUS
    if rng.random() < 0.01:
        return says(Finding.INSUFFICIENT, None, None)
    if growth.nature is Nature.POLYP:
        kinds = WhoType.HYPERPLASTIC_POLYP, WhoType.FUNDIC_GLAND_POLYP, WhoType.INFLAMMATORY_POLYP
        return says(Finding.NON_NEOPLASTIC, Vienna.NEGATIVE, rng.choice(kinds))
    dysplasia = WhoType.SQUAMOUS_DYSPLASIA if squamous else WhoType.GLANDULAR_DYSPLASIA
    if growth.nature is Nature.LOW:
        low = Morphology.SQUAMOUS_LOW_GRADE if squamous else Morphology.GLANDULAR_LOW_GRADE
        return says(Finding.NEOPLASIA, Vienna.LOW_GRADE, dysplasia, morphology=low)
    if growth.nature is Nature.HIGH or (growth.nature is Nature.EARLY and rng.random() < 0.4):
        high = Morphology.SQUAMOUS_HIGH_GRADE if squamous else Morphology.GLANDULAR_HIGH_GRADE
        if growth.organ.colorectal:
            return says(Finding.NEOPLASIA, Vienna.ADENOMA_HIGH_GRADE, WhoType.TUBULAR_ADENOMA)
        category = Vienna.CARCINOMA_IN_SITU if rng.random() < 0.4 else Vienna.ADENOMA_HIGH_GRADE
        return says(Finding.NEOPLASIA, category, dysplasia, morphology=high)
    grade = (EARLY_GRADES if growth.nature is Nature.EARLY else GRADES).pick(rng)
    advanced = growth.nature is Nature.ADVANCED and rng.random() < 0.5
    stated = Vienna.SUBMUCOSAL if advanced else None
    return says(Finding.NEOPLASIA, stated, carcinoma(growth.organ, grade), differentiation=grade)


def carcinoma(organ: Organ, grade: Differentiation) -> WhoType:
    """WHO type of a carcinoma of this organ and grade."""
    if organ is Organ.OESOPHAGUS:
        return WhoType.SQUAMOUS_CARCINOMA
    signet = organ is Organ.STOMACH and grade is Differentiation.POOR
    return WhoType.SIGNET_RING if signet else WhoType.ADENOCARCINOMA


def morphology(organ: Organ, invasive: bool) -> Morphology:
    """The usual ICD-O-3 morphology of a tumour of this organ."""
    if organ is Organ.OESOPHAGUS:
        return Morphology.SQUAMOUS if invasive else Morphology.SQUAMOUS_HIGH_GRADE
    if organ.colorectal:
        return Morphology.ADENOCARCINOMA if invasive else Morphology.ADENOCARCINOMA_IN_SITU
    return Morphology.ADENOCARCINOMA if invasive else Morphology.GLANDULAR_HIGH_GRADE


def resected(rng: Random, growth: Growth, en_bloc: bool) -> Row:
    """What the whole lesion shows under the microscope: grade, depth, edges, vessels."""
    organ, squamous = growth.organ, growth.organ is Organ.OESOPHAGUS
    if growth.nature is Nature.HIGH and rng.random() < 0.06:
        return says(Finding.NO_RESIDUAL, None, None)
    size = max(2, round(growth.size * rng.uniform(0.8, 1.15)))
    clear = Margin.CLEAR if rng.random() < (0.97 if en_bloc else 0.7) else Margin.INVOLVED
    deep = Margin.CLEAR if rng.random() < 0.97 else Margin.INVOLVED
    edges: Row = {"horizontal_margin": clear, "vertical_margin": deep, "size_mm": size}
    edges["r0"] = en_bloc and clear is Margin.CLEAR and deep is Margin.CLEAR
    if growth.nature is Nature.HIGH and rng.random() < 0.55:
        layer = Depth.EP if squamous else Depth.M
        kind = WhoType.SQUAMOUS_DYSPLASIA if squamous else WhoType.GLANDULAR_DYSPLASIA
        kind = WhoType.TUBULAR_ADENOMA if organ.colorectal else kind
        category = Vienna.ADENOMA_HIGH_GRADE if organ.colorectal else Vienna.CARCINOMA_IN_SITU
        return says(Finding.NEOPLASIA, category, kind, depth=layer, **edges)
    grade = EARLY_GRADES.pick(rng)
    depth, microns = _depth(rng, growth)
    inside = depth.intramucosal
    vessels: Row = {
        "lymphatic": Lymphatic.PRESENT if rng.random() < (0.02 if inside else 0.18) else Lymphatic.ABSENT,
        "venous": Venous.PRESENT if rng.random() < (0.01 if inside else 0.1) else Venous.ABSENT,
        "ulceration": Ulceration.PRESENT if rng.random() < 0.12 else Ulceration.ABSENT,
        "differentiation": grade,
        "depth": depth,
        "depth_um": microns,
    }
    if organ.colorectal:
        vessels["budding"] = Budding.LOW if rng.random() < 0.8 else Budding.INTERMEDIATE
        vessels["ulceration"] = None
    category = Vienna.INTRAMUCOSAL if inside else Vienna.SUBMUCOSAL
    return says(Finding.NEOPLASIA, category, carcinoma(organ, grade), **edges, **vessels)


def excised(rng: Random, growth: Growth, depth: Depth) -> Row:
    """What the surgeon's specimen of an advanced cancer shows."""
    grade = GRADES.pick(rng)
    return says(
        Finding.NEOPLASIA,
        Vienna.SUBMUCOSAL,
        carcinoma(growth.organ, grade),
        differentiation=grade,
        depth=depth,
        size_mm=growth.size,
        lymphatic=Lymphatic.PRESENT if rng.random() < 0.55 else Lymphatic.ABSENT,
        venous=Venous.PRESENT if rng.random() < 0.35 else Venous.ABSENT,
        horizontal_margin=Margin.CLEAR,
        vertical_margin=Margin.CLEAR,
    )


def _depth(rng: Random, growth: Growth) -> tuple[Depth, int | None]:
    """Layer and, in the submucosa, µm; the high-grade that turns out a cancer is mucosal."""
    mucosal = growth.nature is Nature.HIGH or rng.random() < (0.45 if growth.organ.colorectal else 0.74)
    if mucosal:
        if growth.organ is Organ.OESOPHAGUS:
            return rng.choice((Depth.LPM, Depth.LPM, Depth.MM)), None
        return Depth.M, None
    limit = {Organ.OESOPHAGUS: 200, Organ.STOMACH: 499}.get(growth.organ, 999)
    microns = rng.randint(50, limit) if rng.random() < 0.5 else rng.randint(limit + 50, limit + 1500)
    return (Depth.SM1 if microns <= limit else Depth.SM2), microns
