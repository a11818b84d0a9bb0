"""Rules about a pathology report and each of its results."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from registry.codes.lesion import Organ
from registry.codes.pathology import (
    Depth,
    Finding,
    Margin,
    Method,
    Morphology,
    Vienna,
    ViennaVersion,
    WhoType,
)
from registry.label import Label
from registry.rules.layers import shallow_submucosa
from registry.rules.life import within_life
from registry.rules.problem import Problem, refusal, warning

ORDER = Label("报告晚于所报的标本", "A report follows the tissue it is about")
LATE = Label("报告在 30 天内", "A report within 30 days")
R0 = Label("R0 即切缘阴性，国家卫健委 2022 CDEI-16", "R0 means clear margins, NHC 2022 CDEI-16")
VIENNA = Label("维也纳分型，Schlemper 2000 与 Dixon 2002", "Vienna, Schlemper 2000 and Dixon 2002")
MICRONS = Label("黏膜下浸润深度以 µm 计", "Submucosal invasion is measured in µm")
BIOPSY = Label("浸润深度由切除标本判断", "Depth is judged on a resection")
LAYER = Label("EP、LPM、MM 只在食管区分", "EP, LPM and MM are told apart in the oesophagus")
TYPE = Label("WHO 类型与 ICD-O 形态学编码指同一种病变", "WHO type and ICD-O morphology name one entity")
RESULT = Label("结论与分级一致", "What a result concludes and what it grades agree")
SIZE = Label("病变大小不超过 150 mm", "Lesion size up to 150 mm")


def check(
    *,
    taken_on: date | None = None,
    received_on: date | None = None,
    reported_on: date | None = None,
    method: Method | None = None,
    results: Iterable[Mapping[str, Any]] = (),
    today: date | None = None,
    **_other: object,
) -> list[Problem]:
    """Contradictions within a report, with its specimen (`taken_on`, `method`) and within each result.

    `results` are the columns of each result by name, with `organ` where the lesion's site is known;
    their problems carry the path "results-0-…".
    """
    problems = [*report_dates(taken_on, received_on, reported_on)]
    problems += within_life("reported_on", reported_on, Label("报告", "Report"), today=today)
    for place, result in enumerate(results):
        found = check_result(**{"method": method, **result})
        problems += [problem.under(f"results-{place}") for problem in found]
    return problems


def report_dates(taken: date | None, received: date | None, reported: date | None) -> list[Problem]:
    """Tissue, then arrival, then report; a month is long."""
    problems = []
    if taken and reported and reported < taken:
        problems.append(
            refusal(
                "reported_on",
                "报告日期早于取材日期，请核对两个日期",
                "Reported before the tissue was taken: check both dates",
                ORDER,
            )
        )
    elif taken and reported and (reported - taken).days > 30:
        problems.append(
            warning("reported_on", "报告距取材超过 30 天，请核对", "Reported more than 30 days later", LATE)
        )
    if taken and received and received < taken:
        problems.append(
            refusal(
                "received_on",
                "收到日期早于取材日期，请核对两个日期",
                "Received before the tissue was taken: check both dates",
                ORDER,
            )
        )
    return problems


def check_result(
    *,
    finding: Finding | None = None,
    vienna: Vienna | None = None,
    vienna_version: ViennaVersion | None = None,
    who_type: WhoType | None = None,
    morphology: Morphology | None = None,
    depth: Depth | None = None,
    depth_um: int | None = None,
    horizontal_margin: Margin | None = None,
    vertical_margin: Margin | None = None,
    r0: bool | None = None,
    size_mm: int | None = None,
    method: Method | None = None,
    organ: Organ | None = None,
    **_other: object,
) -> list[Problem]:
    """Contradictions within one result. `method` is its specimen's, `organ` its lesion's."""
    return [
        *residual(r0, horizontal_margin, vertical_margin),
        *category(vienna, vienna_version, depth),
        *invasion(depth, depth_um, method, organ),
        *types(who_type, morphology),
        *conclusion(finding, vienna),
        *size(size_mm),
    ]


def residual(r0: bool | None, horizontal: Margin | None, vertical: Margin | None) -> list[Problem]:
    """R0 cannot stand beside an involved margin; beside one that cannot be judged it is doubtful."""
    problems = []
    for field, margin, name in (("horizontal_margin", horizontal, "HM"), ("vertical_margin", vertical, "VM")):
        if r0 and margin is Margin.INVOLVED:
            problems.append(
                refusal(
                    field,
                    f"报告为 R0，却 {name}1，请按报告改正其一",
                    f"Reported as R0, but {name}1: correct one by the report",
                    R0,
                )
            )
        elif r0 and margin is Margin.UNCERTAIN:
            problems.append(warning(field, f"报告为 R0，却 {name}X", f"Reported as R0, but {name}X", R0))
    return problems


def category(vienna: Vienna | None, version: ViennaVersion | None, depth: Depth | None) -> list[Problem]:
    """5 with mucosal depth is the original Vienna's intramucosal carcinoma, which the revision calls 4.4.

    An original 5.1 that says it is one contradicts nothing.
    """
    problems = []
    if vienna is Vienna.INTRAMUCOSAL_ORIGINAL and version is ViennaVersion.DIXON_2002:
        problems.append(
            warning("vienna", "修订版没有 5.1，应为 4.4", "The revision has no 5.1; it is 4.4 there", VIENNA)
        )
    if vienna is Vienna.INTRAMUCOSAL and version is ViennaVersion.SCHLEMPER_2000:
        problems.append(
            warning("vienna", "原版没有 4.4，应为 5.1", "The original has no 4.4; it is 5.1 there", VIENNA)
        )
    if vienna is None or depth is None:
        return problems
    stated = vienna is Vienna.INTRAMUCOSAL_ORIGINAL and version is ViennaVersion.SCHLEMPER_2000
    if depth.intramucosal and vienna.code.startswith("5") and not stated:
        problems.append(
            warning(
                "vienna",
                "Vienna 5 类而深度在黏膜内：仅原版如此，修订版为 4.4",
                "Vienna 5 with mucosal depth: so in the original only, 4.4 in the revision",
                VIENNA,
            )
        )
    if not depth.intramucosal and (vienna.rank < Vienna.INTRAMUCOSAL.rank or vienna.intramucosal):
        problems.append(
            warning(
                "depth",
                "深度已超出黏膜，与 Vienna 分类不符",
                "Depth beyond the mucosa contradicts the Vienna category",
                VIENNA,
            )
        )
    return problems


def invasion(
    depth: Depth | None, depth_um: int | None, method: Method | None, organ: Organ | None
) -> list[Problem]:
    """Depth needs a resection, µm where it ends in the submucosa, and the words of its organ."""
    if depth is None:
        return []
    problems = []
    if method is not None and not method.resects:
        problems.append(
            warning(
                "depth",
                "活检不能判断浸润深度，统计时不采用",
                "A biopsy cannot show depth; it is not counted",
                BIOPSY,
            )
        )
    elif depth.submucosal and depth_um is None:
        problems.append(
            warning(
                "depth_um",
                "黏膜下浸润未测 µm，无法判断治愈性",
                "Without µm curability cannot be told",
                MICRONS,
            )
        )
    if depth_um is not None and depth.intramucosal and depth_um > 0:
        problems.append(
            warning("depth_um", "黏膜内病变不应有黏膜下浸润深度", "Submucosal µm with mucosal depth", MICRONS)
        )
    if organ is not None and depth in {Depth.SM1, Depth.SM2, Depth.SM3} and depth_um is not None:
        shallow = shallow_submucosa(organ, depth, depth_um)
        if shallow is not None and shallow != (depth is Depth.SM1):
            problems.append(
                warning("depth_um", "µm 与 SM 分级不符", "The µm contradict the submucosal level", MICRONS)
            )
    if organ not in {None, Organ.OESOPHAGUS} and depth in {Depth.EP, Depth.LPM, Depth.MM}:
        problems.append(
            warning("depth", "EP／LPM／MM 用于食管", "EP, LPM and MM belong to the oesophagus", LAYER)
        )
    return problems


def types(who_type: WhoType | None, morphology: Morphology | None) -> list[Problem]:
    """The WHO type and the morphology agree on adenoma or not, and on invasive carcinoma or not."""
    if who_type is None or morphology is None:
        return []
    glandular_precursor = morphology in {Morphology.GLANDULAR_LOW_GRADE, Morphology.GLANDULAR_HIGH_GRADE}
    if who_type.is_adenoma and not (morphology.adenoma or glandular_precursor or morphology.invasive):
        return [
            warning(
                "who_type", "组织学类型为腺瘤，形态学编码不是", "An adenoma by type but not by code", TYPE
            )
        ]
    if who_type.is_carcinoma and morphology.behaviour == "0":
        return [warning("morphology", "癌的形态学编码却为良性", "A carcinoma by type, benign by code", TYPE)]
    return []


def conclusion(finding: Finding | None, vienna: Vienna | None) -> list[Problem]:
    """A conclusion of no neoplasia does not go with a neoplastic category, nor the reverse."""
    if finding is None or vienna is None:
        return []
    silent = finding in {Finding.NON_NEOPLASTIC, Finding.GASTRITIS, Finding.INSUFFICIENT, Finding.NO_RESIDUAL}
    if vienna.neoplasia == silent and (silent or finding is Finding.NEOPLASIA):
        return [
            warning("vienna", "Vienna 分类与结论不符", "The Vienna category contradicts the finding", RESULT)
        ]
    return []


def size(size_mm: int | None) -> list[Problem]:
    """Sizes are millimetres."""
    if size_mm is None or size_mm <= 150:
        return []
    return [warning("size_mm", "大于 150 mm，请核对单位", "Larger than 150 mm, please check the unit", SIZE)]
