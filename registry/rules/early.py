"""Early, superficial, high-risk, advanced: derived from facts by definitions that have an edition.

Each answer is True, False or None for "cannot tell", never typed in and never stored.
"""

from registry.codes.endoscopy import Operative
from registry.codes.lesion import Impression, Organ
from registry.codes.pathology import Depth, Vienna, WhoType
from registry.codes.tumour import StagePrefix, TCategory
from registry.label import Label
from registry.rules.definition import Definition
from registry.rules.knowing import all_of, any_of, at_least

NHC = "NHC 2022, 消化内镜诊疗技术医疗质量控制指标"
EARLY = Definition(
    "early",
    Label("早期癌", "Early cancer"),
    Label(
        "食管：限于黏膜层；胃、结直肠：限于黏膜层和黏膜下层；不论有无淋巴结转移",
        "Oesophagus: mucosa only; stomach and colorectum: mucosa or submucosa; whatever the nodes",
    ),
    "NHC 2022",
    NHC,
    "CDEI-12, 13, 15",
)
EARLY_OR_HIGH_GRADE = Definition(
    "early_or_high_grade",
    Label("早期癌（含高级别上皮内瘤变）", "Early cancer, high-grade neoplasia included"),
    Label("早期癌，或高级别上皮内瘤变", "Early cancer, or high-grade intraepithelial neoplasia"),
    "NHC 2022",
    NHC,
    "CDEI-16",
)
SUPERFICIAL = Definition(
    "superficial",
    Label("食管浅表癌", "Superficial oesophageal cancer"),
    Label("限于黏膜层和黏膜下层，不论有无淋巴结转移", "Mucosa or submucosa, whatever the nodes"),
    "JES 11th",
    "Japanese Classification of Esophageal Cancer",
    "Superficial cancer",
)
ADVANCED_ADENOMA = Definition(
    "advanced_adenoma",
    Label("进展期腺瘤", "Advanced adenoma"),
    Label(
        "腺瘤 ≥10 mm，或绒毛成分 ≥25%，或高级别", "Adenoma of 10 mm or more, a quarter villous, or high-grade"
    ),
    "2002",
    "Winawer 2002, Gastrointest Endosc Clin N Am 12:1",
    "Advanced adenoma",
)
HIGH_RISK_SERRATED = Definition(
    "high_risk_serrated",
    Label("高危锯齿状病变", "High-risk serrated lesion"),
    Label("SSL ≥10 mm 或伴异型增生，或 TSA", "SSL of 10 mm or more or with dysplasia, or TSA"),
    "2020",
    "USMSTF 2020",
    "Serrated",
)
HIGH_RISK = Definition(
    "high_risk",
    Label("高危病变", "High-risk lesion"),
    Label(
        "食管：高级别，或低级别伴内镜下高危或 >10 mm，或 Barrett 伴异型增生；胃：上皮内瘤变，或 "
        "OLGA/OLGIM Ⅲ–Ⅳ；结直肠：进展期腺瘤或高危锯齿状病变",
        "Oesophagus: high grade, low grade at endoscopic risk or over 10 mm, dysplastic Barrett; "
        "stomach: any neoplasia, or OLGA/OLGIM III–IV; colorectum: advanced adenoma or high-risk "
        "serrated lesion",
    ),
    "2022",
    "中国食管癌、胃癌、结直肠癌筛查与早诊早治共识",
    "High-risk lesions",
)
DEFINITIONS = (EARLY, EARLY_OR_HIGH_GRADE, SUPERFICIAL, ADVANCED_ADENOMA, HIGH_RISK_SERRATED, HIGH_RISK)


def early(
    organ: Organ | None,
    depth: Depth | None,
    *,
    cancer: bool | None = True,
    worst: Vienna | None = None,
    count_high_grade: bool = False,
    t: TCategory | None = None,
    prefix: StagePrefix | None = None,
) -> bool | None:
    """Whether a cancer is early by NHC 2022.

    Parameters
    ----------
    depth : Depth or None
        Deepest invasion proved by a resection; None leaves the answer to the recorded T category.
    cancer : bool or None
        Whether carcinoma is proved. What is no cancer is no early cancer.
    worst : Vienna or None
        Needed only with `count_high_grade`, which lets high-grade neoplasia count as CDEI-16 does.
    t, prefix : codes or None
        The stage as recorded, asked only where no depth is proved: see `early_by_t`.

    Returns
    -------
    bool or None
        None where cancer or depth is not known, or the organ has no definition.

    The trap: a carcinoma in the submucosa is early in the stomach but not in the oesophagus.

    >>> early(Organ.STOMACH, Depth.SM1), early(Organ.OESOPHAGUS, Depth.SM1), early(Organ.STOMACH, None)
    (True, False, None)
    """
    if organ is None or not (organ.colorectal or organ in {Organ.OESOPHAGUS, Organ.STOMACH}):
        return None
    if count_high_grade and worst is not None and worst.high_grade and not cancer:
        return True
    if cancer is False:
        return False
    if depth is None:
        return all_of([cancer, early_by_t(organ, t, prefix)])
    within = depth.intramucosal or (depth.submucosal and organ is not Organ.OESOPHAGUS)
    return all_of([cancer, within])


def early_by_t(organ: Organ, t: TCategory | None, prefix: StagePrefix | None) -> bool | None:
    """What a recorded T category says of early where no depth is proved.

    T2 and beyond is not early, whoever staged it. Up to T1 only pathologists can say (prefix p): a
    clinical T1 is an impression, and after treatment (yp) the tumour may have been deeper. T1 without
    a letter leaves the oesophagus open, whose limit lies inside it.

    >>> early_by_t(Organ.STOMACH, TCategory.T3, None), early_by_t(Organ.STOMACH, TCategory.T1B, None)
    (False, None)
    """
    if t is None:
        return None
    if t.beyond_submucosa:
        return False
    if prefix is not StagePrefix.PATHOLOGICAL or not t.within_submucosa:
        return None
    if t.within_mucosa or organ is not Organ.OESOPHAGUS:
        return True
    return False if t is TCategory.T1B else None


def clinically_early(cancer: bool | None, depth: Depth | None, impression: Impression | None) -> bool | None:
    """Early by the endoscopist's impression only, shown apart from what is proved.

    A proved depth makes the impression irrelevant: then this is False.
    """
    if depth is not None:
        return False
    return all_of([cancer, None if impression is None else impression is Impression.EARLY])


def superficial(organ: Organ | None, depth: Depth | None, *, cancer: bool | None = True) -> bool | None:
    """Whether an oesophageal cancer is superficial: no deeper than the submucosa. None elsewhere."""
    if organ is not Organ.OESOPHAGUS:
        return None
    if cancer is False:
        return False
    return all_of([cancer, None if depth is None else depth.intramucosal or depth.submucosal])


def advanced_adenoma(
    *,
    adenoma: bool | None,
    size_mm: float | None = None,
    who_type: WhoType | None = None,
    villous_percent: float | None = None,
    worst: Vienna | None = None,
) -> bool | None:
    """Whether an adenoma is advanced. One criterion met is enough; "no" needs all three known."""
    if villous_percent is not None:
        villous: bool | None = villous_percent >= 25
    else:
        villous = who_type.is_villous if who_type is not None and who_type.is_adenoma else None
    high_grade = None if worst is None else worst.high_grade or worst.intramucosal
    return all_of([adenoma, any_of([at_least(size_mm, 10), villous, high_grade])])


def high_risk_serrated(who_type: WhoType | None, size_mm: float | None = None) -> bool | None:
    """Whether a serrated lesion is one of high risk; a hyperplastic polyp is not."""
    if who_type is None:
        return None
    if who_type in {WhoType.TSA, WhoType.SSL_DYSPLASIA}:
        return True
    return at_least(size_mm, 10) if who_type is WhoType.SSL else False


def advanced_neoplasia(advanced: bool | None, cancer: bool | None) -> bool | None:
    """Advanced adenoma or colorectal cancer."""
    return any_of([advanced, cancer])


def high_risk(
    organ: Organ | None,
    *,
    worst: Vienna | None = None,
    who_type: WhoType | None = None,
    size_mm: float | None = None,
    endoscopic_risk: bool | None = None,
    olga: Operative | None = None,
    olgim: Operative | None = None,
    adenoma: bool | None = None,
    villous_percent: float | None = None,
) -> bool | None:
    """Whether a lesion (or, by OLGA and OLGIM, a stomach) is of high risk. None without a definition."""
    if organ is None:
        return None
    if organ.colorectal:
        advanced = advanced_adenoma(
            adenoma=adenoma, size_mm=size_mm, who_type=who_type, villous_percent=villous_percent, worst=worst
        )
        return any_of([advanced, high_risk_serrated(who_type, size_mm)])
    high_grade = None if worst is None else worst.high_grade
    low_grade = None if worst is None else worst is Vienna.LOW_GRADE
    if organ is Organ.STOMACH:
        stages = [
            None if stage is None else stage.rank >= Operative.STAGE_III.rank for stage in (olga, olgim)
        ]
        return any_of([high_grade, low_grade, *(stage for stage in stages if stage is not None)])
    if organ is Organ.OESOPHAGUS:
        over_10 = None if size_mm is None else size_mm > 10
        glandular = None if who_type is None else who_type is WhoType.GLANDULAR_DYSPLASIA
        dysplastic_barrett = all_of([glandular, any_of([high_grade, low_grade])])
        return any_of(
            [high_grade, all_of([low_grade, any_of([endoscopic_risk, over_10])]), dysplastic_barrett]
        )
    return None
