"""Rules about a lesion as it was seen: its place, size and shape."""

from collections.abc import Collection

from registry.codes.endoscopy import ExaminationType
from registry.codes.lesion import Borrmann, Impression, Jes, Jnet, Lst, Nice, Organ, Site
from registry.codes.pathology import Morphology, WhoType
from registry.label import Label
from registry.rules.problem import Problem, refusal, warning

SITE = Label("病变在所检查的器官之内", "A lesion lies in an organ that was examined")
SIZE = Label("病变大小不超过 150 mm", "Lesion size up to 150 mm")
SHAPE = Label("分型用于其所属器官", "A classification belongs to its organ")
BORRMANN = Label("Borrmann 分型用于进展期癌", "Borrmann describes advanced cancer")
LST = Label("侧向发育型为 10 mm 及以上，Kudo 2008", "Laterally spreading means 10 mm or more, Kudo 2008")
ADENOMA = Label("腺瘤由组织学证实", "An adenoma is proved by histology")

UPPER = frozenset({Organ.OESOPHAGUS, Organ.STOMACH, Organ.DUODENUM})
LOWER = frozenset({Organ.COLON, Organ.RECTUM, Organ.ANUS})


def check(
    *,
    site: Site | None = None,
    size_mm: int | None = None,
    size_mm_upper: int | None = None,
    borrmann: Borrmann | None = None,
    lst: Lst | None = None,
    jnet: Jnet | None = None,
    nice: Nice | None = None,
    jes: Jes | None = None,
    impression: Impression | None = None,
    adenoma: bool | None = None,
    examination_type: ExaminationType | None = None,
    histology: Collection[WhoType | Morphology] | None = None,
    **_other: object,
) -> list[Problem]:
    """Contradictions within a lesion and with the examination it was seen at.

    `histology` holds the types that current reports name, None where nobody asked; an adenoma that
    a source merely claims is flagged. Further columns are looked at by no rule.
    """
    colorectal = {"lst": lst, "jnet": jnet, "nice": nice}
    return [
        *site_examined(site, examination_type),
        *size(size_mm, size_mm_upper),
        *classification_of_another_organ(site, colorectal, jes),
        *shape(borrmann, lst, size_mm, impression),
        *adenoma_without_histology(adenoma, histology),
    ]


def site_examined(site: Site | None, examination_type: ExaminationType | None) -> list[Problem]:
    """A gastroscope finds no colonic lesion. Capsules and other examinations may see anything."""
    if site is None or examination_type is None:
        return []
    if examination_type.upper:
        seen = UPPER
    elif examination_type.lower:
        seen = LOWER
    else:
        return []
    if site.organ in seen:
        return []
    return [warning("site", "部位不在本次检查的器官内", "The site lies outside the organs examined", SITE)]


def size(lower: int | None, upper: int | None) -> list[Problem]:
    """Sizes are millimetres, and a range runs upwards."""
    problems = []
    if lower is not None and upper is not None and upper < lower:
        problems.append(
            refusal("size_mm_upper", "大小上限小于下限", "The range of sizes runs backwards", SIZE)
        )
    for field, value in (("size_mm", lower), ("size_mm_upper", upper)):
        if value is not None and value > 150:
            problems.append(
                warning(field, "大于 150 mm，请核对单位", "Larger than 150 mm, please check the unit", SIZE)
            )
    return problems


def classification_of_another_organ(
    site: Site | None, colorectal: dict[str, Lst | Jnet | Nice | None], jes: Jes | None
) -> list[Problem]:
    """JNET, NICE and LST describe the large bowel, JES the oesophagus."""
    if site is None:
        return []
    problems = [
        warning(field, "该分型用于结直肠病变", "This classification is for the large bowel", SHAPE)
        for field, value in colorectal.items()
        if value is not None and site.organ not in LOWER
    ]
    if jes is not None and site.organ is not Organ.OESOPHAGUS:
        problems.append(warning("jes", "JES 分型用于食管病变", "JES is for the oesophagus", SHAPE))
    return problems


def shape(
    borrmann: Borrmann | None, lst: Lst | None, size_mm: int | None, impression: Impression | None
) -> list[Problem]:
    """Shapes that contradict the impression or the size."""
    problems = []
    if borrmann is not None and impression not in {None, Impression.ADVANCED}:
        problems.append(
            warning(
                "borrmann",
                "Borrmann 分型用于进展期癌，与内镜印象不符",
                "Borrmann is for advanced cancer",
                BORRMANN,
            )
        )
    if lst is not None and size_mm is not None and size_mm < 10:
        problems.append(warning("lst", "LST 应 ≥10 mm", "A laterally spreading tumour is 10 mm or more", LST))
    return problems


def adenoma_without_histology(
    adenoma: bool | None, histology: Collection[WhoType | Morphology] | None
) -> list[Problem]:
    """Detection rates count adenomas that a pathologist has seen."""
    if not adenoma or histology is None:
        return []
    proved = any(kind.is_adenoma if isinstance(kind, WhoType) else kind.adenoma for kind in histology)
    if proved:
        return []
    return [
        warning("adenoma", "标为腺瘤，但无腺瘤病理", "Called an adenoma without adenoma histology", ADENOMA)
    ]
