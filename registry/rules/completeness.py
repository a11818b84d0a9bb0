"""What a complete case still needs. It drives worklists and data quality and refuses nothing.

Each function takes the columns of one record by name and returns what is open; a value left empty
with a reason is not open. Problems of the parts get their path from the caller (`Open.under`).
"""

from collections.abc import Iterable
from typing import Any

from registry.codes.endoscopy import ExaminationType, Extent, Indication
from registry.codes.lesion import Impression, Organ
from registry.codes.pathology import Finding, Method
from registry.codes.person import Missing, Sex
from registry.codes.tumour import StageGroup, SummaryStage, TCategory
from registry.label import Label
from registry.rules.problem import Open

UPPER_SITES = {
    "seen_upper_oesophagus": Label("食管上段", "Upper oesophagus"),
    "seen_middle_oesophagus": Label("食管中段", "Middle oesophagus"),
    "seen_lower_oesophagus": Label("食管下段", "Lower oesophagus"),
    "seen_cardia": Label("贲门", "Cardia"),
    "seen_fundus": Label("胃底", "Fundus"),
    "seen_body": Label("胃体", "Body"),
    "seen_angulus": Label("胃角", "Angulus"),
    "seen_antrum": Label("胃窦", "Antrum"),
    "seen_pylorus": Label("幽门", "Pylorus"),
    "seen_bulb": Label("球部", "Bulb"),
    "seen_d2": Label("降部", "Descending duodenum"),
}
SEGMENTS = {
    "bbps_right": Label("BBPS 右半结肠", "BBPS right"),
    "bbps_transverse": Label("BBPS 横结肠", "BBPS transverse"),
    "bbps_left": Label("BBPS 左半结肠", "BBPS left"),
}


def person(*, sex: Sex | None = None, born_on: object = None, **_other: object) -> list[Open]:
    """Age and sex stand under every rate."""
    known = sex in {Sex.MALE, Sex.FEMALE}
    return _open(
        ("sex", None if not known else sex, "性别", "Sex"),
        ("born_on", born_on, "出生日期", "Birth date"),
    )


def examination(**columns: Any) -> list[Open]:
    """What is open in an examination, by its `type`."""
    kind = columns.get("type")
    items = _open(
        ("operator_id", columns.get("operator_id"), "操作医师", "Operator"),
        ("indication", columns.get("indication"), "适应证", "Indication"),
    )
    if kind is ExaminationType.OGD:
        items += _upper(columns)
    if kind is ExaminationType.COLONOSCOPY:
        items += _lower(columns)
    therapy = columns.get("indication") is Indication.THERAPY
    if therapy or kind in {ExaminationType.THERAPEUTIC_UPPER, ExaminationType.THERAPEUTIC_LOWER}:
        items += _open(
            (
                "any_adverse_event",
                columns.get("any_adverse_event"),
                "有无不良事件",
                "Adverse event, yes or no",
            ),
            ("contact_30d", columns.get("contact_30d"), "30 天联系", "Contact at 30 days"),
        )
    return items


def _upper(columns: dict[str, Any]) -> list[Open]:
    """The eleven sites of a complete gastroscopy, NHC 2022 CDEI-04, as far as the scope went."""
    sites = dict(UPPER_SITES)
    if columns.get("incomplete_reason") is not None:
        return []
    return [Open(site, label) for site, label in sites.items() if columns.get(site) is None]


def _lower(columns: dict[str, Any]) -> list[Open]:
    """Caecum, preparation and withdrawal, NHC 2022 CDEI-05 to 07."""
    reached = columns.get("caecum_reached")
    items = _open(("caecum_reached", reached, "是否到达盲肠", "Caecum reached"))
    if reached is True:
        items += _open(("caecum_photo", columns.get("caecum_photo"), "盲肠留图", "Caecum photographed"))
    if reached is False:
        items += _open(
            ("extent", columns.get("extent"), "到达部位", "Extent reached"),
            ("incomplete_reason", columns.get("incomplete_reason"), "未完成原因", "Why incomplete"),
        )
    extent: Extent | None = columns.get("extent")
    for segment, label in SEGMENTS.items():
        unreached = (
            reached is False
            and extent is not None
            and extent.short_of_caecum
            and segment != "bbps_left"
            and extent.rank < (Extent.ASCENDING if segment == "bbps_right" else Extent.SPLENIC).rank
        )
        excused: Missing | None = columns.get(f"{segment}_missing")
        if columns.get(segment) is None and excused is None and not unreached:
            items.append(Open(segment, label))
    if (
        columns.get("withdrawal_min") is None
        and columns.get("withdrawal_missing") is None
        and reached is not False
    ):
        items.append(Open("withdrawal_min", Label("退镜时间", "Withdrawal time")))
    return items


def lesion(**columns: Any) -> list[Open]:
    """Place, size, shape and impression. A shape is Paris, or Borrmann where it looks advanced."""
    items = _open(
        ("site", columns.get("site"), "部位", "Site"),
        ("size_mm", columns.get("size_mm") or columns.get("size_missing"), "大小", "Size"),
        ("impression", columns.get("impression"), "内镜印象", "Endoscopist's impression"),
    )
    if columns.get("paris") is None and columns.get("borrmann") is None:
        if columns.get("impression") is Impression.ADVANCED:
            items.append(Open("borrmann", Label("Borrmann 分型", "Borrmann type")))
        else:
            items.append(Open("paris", Label("巴黎分型", "Paris type")))
    return items


def specimen(**columns: Any) -> list[Open]:
    """How a resection came out, its number, and its report unless the tissue was lost."""
    method: Method | None = columns.get("method")
    items = _open(("pathology_number", columns.get("pathology_number"), "病理号", "Pathology number"))
    if method is not None and method.resects and method is not Method.SURGERY:
        items += _open(
            ("pieces", columns.get("pieces"), "块数", "Pieces"),
            ("en_bloc", columns.get("en_bloc"), "是否整块", "En bloc"),
        )
    if columns.get("retrieved") is False:
        return [item for item in items if item.field == "en_bloc"]
    if not columns.get("reported"):
        items.append(Open("reported", Label("病理报告", "Pathology report")))
    return items


def result(*, organ: Organ | None = None, method: Method | None = None, **columns: Any) -> list[Open]:
    """What a result still needs: a conclusion; for neoplasia its category; for a resected cancer the rest.

    `organ` is the lesion's and `method` the specimen's.
    """
    finding, vienna = columns.get("finding"), columns.get("vienna")
    who_type, morphology = columns.get("who_type"), columns.get("morphology")
    items = []
    if finding is None and vienna is None and who_type is None and morphology is None:
        return [Open("finding", Label("结论", "Finding"))]
    if finding is Finding.NEOPLASIA:
        items += _open(("vienna", vienna, "维也纳分类", "Vienna category"))
    if vienna is not None:
        items += _open(("vienna_version", columns.get("vienna_version"), "维也纳分类版本", "Vienna version"))
    neoplastic = finding is Finding.NEOPLASIA or (vienna is not None and vienna.neoplasia)
    if neoplastic and who_type is None and morphology is None:
        items.append(Open("who_type", Label("组织学类型", "Histological type")))
    if vienna is not None:
        cancer = vienna.carcinoma
    else:
        cancer = bool((who_type and who_type.is_carcinoma) or (morphology and morphology.carcinoma))
    if cancer and method is not None and method.resects:
        items += _resected_cancer(organ, columns)
    return items


def _resected_cancer(organ: Organ | None, columns: dict[str, Any]) -> list[Open]:
    depth = columns.get("depth")
    items = _open(
        ("differentiation", columns.get("differentiation"), "分化", "Differentiation"),
        ("depth", depth, "浸润深度", "Depth of invasion"),
        ("lymphatic", columns.get("lymphatic"), "淋巴管 Ly", "Lymphatic Ly"),
        ("venous", columns.get("venous"), "静脉 V", "Venous V"),
        ("horizontal_margin", columns.get("horizontal_margin"), "水平切缘 HM", "Horizontal margin HM"),
        ("vertical_margin", columns.get("vertical_margin"), "垂直切缘 VM", "Vertical margin VM"),
        ("size_mm", columns.get("size_mm"), "病理大小", "Size on pathology"),
    )
    if depth is not None and depth.submucosal:
        items += _open(("depth_um", columns.get("depth_um"), "黏膜下浸润 µm", "Submucosal invasion in µm"))
        if organ is not None and organ.colorectal:
            items += _open(("budding", columns.get("budding"), "出芽", "Budding"))
    if organ is Organ.STOMACH:
        items += _open(("ulceration", columns.get("ulceration"), "溃疡 UL", "Ulceration UL"))
    return items


def tumour(**columns: Any) -> list[Open]:
    """What a cancer registry asks of a tumour. TX and "unknown" are answers; an empty stage is not."""
    items = _open(
        ("topography", columns.get("topography"), "部位编码", "Topography"),
        ("morphology", columns.get("morphology"), "形态学编码", "Morphology"),
        ("incidence_on", columns.get("incidence_on"), "发病日期", "Incidence date"),
        ("basis", columns.get("basis"), "诊断依据", "Basis of diagnosis"),
        ("detection", columns.get("detection"), "发现方式", "Detection mode"),
    )
    group: StageGroup | None = columns.get("stage_group")
    summary: SummaryStage | None = columns.get("summary_stage")
    t: TCategory | None = columns.get("t")
    if group is None and summary is None and t is None:
        items.append(Open("stage_group", Label("分期", "Stage")))
    elif (group is not None or t is not None) and columns.get("stage_edition") is None:
        items.append(Open("stage_edition", Label("分期版本", "Stage edition")))
    return items


def follow_up(**columns: Any) -> list[Open]:
    """What came of a contact, and a next date unless the person has died."""
    outcome = columns.get("outcome")
    items = _open(("outcome", outcome, "联系结果", "Outcome"))
    if outcome is not None and outcome.code != "died":
        items += _open(("next_due_on", columns.get("next_due_on"), "下次日期", "Next due on"))
    return items


def enough(items: Iterable[Open]) -> bool:
    """Whether nothing is open."""
    return not list(items)


def _open(*wanted: tuple[str, object, str, str]) -> list[Open]:
    return [Open(field, Label(zh, en)) for field, value, zh, en in wanted if value is None]
