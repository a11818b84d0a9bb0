"""Checks of time: how soon a report comes, an examination is entered, and a due person is seen again."""

from typing import Any

from sqlalchemy import and_, case, func, or_, select

from registry import models
from registry.codes.person import Vital
from registry.codes.review import QualityKind
from registry.indicators.checks.check import TODAY, Check, Records, Threshold
from registry.label import Label
from registry.models.portable import days_between

# Columns as expressions: a type checker takes a nullable one for no condition.
AuditEntry: Any = models.AuditEntry
Examination: Any = models.Examination
FollowUp: Any = models.FollowUp
ImportRun: Any = models.ImportRun
Person: Any = models.Person
Report: Any = models.Report
Specimen: Any = models.Specimen

REPORT_DAYS, LATE_DAYS, DUE_DAYS = 14, 30, 30
TIMELY = Threshold(0.90)
# Two questions, so two numbers; no source sets either, both are the alliance's own. ENTRY_DAYS: is a case
# there when its month is reported; files that bring cases count, and a share of them should be in time.
# MEMORY_DAYS: was it typed while the examination was remembered; no share is asked, only peers are beside it.
ENTRY_DAYS, MEMORY_DAYS = 30, 7
ENTRY_OR_MEMORY = Label(
    f"两个天数问的是两件事，都是本联盟自定、没有出处：数据质量看检查后 {ENTRY_DAYS} 天内"
    "是否入库（录入或导入），关系到月报是否齐全，有阈值；"
    f"自己的记录看人工录入是否晚于 {MEMORY_DAYS} 天，关系到是否凭记忆补写，没有阈值，只与同行相比。",
    "Two numbers of days ask two things, both the alliance's own, from no source: data quality asks whether "
    f"a case was there, typed or imported, within {ENTRY_DAYS} days, so that a month's report is complete, "
    f"and has a threshold; own records ask whether it was typed more than {MEMORY_DAYS} days later, perhaps "
    "from memory, and have none: they are only held beside those of peers.",
)

# The first report of each specimen, whatever superseded it; joined to the specimens.
FIRST: Any = (
    select(Report.specimen_id, func.min(Report.reported_on).label("reported_on"))
    .group_by(Report.specimen_id)
    .subquery("first_report")
)
# A case that was typed in stands in the trail by itself; one that a file brought came when the file had.
# Instants are UTC; a day more or less does not matter here.
TYPED_ON = (
    select(func.min(AuditEntry.at))
    .where(
        AuditEntry.subject == "examination",
        AuditEntry.subject_id == Examination.id,
        AuditEntry.kind == "create",
    )
    .correlate(Examination)
    .scalar_subquery()
)
BROUGHT_ON = (
    select(ImportRun.finished_at)
    .where(ImportRun.id == Examination.import_id)
    .correlate(Examination)
    .scalar_subquery()
)
_entered = case((Examination.import_id.is_(None), TYPED_ON), else_=BROUGHT_ON)
_days_to_entry = days_between(Examination.performed_on, _entered)
_days_to_report = days_between(Specimen.taken_on, FIRST.c.reported_on)
_overdue = days_between(FollowUp.next_due_on, TODAY)


def _reported_within(days: int) -> Check:
    waiting = and_(Specimen.reported.is_(False), days_between(Specimen.taken_on, TODAY) > days)
    return Check(
        key=f"timely.report.{days}_days",
        kind=QualityKind.TIMELY,
        records=Records.SPECIMEN,
        label=Label(f"病理 {days} 天内回报", f"Reported within {days} days"),
        whom=Label(
            f"未遗失、报告日期已知或等了 {days} 天以上的标本",
            f"specimens not lost, with a dated report or waiting for more than {days} days",
        ),
        fine_when=Label(f"取材后 {days} 天内报告", f"the report is dated within {days} days of sampling"),
        of=and_(Specimen.retrieved.is_not(False), or_(FIRST.c.reported_on.is_not(None), waiting)),
        column=Report.reported_on,
        fine=_days_to_report <= days,
        threshold=TIMELY,
        shows=(Specimen.taken_on, Specimen.reported),
    )


CHECKS: tuple[Check, ...] = (
    _reported_within(REPORT_DAYS),
    _reported_within(LATE_DAYS),
    Check(
        key=f"timely.examination.entered_{ENTRY_DAYS}_days",
        kind=QualityKind.TIMELY,
        records=Records.EXAMINATION,
        label=Label(f"检查后 {ENTRY_DAYS} 天内录入", f"Entered within {ENTRY_DAYS} days"),
        whom=Label(
            "录入日期可从审计或导入得知的检查", "examinations whose day of entry the trail or an import tells"
        ),
        fine_when=Label(
            f"录入或导入完成于检查后 {ENTRY_DAYS} 天内",
            f"it was typed in, or its import finished, within {ENTRY_DAYS} days of the examination",
        ),
        of=_days_to_entry.is_not(None),
        column=Examination.performed_on,
        fine=_days_to_entry <= ENTRY_DAYS,
        threshold=TIMELY,
        remark=ENTRY_OR_MEMORY,
    ),
    Check(
        key=f"timely.follow_up.overdue_{DUE_DAYS}_days",
        kind=QualityKind.TIMELY,
        records=Records.FOLLOW_UP,
        label=Label("到期有后续", "Due and followed"),
        whom=Label(
            f"到期已逾 {DUE_DAYS} 天、未知死亡者",
            f"follow-ups more than {DUE_DAYS} days past due, not known dead",
        ),
        fine_when=Label("到期之后已有后续联系或检查", "a later contact or examination has settled it"),
        of=and_(_overdue > DUE_DAYS, Person.vital != Vital.DEAD),
        column=FollowUp.next_due_on,
        fine=FollowUp.settled.is_(True),
        threshold=TIMELY,
        shows=(FollowUp.next_due_on,),
    ),
)
