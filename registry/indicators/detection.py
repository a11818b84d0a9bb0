"""How indicators of what was found are made, in persons: early share, adenoma and early-cancer detection."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Boolean, and_, cast, null, or_

from registry import models
from registry.codes.lesion import COLORECTUM as LARGE_BOWEL
from registry.codes.lesion import Organ, Site
from registry.indicators.early import cancer, early_extent, high_grade, of_organ
from registry.indicators.endoscopy import COLONOSCOPY, OGD
from registry.indicators.indicator import Counts, Evidence, Indicator, Mark, Source, Words
from registry.indicators.sources import ALLIANCE, NHC, NHC_EDITION
from registry.label import Label

# Columns as expressions: a type checker takes a nullable one for no condition.
Lesion: Any = models.Lesion
Tumour: Any = models.Tumour

KNOWN_ONLY = Label(
    "浸润深度未知（pT 亦未记）或待病理者", "Depth unknown, by T as well, or its report awaited"
)
KNOWN_BEFORE = Label("已知癌再次检查", "A cancer known before that is scoped again")
WITHIN = {
    Organ.OESOPHAGUS: Label("限于黏膜层，不论淋巴结", "confined to the mucosa, whatever the nodes"),
    Organ.STOMACH: Label(
        "限于黏膜层或黏膜下层，不论淋巴结", "confined to mucosa or submucosa, whatever the nodes"
    ),
    Organ.COLON: Label(
        "限于黏膜层或黏膜下层，不论淋巴结", "confined to mucosa or submucosa, whatever the nodes"
    ),
}
NAMES = {
    Organ.OESOPHAGUS: Label("食管", "oesophageal"),
    Organ.STOMACH: Label("胃", "gastric"),
    Organ.COLON: Label("结直肠", "colorectal"),
}


def early_share(number: str, organ: Organ) -> Indicator:
    """Early cancers among all cancers of an organ that were found, CDEI-12, 13 and 15."""
    examined, scope = examined_for(organ)
    named = {"organ": NAMES[organ], "within": WITHIN[organ], "scope": scope}
    return Indicator(
        key=f"CDEI-{number}",
        label=Label("%(organ)s癌早期诊断率", "Early share of %(organ)s cancer") % named,
        edition=NHC_EDITION,
        source=NHC,
        clause=f"CDEI-{number}",
        counts=Counts.PERSONS,
        base=Source.TUMOUR,
        words=Words(
            Label("早期%(organ)s癌患者：%(within)s", "Persons with early %(organ)s cancer: %(within)s")
            % named,
            Label(
                "%(scope)s发现的全部%(organ)s癌患者，含深度未知者",
                "All persons whose %(organ)s cancer was found at %(scope)s, depth unknown included",
            )
            % named,
            KNOWN_BEFORE,
        ),
        eligible=and_(examined, of_organ(Tumour, organ), cancer(Tumour)),
        met=early_extent(Tumour, organ),
        awaited=and_(Tumour.awaited, early_extent(Tumour, organ).is_(None)),
        specimens=examined,
        unknown_in_denominator=True,
    )


def known_depth(indicator: Indicator) -> Indicator:
    """The complete-case edition: only cancers whose depth is known."""
    return replace(
        indicator,
        key=f"{indicator.key}.known",
        label=Label("%(name)s（仅深度已知）", "%(name)s, depth known") % {"name": indicator.label},
        edition=f"{indicator.edition}, complete cases",
        words=replace(indicator.words, excluded=KNOWN_ONLY),
        unknown_in_denominator=False,
        variant_of=indicator.key,
        evidence=Evidence.PROPOSED,
    )


def with_high_grade(indicator: Indicator, organ: Organ) -> Indicator:
    """The edition that counts high-grade neoplasia as early cancer, above and below the line."""
    examined, _ = examined_for(organ)
    high = high_grade(Tumour)
    return replace(
        indicator,
        key=f"{indicator.key}.hgin",
        label=Label("%(name)s（含高级别瘤变）", "%(name)s, high-grade neoplasia included")
        % {"name": indicator.label},
        edition=f"{indicator.edition}, HGIN counted",
        eligible=and_(examined, of_organ(Tumour, organ), or_(cancer(Tumour), high)),
        met=or_(high, early_extent(Tumour, organ)),
        variant_of=indicator.key,
        evidence=Evidence.PROPOSED,
    )


def early_detection(key: str, organ: Organ) -> Indicator:
    """Persons with an early cancer of an organ among the persons examined."""
    examined, scope = examined_for(organ)
    named = {"organ": NAMES[organ], "within": WITHIN[organ], "scope": scope}
    organs = LARGE_BOWEL if organ in LARGE_BOWEL else {organ}
    sites = or_(Lesion.site.is_(None), Lesion.site.in_([site for site in Site if site.organ in organs]))
    return Indicator(
        key=key,
        label=Label("%(organ)s早癌检出率", "Detection of early %(organ)s cancer") % named,
        edition="2026",
        source=ALLIANCE,
        evidence=Evidence.PROPOSED,
        clause=Label("早癌检出率", "Early-cancer detection"),
        counts=Counts.PERSONS,
        base=Source.EXAMINATION,
        words=Words(
            Label(
                "%(scope)s发现早期%(organ)s癌的受检者：%(within)s",
                "Persons in whom %(scope)s found an early %(organ)s cancer: %(within)s",
            )
            % named,
            Label("同期接受%(scope)s检查的人", "Persons who had a %(scope)s in the period") % named,
            KNOWN_BEFORE,
        ),
        eligible=examined,
        marks=(
            Mark(
                Source.TUMOUR,
                where=and_(examined, of_organ(Tumour, organ), cancer(Tumour)),
                met=early_extent(Tumour, organ),
                awaited=and_(Tumour.awaited, early_extent(Tumour, organ).is_(None)),
            ),
            Mark(
                Source.LESION,
                where=and_(
                    examined, sites, or_(Lesion.awaited, and_(Lesion.sampled, Lesion.cancer.is_(None)))
                ),
                met=cast(null(), Boolean),  # tissue that says nothing leaves it unknown
                awaited=Lesion.awaited,
            ),
        ),
        specimens=examined,
        per=1000,
    )


ADENOMA_FOUND = Mark(
    Source.LESION,
    where=or_(Lesion.adenoma, Lesion.awaited, and_(Lesion.sampled, Lesion.adenoma.is_(None))),
    met=Lesion.adenoma,
    awaited=Lesion.awaited,
)


def examined_for(organ: Organ):
    """The examination that finds cancers of an organ, and what it is called."""
    if organ is Organ.COLON:
        return COLONOSCOPY, Label("结肠镜", "colonoscopy")
    return OGD, Label("胃镜", "gastroscopy")
