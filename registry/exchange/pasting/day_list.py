"""A pasted list of a day's examinations, as the cases that a file would give."""

import re
from datetime import date
from typing import Any

from registry.codes.endoscopy import ExaminationType, Indication, Sedation
from registry.exchange.cells import plain_cell
from registry.exchange.cells.documents import doubt
from registry.exchange.pasting.lines import (
    CELL,
    PastedLine,
    case_of,
    left_out,
    lines_of,
    plain,
    read_cell,
)
from registry.models import IdentityDocument, Listed, Person
from registry.rules import identity
from registry.rules.dates import PartialDate
from registry.rules.problem import Problem, refusal, warning
from registry.services.imports.case import Case

HEADINGS = {
    "name": ("姓名", "患者姓名", "病人姓名", "受检者", "受检者姓名", "患者", "name", "patient"),
    "sex": ("性别", "sex", "gender"),
    "age": ("年龄", "age"),
    "born_on": ("出生日期", "出生年月", "生日", "birth date", "date of birth", "born", "dob"),
    "document": ("证件号", "证件号码", "身份证", "身份证号", "身份证号码", "id", "id number", "document"),
    "record_number": ("登记号", "病历号", "病案号", "卡号", "record number", "record no", "mrn"),
    "phone": ("电话", "手机", "手机号", "联系电话", "phone", "mobile"),
    "type": ("检查项目", "检查类型", "检查名称", "检查", "项目", "examination", "exam", "procedure"),
    "number": ("检查号", "检查编号", "流水号", "申请单号", "examination number", "exam number", "exam no"),
    "operator_words": ("术者", "操作者", "操作医师", "检查医师", "检查医生", "医师", "医生", "operator"),
    "indication": ("适应证", "适应症", "检查目的", "indication"),
    "sedation": ("麻醉", "镇静", "麻醉方式", "sedation"),
    "listed_on": ("日期", "检查日期", "预约日期", "date"),
    "place": ("序号", "顺序", "place"),
}  # fmt: skip
KINDS = (  # in this order; what was found is taken out, so that 肠镜 is not found again in 乙状结肠镜
    (r"超声(?:内|胃)镜|eus", ExaminationType.EUS),
    (r"胶囊", ExaminationType.CAPSULE),
    (r"乙状结肠镜|乙镜|sigmoidoscopy", ExaminationType.SIGMOIDOSCOPY),
    (r"胃镜.{0,4}治疗|胃\s*(?:esd|emr)", ExaminationType.THERAPEUTIC_UPPER),
    (r"肠镜.{0,4}治疗|肠\s*(?:esd|emr)", ExaminationType.THERAPEUTIC_LOWER),
    (r"胃镜|gastroscopy|\b[eo]gd\b|胃(?=[、和+及]?结?肠镜)", ExaminationType.OGD),
    (r"肠镜|colonoscopy", ExaminationType.COLONOSCOPY),
)
_KINDS = [(re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in KINDS]
_EXAMINED = re.compile(r"镜|胶囊|scopy|\b(?:[eo]gd|esd|emr|eus)\b", re.IGNORECASE)
_LISTED_DAY = re.compile(r"20[2-9]\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_LOOKS = (  # of a cell without a heading: the first that fits and has no cell yet
    ("sex", re.compile(r"男性?|女性?|[mf]|male|female", re.IGNORECASE)),
    ("document", re.compile(r"\d{17}[\dXx]|\d{15}|\d(\.\d+)?[Ee]\+?\d{2}")),
    ("phone", re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")),
    ("age", re.compile(r"\d{1,3}\s*(?:周?岁|y|yrs?|years?)|\d{2}", re.IGNORECASE)),
    ("listed_on", _LISTED_DAY),
    ("born_on", re.compile(r"(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")),
    ("type", re.compile(rf".*(?:{_EXAMINED.pattern}).*", re.IGNORECASE)),
    ("operator_words", re.compile(r".{1,6}(?:医师|医生|主任|大夫)")),
    ("indication", None),
    ("sedation", None),
    ("name", re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[\u3400-\u9fff]+[·•][\u3400-\u9fff·•]+")),
    ("place", re.compile(r"\d{1,3}[.、)]?")),
    ("number", re.compile(r"[A-Za-z]{1,4}[\d-]{1,20}|[\d-]{4,20}")),
)  # fmt: skip
_CODES = {"indication": Indication, "sedation": Sedation}


def day_list(text: str, *, day: date, today: date) -> list[Case]:
    """The lines of a pasted list for `day`; a line may name its own day.

    Two examinations on one line, such as 胃肠镜, are two cases. What is not understood is a warning
    and left out; what contradicts itself is a refusal, by path ("document-value").
    """
    return [
        case
        for line in lines_of(text, HEADINGS, _sorted)
        for case in _cases(line, case_of(line), day=day, today=today)
    ]


def examinations(words: str) -> tuple[list[ExaminationType], Sedation | None]:
    """Which examinations words for one or two mean, and how sedated.

    >>> [kind.code for kind in examinations("无痛胃肠镜")[0]], examinations("无痛胃肠镜")[1].code
    (['ogd', 'colonoscopy'], 'sedation')
    >>> examinations("普通胃镜")[1].code, [kind.code for kind in examinations("乙状结肠镜")[0]]
    ('none', ['sigmoidoscopy'])
    """
    text = plain_cell(words)
    sedation = Sedation.SEDATION if "无痛" in text else Sedation.NONE if "普通" in text else None
    found = []
    for pattern, kind in _KINDS:
        if pattern.search(text):
            text = pattern.sub("", text)
            found.append(kind)
    return found, sedation


def _cases(line: PastedLine, case: Case, *, day: date, today: date) -> list[Case]:
    cells, problems = line.cells, case.problems
    kinds, sedation = examinations(cells.get("type", ""))
    own = read_cell(Listed, "listed-listed_on", cells.get("listed_on"), problems, today=today)
    listed: dict[str, Any] = {
        "listed_on": _whole_day(own.get("listed_on"), problems) or day,
        "operator_words": (cells.get("operator_words") or "")[:40] or None,
        "number": plain_cell(cells.get("number") or "")[:40] or None,
    }
    for field, codes in _CODES.items():
        words = cells.get(field)
        listed[field] = _code(codes, words) if words else None
        if words and listed[field] is None:
            problems.append(left_out(f"listed-{field}", words))
    listed["sedation"] = listed["sedation"] or sedation
    if not kinds:
        zh, en = "没有看出是哪种检查，录入时再选", "Which examination is not clear: choose it on entry"
        problems.append(warning("listed-type", zh, en, CELL))
    records = _who(cells, problems, day=listed["listed_on"], today=today)
    one_each: list[ExaminationType | None] = [*kinds] or [None]
    return [
        Case(
            f"{case.key}-{kind.code if kind else ''}",
            case.lines,
            records | {"listed": listed | {"type": kind}},
            problems=list(problems),
            rows=case.rows,
        )
        for kind in one_each
    ]


def _who(cells: Any, problems: list[Problem], *, day: date, today: date) -> dict[str, Any]:
    """Person, enrolment and document of a line."""

    def read(model: Any, path: str, name: str, reader: str | None = None) -> dict[str, Any]:
        return read_cell(model, path, cells.get(name), problems, today=today, day=day, reader=reader)

    born = read(Person, "person-born_on", "age", "age") | read(Person, "person-born_on", "born_on")
    if isinstance(known := born.get("born_on"), PartialDate):
        born = {"born_on": known.day, "born_precision": known.precision}
    document = read(IdentityDocument, "document-value", "document", "document")
    if document.get("doubtful") and (why := doubt(document["value"], today)) is not None:
        zh, en = f"{why.zh}；号码按存疑保留", f"{why.en}; it is kept as doubtful"
        problems.append(warning("document-value", zh, en, identity.STANDARD))
    return {
        "person": read(Person, "person-sex", "sex") | born,
        "enrolment": {name: cells.get(name) for name in ("name", "phone", "record_number")},
        "document": document,
    }


def _whole_day(found: Any, problems: list[Problem]) -> date | None:
    if not isinstance(found, PartialDate):
        return found if isinstance(found, date) else None
    zh, en = "这里需要完整日期", "The whole day is needed here"
    problems.append(refusal("listed-listed_on", zh, en, CELL))
    return None


def _sorted(cells: list[str]) -> tuple[dict[str, str], list[str]]:
    """The cells of a line without headings, by what they look like."""
    found: dict[str, str] = {}
    rest = []
    for cell in cells:
        field = next(
            (field for field, looks in _LOOKS if field not in found and _fits(field, looks, cell)), None
        )
        if field is None:
            rest.append(cell)
        else:
            found[field] = cell
    return found, rest


def _fits(field: str, looks: re.Pattern[str] | None, cell: str) -> bool:
    if looks is None:
        return _code(_CODES[field], cell) is not None
    return looks.fullmatch(plain_cell(cell)) is not None


def _code(codes: Any, words: str) -> Any:
    try:
        return codes.parse(plain(words))
    except ValueError:
        return None
