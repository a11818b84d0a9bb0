"""Rules about a tumour as a cancer registry counts it: dates, place and stage."""

from datetime import date

from registry.codes.lesion import Organ, Site
from registry.codes.pathology import Depth, Morphology
from registry.codes.person import Precision
from registry.codes.tumour import Basis, MCategory, NCategory, StageGroup, SummaryStage, TCategory
from registry.label import Label
from registry.rules.dates import partial
from registry.rules.life import within_life
from registry.rules.problem import Problem, warning

TIS = Label("结直肠黏膜内癌为 Tis，UICC 第 8 版", "Colorectal intramucosal carcinoma is Tis, UICC 8")
IN_SITU = Label("行为学编码 2 为 Tis，ICD-O-3", "Behaviour 2 is Tis, ICD-O-3")
SITE = Label("部位编码在该器官之内，ICD-O-3", "Topography lies in the organ, ICD-O-3")
STAGE = Label("有远处转移即为 IV 期，UICC 第 8 版", "Distant metastasis makes stage IV, UICC 8")
SUMMARY = Label("概要分期与 TNM 一致", "Summary stage follows TNM")


def check(
    *,
    organ: Organ | None = None,
    topography: Site | None = None,
    morphology: Morphology | None = None,
    basis: Basis | None = None,
    incidence_on: date | None = None,
    incidence_precision: Precision | None = None,
    deepest: Depth | None = None,
    t: TCategory | None = None,
    n: NCategory | None = None,
    m: MCategory | None = None,
    stage_group: StageGroup | None = None,
    summary_stage: SummaryStage | None = None,
    born_on: date | None = None,
    born_precision: Precision | None = None,
    died_on: date | None = None,
    died_precision: Precision | None = None,
    today: date | None = None,
    **_other: object,
) -> list[Problem]:
    """Contradictions within a tumour and with its person's dates.

    What a death certificate or an autopsy first told may be dated after death.
    """
    after_death = basis is not None and not basis.before_death
    problems = within_life(
        "incidence_on",
        partial(incidence_on, incidence_precision),
        Label("发病", "Incidence"),
        born=partial(born_on, born_precision),
        died=None if after_death else partial(died_on, died_precision),
        today=today,
    )
    return [
        *problems,
        *place(organ, topography),
        *in_situ(organ, deepest, morphology, t),
        *metastasis(m, stage_group, summary_stage),
        *nodes(n, summary_stage),
    ]


def place(organ: Organ | None, topography: Site | None) -> list[Problem]:
    """The code belongs to the organ; colon and rectum are next to each other but not the same."""
    if organ is None or topography is None or topography.organ is organ:
        return []
    return [warning("topography", "部位编码不属于该器官", "The topography is of another organ", SITE)]


def in_situ(
    organ: Organ | None, deepest: Depth | None, morphology: Morphology | None, t: TCategory | None
) -> list[Problem]:
    """T1 needs invasion: of the submucosa in the large bowel, of the lamina propria elsewhere."""
    if t is None or not t.invasive:
        return []
    if organ is not None and organ.colorectal and deepest is not None and deepest.intramucosal:
        return [
            warning(
                "t",
                "结直肠黏膜内癌为 Tis，却填 T1 或以上",
                "Colorectal intramucosal carcinoma is Tis, not T1",
                TIS,
            )
        ]
    if morphology is not None and morphology.behaviour == "2":
        return [warning("t", "原位癌形态学却填 T1 或以上", "In situ by morphology, invasive by T", IN_SITU)]
    return []


def metastasis(m: MCategory | None, group: StageGroup | None, summary: SummaryStage | None) -> list[Problem]:
    """M1 is stage IV and distant, and the other way round."""
    if m not in {MCategory.M1, MCategory.M1A, MCategory.M1B, MCategory.M1C}:
        return []
    problems = []
    if group is not None and group.broad not in {StageGroup.IV, StageGroup.X}:
        problems.append(warning("stage_group", "M1 应为Ⅳ期", "M1 is stage IV", STAGE))
    if summary in {SummaryStage.LOCALISED, SummaryStage.REGIONAL}:
        problems.append(warning("summary_stage", "M1 应为远处", "M1 is distant", SUMMARY))
    return problems


def nodes(n: NCategory | None, summary: SummaryStage | None) -> list[Problem]:
    """Involved regional nodes are at least regional."""
    if n in {None, NCategory.N0, NCategory.NX} or summary is not SummaryStage.LOCALISED:
        return []
    return [
        warning("summary_stage", "有区域淋巴结转移，不是局限期", "Nodes involved, so not localised", SUMMARY)
    ]
