"""Stage as a recorder enters it, and how long a stage lets one live."""

from random import Random

from registry.codes.lesion import Organ
from registry.codes.pathology import Depth
from registry.codes.tumour import (
    MCategory,
    NCategory,
    StageEdition,
    StageGroup,
    StagePrefix,
    SummaryStage,
    TCategory,
)
from registry.exchange.made_up.chance import Among
from registry.exchange.made_up.growth import Nature, Row

# Five-year survival from the cancer itself, by how far it had come; other deaths come on top.
FIVE_YEARS = {SummaryStage.LOCALISED: 0.80, SummaryStage.REGIONAL: 0.52, SummaryStage.DISTANT: 0.09}
EARLY_FIVE_YEARS = {Nature.HIGH: 0.998, Nature.EARLY: 0.985}
GROUPS = Among({StageGroup.I: 8, StageGroup.II: 24, StageGroup.III: 40, StageGroup.IV: 28})
SUMMARY = {
    StageGroup.I: SummaryStage.LOCALISED,
    StageGroup.II: SummaryStage.LOCALISED,
    StageGroup.III: SummaryStage.REGIONAL,
    StageGroup.IV: SummaryStage.DISTANT,
}
TNM = {
    StageGroup.I: (TCategory.T2, NCategory.N0, MCategory.M0),
    StageGroup.II: (TCategory.T3, NCategory.N0, MCategory.M0),
    StageGroup.III: (TCategory.T3, NCategory.N2, MCategory.M0),
    StageGroup.IV: (TCategory.T4A, NCategory.N2, MCategory.M1),
}
LAYER = {TCategory.T2: Depth.MP, TCategory.T3: Depth.SS_ADVENTITIA, TCategory.T4A: Depth.SE}


def five_years(nature: Nature, group: StageGroup | None) -> float:
    """Share alive after five years, as far as the cancer is concerned."""
    return FIVE_YEARS[SUMMARY[group]] if group else EARLY_FIVE_YEARS[nature]


def depth(group: StageGroup) -> Depth:
    """The layer a surgeon's specimen shows."""
    return LAYER[TNM[group][0]]


def advanced(rng: Random, group: StageGroup) -> Row:
    """Unknown for some, TNM where surgery or scans gave it."""
    if rng.random() < 0.08:
        return {"summary_stage": SummaryStage.UNKNOWN}
    staged: Row = {"summary_stage": SUMMARY[group]}
    if rng.random() < 0.85:
        clinical = group is StageGroup.IV
        staged |= _tnm(*TNM[group], group, StagePrefix.CLINICAL if clinical else StagePrefix.PATHOLOGICAL)
    return staged


def early(organ: Organ, layer: Depth | None) -> Row:
    """Of a resected early cancer, by its depth; what stays above the basement is stage 0."""
    if layer is None:
        return {}
    if layer is Depth.EP or (organ.colorectal and layer.intramucosal):
        return _tnm(TCategory.TIS, NCategory.N0, MCategory.M0, StageGroup.STAGE_0, StagePrefix.PATHOLOGICAL)
    t = TCategory.T1 if organ.colorectal else TCategory.T1A if layer.intramucosal else TCategory.T1B
    tnm = _tnm(t, NCategory.N0, MCategory.M0, StageGroup.I, StagePrefix.PATHOLOGICAL)
    return {"summary_stage": SummaryStage.LOCALISED, **tnm}


def _tnm(t: TCategory, n: NCategory, m: MCategory, group: StageGroup, prefix: StagePrefix) -> Row:
    return {
        "stage_edition": StageEdition.UICC8,
        "stage_prefix": prefix,
        "t": t,
        "n": n,
        "m": m,
        "stage_group": group,
    }
