"""A whole report pasted as text: split into fields, and codes read from its words, to fill a form.

Nothing is stored from here. What a label names goes to its field; what rules read from the words is a
proposal with the words it stands in.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.codes.code_set import CodeSet
from registry.codes.endoscopy import ExaminationType, Indication, Sedation
from registry.codes.lesion import Organ
from registry.codes.pathology import Method
from registry.codes.person import Sex
from registry.exchange.cells import READERS, About, Unread, plain_cell
from registry.exchange.pasting.day_list import examinations
from registry.exchange.pasting.sections import MOST, Labels, first_lines
from registry.models import Examination, Report
from registry.rules.dates import PartialDate
from registry.rules.reading import Part, read_endoscopy, read_pathology

ENDOSCOPY = Labels(
    {
        "type": ("检查类型", "检查项目", "检查名称", "procedure", "examination"),
        "performed_on": ("检查日期", "检查时间", "日期", "date of examination", "date of procedure", "date"),
        "number": ("检查号", "检查编号", "内镜号", "胃镜号", "肠镜号", "流水号", "examination number"),
        "operator": ("检查医师", "检查医生", "操作医师", "操作者", "检查者", "术者", "内镜医师",
                     "endoscopist", "operator"),
        "reporter": ("报告医师", "报告医生", "报告者", "医师"),
        "sedation": ("麻醉方式", "麻醉", "镇静", "sedation"),
        "scope": ("内镜型号", "镜型", "型号", "仪器型号", "使用内镜", "endoscope", "scope"),
        "indication": ("适应证", "适应症", "检查目的", "indication"),
        "extent": ("进镜至", "到达部位", "插镜深度", "进镜深度", "extent"),
        "bbps": ("bbps", "肠道准备", "肠道清洁度", "波士顿评分", "bowel preparation"),
        "withdrawal_min": ("退镜时间", "withdrawal time"),
        "upper_minutes": ("观察时间", "inspection time"),
        "photos": ("照片数", "图像数", "留图", "photographs"),
        "findings": ("检查所见", "镜下所见", "内镜所见", "内镜下所见", "镜检所见", "所见", "检查描述",
                     "内镜描述", "endoscopic findings", "findings"),
        "diagnosis": ("内镜诊断", "内镜下诊断", "镜下诊断", "检查诊断", "诊断意见", "诊断结论", "诊断",
                      "印象", "结论", "endoscopic diagnosis", "diagnosis", "impression"),
        "biopsy": ("活检部位", "活检", "取材", "biopsies", "biopsy"),
        "adverse": ("并发症", "不良事件", "complications"),
        "": ("病理诊断", "病理结果", "病理", "报告日期", "报告时间", "pathology", "reported"),
    }
)  # fmt: skip
PATHOLOGY = Labels(
    {
        "pathology_number": ("病理号", "病理编号", "pathology number", "pathology no"),
        "received_on": ("收到日期", "接收日期", "收样日期", "received"),
        "reported_on": ("报告日期", "诊断日期", "签发日期", "报告时间", "reported", "date of report"),
        "laboratory": ("检验单位", "病理科室", "laboratory"),
        "gross": ("大体所见", "肉眼所见", "大体检查", "巨检", "gross description"),
        "microscopy": ("镜下所见", "光镜所见", "显微镜所见", "microscopic description", "microscopy"),
        "stains": ("免疫组化", "特殊染色", "分子检测", "immunohistochemistry"),
        "diagnosis": ("病理诊断", "诊断意见", "诊断", "结论", "pathological diagnosis", "diagnosis"),
        "": ("送检日期", "送检部位", "送检标本", "标本", "标本名称", "诊断医师", "报告医师", "检查日期",
             "pathologist", "specimen"),
    }
)  # fmt: skip
_IN_WORDS = (  # what findings say in passing, where no label says it
    ("withdrawal_min", r"退镜(?:观察)?时间[约为:：\s]*(\d+(?:\.\d+)?\s*(?:分钟?|min))"),
    ("bbps", r"(?:BBPS|波士顿)[^\d]{0,8}(\d\s*分?\s*[(（=]?[\d/+,、，\-\s]*[)）]?)"),
    (
        "extent",
        r"进镜(?:顺利)?[至达到]\s*(回盲部|盲肠|回肠末[端段]|末端回肠|(?:乙状|横|降)结肠|十二指肠降部)",
    ),
)
_PASSING = [(name, re.compile(shape, re.IGNORECASE)) for name, shape in _IN_WORDS]
_TEXTS = {"gross", "microscopy", "stains", "diagnosis"}
_PIECES = re.compile(r"(?:[×xX*]\s*|取?\s*)(\d{1,2})\s*块?")


@dataclass(frozen=True)
class Filled:
    """A value for a field of a form, and the words it was read from; `rule` where a rule read them."""

    field: str
    value: Any
    words: str
    rule: str | None = None


@dataclass
class PastedReport:
    """What an endoscopy report says, by part of the case; and of whom it says it."""

    name: str | None = None
    sex: Sex | None = None
    age: int | None = None
    operator: str | None = None
    examination: list[Filled] = field(default_factory=list)
    background: list[Filled] = field(default_factory=list)
    lesions: list[list[Filled]] = field(default_factory=list)
    specimens: list[list[Filled]] = field(default_factory=list)


@dataclass
class PastedPathology:
    """What a pathology report says: its own fields, and a list of values for each result."""

    name: str | None = None
    pathology_number: str | None = None
    report: list[Filled] = field(default_factory=list)
    results: list[tuple[Part, list[Filled]]] = field(default_factory=list)


def endoscopy(text: str, *, today: date, kind: ExaminationType | None = None) -> PastedReport:
    """Split a pasted endoscopy report and read its words; `kind` is what the form has already."""
    sections = ENDOSCOPY.sections(text[:MOST])
    short = first_lines(sections)
    found = PastedReport(**_person(short), operator=short.get("operator") or short.get("reporter"))
    head = next((words for named, _, words in sections if named == "head"), "")
    findings, diagnosis = (_joined(sections, named) for named in ("findings", "diagnosis"))
    if not findings and not diagnosis and len(sections) == 1:
        findings, head = head, ""
    kinds, sedation = examinations(short.get("type") or head)
    kind = kind or (kinds[0] if kinds else None)
    told = [Filled("type", kinds[0], short.get("type") or kinds[0].label.zh)] if kinds else []
    told += _short(short, sedation, findings, today)
    if findings:
        told.append(Filled("findings", findings[:4000], ""))
    if diagnosis:
        told.append(Filled("diagnosis", diagnosis[:1000], ""))
    found.examination = told
    upper = True if kind and kind.upper else False if kind and kind.lower else None
    _read(found, [words for words in (findings, diagnosis) if words], upper)
    if taken := _joined(sections, "biopsy"):
        found.specimens = [_biopsy(taken)]
    return found


def pathology(
    text: str, *, today: date, organ: Organ | None = None, resected: bool | None = None
) -> PastedPathology:
    """Split a pasted pathology report and read its diagnosis; a text without labels is all wording."""
    sections = PATHOLOGY.sections(text[:MOST])
    short = first_lines(sections)
    found = PastedPathology(short.get("name"), short.get("pathology_number"))
    for name in ("reported_on", "received_on"):
        found.report += _cell(Report, name, "day", short.get(name), today)
    if short.get("laboratory"):
        found.report.append(Filled("laboratory", short["laboratory"][:80], short["laboratory"]))
    kept = [
        part for part in sections if part[0] in {"gross", "microscopy", "stains", "diagnosis"} and part[2]
    ]
    alone = len(kept) == 1 and kept[0][0] == "diagnosis"
    wording = "\n".join(words if alone else f"{label}：{words}" for _, label, words in kept)
    if not kept and len(sections) == 1:
        wording = sections[0][2]
    if wording:
        found.report.append(Filled("wording", wording, ""))
    diagnosis = _joined(sections, "diagnosis") or wording
    for part in read_pathology(diagnosis, organ=organ, resected=resected):
        if part.kind == "result":
            found.results.append((part, _filled(part, diagnosis, "result")))
    return found


def _read(found: PastedReport, texts: list[str], upper: bool | None) -> None:
    """Codes from the words: lesions from the text that has most of them, so that none stands twice."""
    parts = [(words, read_endoscopy(words, upper=upper)) for words in texts]
    lesions = [
        [_filled(part, words, "lesion") for part in read if part.kind == "lesion"] for words, read in parts
    ]
    found.lesions = max(lesions, key=lambda rows: sum(map(len, rows)), default=[])
    seen: set[str] = set()
    for words, read in parts:
        for part in read:
            for one in _filled(part, words, "background"):
                if one.field not in seen:
                    seen.add(one.field)
                    found.background.append(one)


def _filled(part: Part, words: str, record: str) -> list[Filled]:
    return [
        Filled(read.field.partition(".")[2], read.value, words[read.begins : read.ends], read.rule)
        for read in part.reads
        if read.field.startswith(f"{record}.")
    ]


def _short(short: dict[str, str], sedation: Sedation | None, findings: str, today: date) -> list[Filled]:
    """The fields of one line."""
    told = _cell(Examination, "performed_on", "moment", short.get("performed_on"), today)
    for name, length in (("number", 40), ("scope", 40)):
        if short.get(name):
            told.append(Filled(name, short[name][:length], short[name]))
    if (chosen := _sedated(short.get("sedation")) or sedation) is not None:
        told.append(Filled("sedation", chosen, short.get("sedation") or chosen.label.zh))
    if (reason := _code(Indication, short.get("indication"))) is not None:
        told.append(Filled("indication", reason, short["indication"]))
    passing = {name: found[1] for name, shape in _PASSING if (found := shape.search(findings))}
    for name, column, reader in (
        ("extent", "extent", "extent"),
        ("bbps", "bbps_total", "bbps"),
        ("withdrawal_min", "withdrawal_min", "minutes"),
        ("upper_minutes", "upper_minutes", "minutes"),
        ("photos", "photos", "number"),
    ):
        told += _cell(Examination, column, reader, short.get(name) or passing.get(name), today)
    if _code_word(short.get("adverse")) in {"无", "none", "no", "否", "未见"}:
        told.append(Filled("any_adverse_event", False, short["adverse"]))
    return told


def _cell(model: Any, name: str, reader: str, cell: str | None, today: date) -> list[Filled]:
    """A cell read as files are read; what is not understood is left for the person at the form."""
    if not cell:
        return []
    column = model.__table__.columns[name]
    about = About(name, today, dict(column.info), column.type.python_type)
    try:
        found = READERS[reader](plain_cell(cell).removesuffix("钟"), about)
    except Unread:
        return []
    known = {key: value for key, value in found.items() if value is not None}
    return [Filled(key, value, cell) for key, value in known.items() if not isinstance(value, PartialDate)]


def _person(short: dict[str, str]) -> dict[str, Any]:
    age = re.match(r"\d{1,3}", plain_cell(short.get("age", "")))
    sex = _code(Sex, short.get("sex"))
    return {"name": short.get("name"), "sex": sex, "age": int(age[0]) if age else None}


def _biopsy(words: str) -> list[Filled]:
    """Tissue taken with the forceps, as the report says; how many pieces where it counts them."""
    pieces = [int(number) for number in _PIECES.findall(words)]
    told = [Filled("method", Method.FORCEPS, words), Filled("origin", words[:80], words)]
    return told + ([Filled("pieces", sum(pieces), words)] if 0 < sum(pieces) <= 200 else [])


def _joined(sections: list[tuple[str, str, str]], field: str) -> str:
    return "\n".join(words for named, _, words in sections if named == field and words)


def _sedated(words: str | None) -> Sedation | None:
    if not words:
        return None
    if "全麻" in words or "插管" in words:
        return Sedation.GENERAL
    return _code(Sedation, words) or (
        Sedation.SEDATION if re.search("静脉|无痛|丙泊酚|镇静", words) else None
    )


def _code(codes: type[CodeSet], words: str | None) -> Any:
    try:
        return codes.parse(words) if words else None
    except ValueError:
        return None


def _code_word(words: str | None) -> str:
    return plain_cell(words or "").casefold().rstrip("。.")
