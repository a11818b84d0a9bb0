"""The trail as readers see it: in the words of the columns and codes, with nothing that names anyone."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select

from registry.access import scope
from registry.codes.code_set import CodeSet
from registry.extensions import db
from registry.label import Label, measured_in
from registry.models import AuditEntry, Base, Centre, CentreOwned, Person, PersonOwned, User

HERE = ZoneInfo("Asia/Shanghai")
PAGE = 100
YES_NO = {True: Label("是", "yes"), False: Label("否", "no")}
HIDDEN = Label("（加密，不显示）", "(encrypted, not shown)")
NOTHING = Label("空", "empty")
KINDS = {
    "create": Label("新建", "created"),
    "update": Label("修改", "changed"),
    "delete": Label("删除", "deleted"),
    "look": Label("查看", "read"),
    "batch": Label("批量导入", "imported"),
    "session": Label("登录与退出", "session"),
    "refuse": Label("登录被拒", "refused"),
    "password": Label("密码", "password"),
    "join": Label("认出", "recognised"),
    "backup": Label("备份与恢复", "backup"),
    "file": Label("文件", "file"),
}
SUBJECTS = {
    "person": Label("受检者", "Person"),
    "enrolment": Label("建档", "Enrolment"),
    "identity_document": Label("证件", "Identity document"),
    "contact": Label("联系人", "Contact"),
    "search_token": Label("检索词", "Search token"),
    "person_key": Label("密钥", "Data key"),
    "prior_surgery": Label("既往手术", "Prior surgery"),
    "known_syndrome": Label("综合征", "Syndrome"),
    "vital_status": Label("生存状态", "Vital status"),
    "screening_round": Label("筛查轮次", "Screening round"),
    "risk_assessment": Label("风险评估", "Risk assessment"),
    "examination": Label("检查", "Examination"),
    "background": Label("背景黏膜", "Background"),
    "adverse_event": Label("不良事件", "Adverse event"),
    "accepted_flag": Label("已接受的提醒", "Accepted warning"),
    "lesion": Label("病变", "Lesion"),
    "specimen": Label("标本", "Specimen"),
    "covering": Label("标本所含病变", "Lesion in specimen"),
    "report": Label("病理报告", "Pathology report"),
    "result": Label("病理结果", "Pathology result"),
    "tumour": Label("肿瘤", "Tumour"),
    "sighting": Label("肿瘤所见", "Sighting of a tumour"),
    "treatment": Label("治疗", "Treatment"),
    "follow_up": Label("随访", "Follow-up"),
    "user_account": Label("账号", "Account"),
    "user_session": Label("登录", "Session"),
    "appointment": Label("角色", "Appointment"),
    "centre": Label("中心", "Centre"),
    "setup_code": Label("设置码", "Set-up code"),
    "import_run": Label("导入", "Import"),
    "import_file": Label("导入的文件", "Imported file"),
    "imported_case": Label("导入的病例", "Imported case"),
    "saved_mapping": Label("映射", "Mapping"),
    "source_code": Label("来源代码", "Source code"),
    "reading": Label("文本读出", "Reading of a text"),
    "proposal": Label("文本读出的代码", "Code read from a text"),
    "possible_pair": Label("疑似重复", "Possible double"),
    "merge": Label("合并", "Merge"),
    "question": Label("待答问题", "Question"),
    "listed": Label("当日名单", "Day's list"),
    "life_table": Label("寿命表", "Life table"),
    "alert": Label("预警", "Alert"),
    "closed_month": Label("已封存月份", "Closed month"),
    "reported_figure": Label("上报数", "Reported figure"),
    "release": Label("发布", "Release"),
    "counted_table": Label("已计数的表", "Counted table"),
    "released_part": Label("已公开的部分", "Released part"),
    "quality_note": Label("数据质量说明", "Note on data quality"),
    "inquiry": Label("质疑", "Query"),
    "inquiry_step": Label("质疑的步骤", "Step of a query"),
    "reabstraction_sample": Label("复核抽样", "Sample to enter again"),
    "reabstraction": Label("再次录入", "Second entry"),
    "reabstracted_field": Label("再次录入的项目", "Field entered again"),
    "integrity_signal": Label("记录提示", "Signal in the records"),
}
# Columns without a label of their own: most point to another record, and say what it is to this one.
_NAMES = {
    "owner_id": Label("负责人", "Owner"),
    "entered_by_id": Label("再次录入者", "Entered again by"),
    "author_id": Label("作者", "Author"),
    "mark": Label("信号", "Signal"),
    "counted_table_id": Label("表", "Table"),
    "digest": Label("校验值", "Digest"),
    "operator_id": Label("操作者", "Operator"),
    "supervisor_id": Label("上级医师", "Supervisor"),
    "recorder_id": Label("录入者", "Recorder"),
    "user_id": Label("用户", "User"),
    "continues_id": Label("承接的检查", "Continues examination"),
    "same_as_id": Label("同一病变", "Same as lesion"),
    "supersedes_id": Label("取代的报告", "Supersedes report"),
    "detecting_examination_id": Label("发现时的检查", "Detecting examination"),
    "detecting_centre_id": Label("发现中心", "Detecting centre"),
    "detecting_operator_id": Label("发现者", "Detecting operator"),
    "diagnosing_centre_id": Label("诊断中心", "Diagnosing centre"),
    "treating_centre_id": Label("治疗中心", "Treating centre"),
    "settles_id": Label("答复的随访", "Answers follow-up"),
    "merged_id": Label("并入的受检者", "Person merged"),
    "merged_into_id": Label("并入", "Merged into"),
    "other_id": Label("另一受检者", "Other person"),
    "import_id": Label("导入", "Import"),
    "saved_by_id": Label("保存者", "Saved by"),
    "pseudonym": Label("假名编号", "Pseudonym"),
    "sealed_for_id": Label("加密所属受检者", "Sealed for person"),
    "subject_id": Label("记录编号", "Record number"),
}
# What belongs to a case is shown with it.
_CHILDREN = {
    "examination": ("background", "lesion", "specimen", "adverse_event", "accepted_flag", "reading"),
    "reading": ("proposal",),
    "specimen": ("covering", "report"),
    "report": ("result",),
    "tumour": ("sighting", "treatment"),
    "inquiry": ("inquiry_step",),
    "enrolment": ("identity_document", "contact"),
}
_MODELS: dict[str, Any] = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Difference:
    """One column of one record, before and after."""

    label: Label
    old: Label
    new: Label


@dataclass(frozen=True)
class Line:
    """One entry of the trail, in words."""

    seq: int
    at: datetime
    actor: str
    name: str
    centre: Label | None
    action: str
    kind: Label
    subject: Label | None
    subject_id: int | None
    person_id: int | None
    reason: str | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Wanted:
    """Which part of the trail is asked for; what is None does not narrow it."""

    actor: str | None = None
    action: str | None = None
    kind: str | None = None
    subject: str | None = None
    subject_id: int | None = None
    person_id: int | None = None
    centre_id: int | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None


def lines(wanted: Wanted, *, limit: int = PAGE) -> list[Line]:
    """The newest entries that match, in Asia/Shanghai days; at most `limit`."""
    narrowed = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit)
    for name in ("actor", "kind", "subject", "subject_id", "person_id", "centre_id"):
        if (value := getattr(wanted, name)) is not None:
            narrowed = narrowed.where(getattr(AuditEntry, name) == value)
    if wanted.action:
        narrowed = narrowed.where(AuditEntry.action.startswith(wanted.action, autoescape=True))
    if wanted.since:
        narrowed = narrowed.where(AuditEntry.at >= _midnight(wanted.since))
    if wanted.until:
        narrowed = narrowed.where(AuditEntry.at < _midnight(wanted.until + timedelta(days=1)))
    if wanted.before:
        narrowed = narrowed.where(AuditEntry.seq < wanted.before)
    return _told(db.session.scalars(narrowed).all())


def history(subject: str, subject_id: int) -> list[Line] | None:
    """Who changed a record and what it contains, newest first; None when the scope knows no such record."""
    model = _MODELS.get(subject)
    if subject == "integrity_signal":
        return None  # the person concerned reads it first, on the own page
    if subject not in SUBJECTS or model is None or not issubclass(model, CentreOwned | PersonOwned | Person):
        return None
    if not db.session.scalar(select(model.id).where(model.id == subject_id)):
        return None
    records = [(subject, subject_id), *_contained(subject, [subject_id])]
    about = or_(*(and_(AuditEntry.subject == table, AuditEntry.subject_id == key) for table, key in records))
    entries = select(AuditEntry).where(about, AuditEntry.kind != "look").order_by(AuditEntry.seq.desc())
    return _told(db.session.scalars(entries).all())


def _contained(subject: str, ids: list[int]) -> list[tuple[str, int]]:
    found = []
    for child in _CHILDREN.get(subject, ()):
        model = _MODELS[child]
        keys = list(db.session.scalars(select(model.id).where(getattr(model, f"{subject}_id").in_(ids))))
        if keys:
            found += [(child, key) for key in keys] + _contained(child, keys)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HERE)


def _told(entries: Sequence[AuditEntry]) -> list[Line]:
    centres = {row.id: row.label for row in db.session.scalars(select(Centre))}
    actors = {entry.actor_id for entry in entries}
    names = dict(db.session.execute(select(User.id, User.name).where(User.id.in_(actors))).all())
    return [
        Line(
            seq=entry.seq,
            at=entry.at.astimezone(HERE),
            actor=entry.actor,
            name=names.get(entry.actor_id or 0, entry.actor),
            centre=centres.get(entry.centre_id or 0),
            action=entry.action,
            kind=KINDS.get(entry.kind, Label(entry.kind, entry.kind)),
            subject=SUBJECTS.get(entry.subject, Label(entry.subject, entry.subject))
            if entry.subject
            else None,
            subject_id=entry.subject_id,
            person_id=entry.person_id,
            reason=entry.reason,
            differences=tuple(_differences(entry.subject, entry.changes)),
        )
        for entry in entries
    ]


def words_of(name: str, info: Mapping[str, Any]) -> Label:
    """What a column is called in a history: by its own label, or by the record it points to."""
    kind = SUBJECTS.get(name.removesuffix("_id"))
    return info.get("label") or _NAMES.get(name) or kind or Label(name, name)


def _differences(subject: str | None, changes: str | None) -> Iterable[Difference]:
    columns = _MODELS[subject].__table__.columns if subject in _MODELS else {}
    for name, change in (json.loads(changes) if changes else {}).items():
        info = columns[name].info if name in columns else {}
        label = words_of(name, info)
        old, new = change if isinstance(change, list) and len(change) == 2 else (None, change)
        if name in ("id", "centre_id", "import_id") or old == new:
            continue
        yield Difference(label, _words(old, info), _words(new, info))


def _words(value: Any, info: Any) -> Label:
    if value is None:
        return NOTHING
    if info.get("identifier"):
        return HIDDEN
    if isinstance(value, bool):
        return YES_NO[value]
    codes: type[CodeSet] | None = info.get("codes")
    if codes is not None:
        return codes(value).label if value in {code.code for code in codes} else Label(value, value)
    unit = measured_in(info.get("unit", ""))
    return Label(f"{value} {unit.zh}".rstrip(), f"{value} {unit.en}".rstrip())


def actors() -> list[str]:
    """Whoever stands in the trail, by name of account."""
    return sorted(db.session.scalars(select(AuditEntry.actor).distinct()))


def today() -> date:
    """The calendar day in the alliance."""
    return datetime.now(UTC).astimezone(HERE).date()


def reads_everything() -> bool:
    """Whether the reader sees the trail of all centres."""
    current = scope()
    return current is not None and not current.centres
