"""The examination: the root of a case, with its background and its adverse events."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.endoscopy import (
    AdverseKind,
    AdverseOutcome,
    Agree,
    ExaminationType,
    Extent,
    IncompleteReason,
    Indication,
    Intervention,
    Kimura,
    LosAngeles,
    Operative,
    Sedation,
    SiteSeen,
    Visibility,
)
from registry.codes.person import Missing
from registry.models.alliance import User
from registry.models.base import Base, CentreOwned, Imported, Versioned, contains, inside
from registry.models.fields import clock, coded, day, flag, measure, missing, text, whole
from registry.models.person import Person

if TYPE_CHECKING:
    from registry.models.lesion import Lesion
    from registry.models.pathology import Specimen

UPPER_SITES = (
    "seen_upper_oesophagus",
    "seen_middle_oesophagus",
    "seen_lower_oesophagus",
    "seen_cardia",
    "seen_fundus",
    "seen_body",
    "seen_angulus",
    "seen_antrum",
    "seen_pylorus",
    "seen_bulb",
    "seen_d2",
)
IMAGING = (
    "imaging_wli",
    "imaging_nbi",
    "imaging_bli",
    "imaging_lci",
    "imaging_lugol",
    "imaging_indigo",
    "imaging_acetic",
    "imaging_magnifying",
    "imaging_ai",
)


class Examination(CentreOwned, Imported, Versioned, Base):
    """One endoscopy: who, when, how far, how well, and what happened afterwards."""

    __tablename__ = "examination"
    __table_args__ = (
        contains(),
        Index("ix_examination_performed_on", "performed_on"),
        Index("ix_examination_centre_id_performed_on", "centre_id", "performed_on"),
        Index("ix_examination_operator_id_performed_on", "operator_id", "performed_on"),
        Index(  # persons examined are counted from this alone
            "ix_examination_persons",
            "centre_id",
            "person_id",
            "type",
            "performed_on",
            "operator_id",
            "age",
            "import_id",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    type: Mapped[ExaminationType] = coded(ExaminationType, "检查类型", "Examination")
    performed_on: Mapped[date] = day("检查日期", "Date")
    started_at: Mapped[time | None] = clock("开始", "Start")
    ended_at: Mapped[time | None] = clock("结束", "End")
    number: Mapped[str | None] = text("检查号", "Examination number", 40, index=True)
    age: Mapped[int | None] = whole(
        "检查时年龄", "Age at examination", unit="岁", limits=(0, 130), usual=(18, 100)
    )
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorder_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    indication: Mapped[Indication | None] = coded(Indication, "适应证", "Indication")
    sedation: Mapped[Sedation | None] = coded(Sedation, "镇静", "Sedation")
    scope: Mapped[str | None] = text("内镜型号", "Scope", 40)
    extent: Mapped[Extent | None] = coded(Extent, "到达部位", "Extent reached")
    incomplete_reason: Mapped[IncompleteReason | None] = coded(
        IncompleteReason, "未完成原因", "Why incomplete"
    )
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("examination.id"))
    photos: Mapped[int | None] = whole("照片", "Photographs", unit="张", limits=(0, 2000))

    seen_upper_oesophagus: Mapped[SiteSeen | None] = coded(SiteSeen, "食管上段", "Upper oesophagus")
    seen_middle_oesophagus: Mapped[SiteSeen | None] = coded(SiteSeen, "食管中段", "Middle oesophagus")
    seen_lower_oesophagus: Mapped[SiteSeen | None] = coded(SiteSeen, "食管下段", "Lower oesophagus")
    seen_cardia: Mapped[SiteSeen | None] = coded(SiteSeen, "贲门", "Cardia")
    seen_fundus: Mapped[SiteSeen | None] = coded(SiteSeen, "胃底", "Fundus")
    seen_body: Mapped[SiteSeen | None] = coded(SiteSeen, "胃体", "Body")
    seen_angulus: Mapped[SiteSeen | None] = coded(SiteSeen, "胃角", "Angulus")
    seen_antrum: Mapped[SiteSeen | None] = coded(SiteSeen, "胃窦", "Antrum")
    seen_pylorus: Mapped[SiteSeen | None] = coded(SiteSeen, "幽门", "Pylorus")
    seen_bulb: Mapped[SiteSeen | None] = coded(SiteSeen, "球部", "Bulb")
    seen_d2: Mapped[SiteSeen | None] = coded(SiteSeen, "降部", "Descending duodenum")
    upper_minutes: Mapped[float | None] = measure(
        "观察时间", "Inspection time", unit="min", limits=(0, 240), usual=(2, 60)
    )
    visibility: Mapped[Visibility | None] = coded(Visibility, "视野", "Mucosal visibility")

    imaging_wli: Mapped[bool | None] = flag("白光", "White light")
    imaging_nbi: Mapped[bool | None] = flag("NBI", "NBI")
    imaging_bli: Mapped[bool | None] = flag("BLI", "BLI")
    imaging_lci: Mapped[bool | None] = flag("LCI", "LCI")
    imaging_lugol: Mapped[bool | None] = flag("碘染色", "Lugol")
    imaging_indigo: Mapped[bool | None] = flag("靛胭脂", "Indigo carmine")
    imaging_acetic: Mapped[bool | None] = flag("醋酸", "Acetic acid")
    imaging_magnifying: Mapped[bool | None] = flag("放大", "Magnifying")
    imaging_ai: Mapped[bool | None] = flag("AI 辅助", "AI")

    bbps_right: Mapped[int | None] = whole("BBPS 右半结肠", "BBPS right", limits=(0, 3))
    bbps_right_missing: Mapped[Missing | None] = missing("BBPS 右缺失原因", "Why BBPS right is missing")
    bbps_transverse: Mapped[int | None] = whole("BBPS 横结肠", "BBPS transverse", limits=(0, 3))
    bbps_transverse_missing: Mapped[Missing | None] = missing(
        "BBPS 横缺失原因", "Why BBPS transverse is missing"
    )
    bbps_left: Mapped[int | None] = whole("BBPS 左半结肠", "BBPS left", limits=(0, 3))
    bbps_left_missing: Mapped[Missing | None] = missing("BBPS 左缺失原因", "Why BBPS left is missing")
    bbps_total: Mapped[int | None] = whole("BBPS 总分", "BBPS total", limits=(0, 9))
    withdrawal_min: Mapped[float | None] = measure(
        "退镜时间", "Withdrawal time", unit="min", limits=(0, 240), usual=(2, 60)
    )
    withdrawal_missing: Mapped[Missing | None] = missing("退镜时间缺失原因", "Why withdrawal time is missing")
    caecum_reached: Mapped[bool | None] = flag("到达盲肠", "Caecum reached")
    caecum_photo: Mapped[bool | None] = flag("盲肠留图", "Caecum photographed")

    any_adverse_event: Mapped[bool | None] = flag("不良事件", "Adverse event")
    contact_30d: Mapped[bool | None] = flag("30 天内已联系", "Contacted within 30 days")
    findings: Mapped[str | None] = text("镜下所见", "Findings as written", 4000)
    diagnosis: Mapped[str | None] = text("内镜诊断", "Endoscopic diagnosis as written", 1000)
    operator_words: Mapped[str | None] = text("术者（原文）", "Operator as the source writes it", 40)

    person: Mapped[Person] = relationship()
    operator: Mapped[User | None] = relationship(foreign_keys=[operator_id])
    supervisor: Mapped[User | None] = relationship(foreign_keys=[supervisor_id])
    recorder: Mapped[User | None] = relationship(foreign_keys=[recorder_id])
    background: Mapped[Background | None] = relationship(
        back_populates="examination",
        primaryjoin="foreign(Background.examination_id) == Examination.id",
        uselist=False,
    )
    lesions: Mapped[list[Lesion]] = relationship(
        back_populates="examination",
        primaryjoin="foreign(Lesion.examination_id) == Examination.id",
        order_by="Lesion.number",
    )
    specimens: Mapped[list[Specimen]] = relationship(
        back_populates="examination",
        primaryjoin="foreign(Specimen.examination_id) == Examination.id",
        order_by="Specimen.letter",
    )
    adverse_events: Mapped[list[AdverseEvent]] = relationship(
        back_populates="examination",
        primaryjoin="foreign(AdverseEvent.examination_id) == Examination.id",
        order_by="AdverseEvent.id",
    )
    accepted: Mapped[list[AcceptedFlag]] = relationship(
        back_populates="examination",
        primaryjoin="foreign(AcceptedFlag.examination_id) == Examination.id",
        order_by="AcceptedFlag.id",
    )


class Background(CentreOwned, Base):
    """The mucosa around any lesion: atrophy, reflux, Barrett, metaplasia."""

    __tablename__ = "background"
    __table_args__ = (inside("examination"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    examination_id: Mapped[int] = mapped_column(unique=True)
    kimura: Mapped[Kimura | None] = coded(Kimura, "萎缩，Kimura–Takemoto", "Atrophy, Kimura–Takemoto")
    los_angeles: Mapped[LosAngeles | None] = coded(
        LosAngeles, "反流性食管炎，洛杉矶", "Reflux oesophagitis, Los Angeles"
    )
    prague_c: Mapped[float | None] = measure("布拉格 C", "Prague C", unit="cm", limits=(0, 30))
    prague_m: Mapped[float | None] = measure("布拉格 M", "Prague M", unit="cm", limits=(0, 30))
    eggim: Mapped[int | None] = whole("EGGIM", "EGGIM", limits=(0, 10))
    olga: Mapped[Operative | None] = coded(Operative, "OLGA", "OLGA")
    olgim: Mapped[Operative | None] = coded(Operative, "OLGIM", "OLGIM")
    sydney_sites: Mapped[int | None] = whole("悉尼活检部位数", "Sydney sites biopsied", limits=(0, 5))
    seattle_done: Mapped[bool | None] = flag("西雅图活检", "Seattle biopsies")
    autoimmune_gastritis: Mapped[bool | None] = flag("自身免疫性胃炎", "Autoimmune gastritis")

    examination: Mapped[Examination] = relationship(
        back_populates="background", primaryjoin="foreign(Background.examination_id) == Examination.id"
    )


class AdverseEvent(CentreOwned, Base):
    """One adverse event, as facts; what is serious is decided by an indicator's edition."""

    __tablename__ = "adverse_event"
    __table_args__ = (inside("examination"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    examination_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[AdverseKind] = coded(AdverseKind, "不良事件", "Adverse event")
    onset_on: Mapped[date | None] = day("发生日期", "Onset")
    agree: Mapped[Agree | None] = coded(Agree, "AGREE 分级", "AGREE grade")
    outcome: Mapped[AdverseOutcome | None] = coded(AdverseOutcome, "转归", "Outcome")
    intervention: Mapped[Intervention | None] = coded(Intervention, "处置", "Intervention")
    haemoglobin_drop: Mapped[int | None] = whole(
        "3 日内血红蛋白下降", "Haemoglobin drop within 3 days", unit="g/L", limits=(0, 200)
    )
    transfusion: Mapped[bool | None] = flag("输血", "Transfusion")
    sirs_criteria: Mapped[int | None] = whole("SIRS 条数", "SIRS criteria", limits=(0, 4))
    severe_pancreatitis: Mapped[bool | None] = flag("重症胰腺炎", "Severe pancreatitis")

    examination: Mapped[Examination] = relationship(
        back_populates="adverse_events", primaryjoin="foreign(AdverseEvent.examination_id) == Examination.id"
    )


class AcceptedFlag(CentreOwned, Base):
    """A warning that somebody saw and accepted, and why."""

    __tablename__ = "accepted_flag"
    __table_args__ = (inside("examination"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    examination_id: Mapped[int] = mapped_column(index=True)
    field: Mapped[str] = text("项目", "Field", 60)
    clause: Mapped[str] = text("规则", "Rule", 120)
    reason: Mapped[str] = text("理由", "Reason", 200)

    examination: Mapped[Examination] = relationship(
        back_populates="accepted", primaryjoin="foreign(AcceptedFlag.examination_id) == Examination.id"
    )
