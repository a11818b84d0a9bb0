"""The tumour of a person, wherever it was found, proved and treated."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.lesion import Organ, Site
from registry.codes.outcome import Completeness, Intent, TreatmentType
from registry.codes.pathology import Depth, Morphology, Vienna
from registry.codes.person import Precision
from registry.codes.tumour import (
    Basis,
    DetectionMode,
    MCategory,
    MultiplePrimary,
    NCategory,
    StageEdition,
    StageGroup,
    StagePrefix,
    SummaryStage,
    TCategory,
)
from registry.models.base import Base, Imported, PersonOwned, Versioned
from registry.models.fields import coded, day, flag, precision, whole
from registry.models.person import Person


class Tumour(PersonOwned, Imported, Versioned, Base):
    """One primary tumour. Early, advanced and curative are never stored.

    The columns below `summary_stage` are facts settled by services.course.tumours from the lesions it was
    seen as, from treatments and from vital status: what the pathology proves, and whole days
    followed from the day invasion was first proved (non-invasive: from its own first proof).
    """

    __tablename__ = "tumour"
    __table_args__ = (
        UniqueConstraint("person_id", "sequence"),
        Index("ix_tumour_tally", "organ", "detected_on", "detecting_centre_id", "detecting_operator_id"),
        Index(  # survival is grouped from this alone; it holds what filters, editions and the scope ask for
            "ix_tumour_survival",
            "invasive",
            "followed_days",
            "dead",
            "summary_stage",
            "basis",
            "organ",
            "topography",
            "stage_group",
            "deepest",
            "t",
            "stage_prefix",
            "first_treatment",
            "invasive_on",
            "incidence_on",
            "import_id",
            "centre_id",
            "person_id",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = whole("肿瘤序号", "Tumour sequence", limits=(1, 99))
    organ: Mapped[Organ] = coded(Organ, "器官", "Organ")
    topography: Mapped[Site | None] = coded(Site, "部位（ICD-O-3）", "Topography (ICD-O-3)")
    morphology: Mapped[Morphology | None] = coded(Morphology, "形态学（ICD-O-3）", "Morphology (ICD-O-3)")
    incidence_on: Mapped[date | None] = day("发病日期", "Incidence date")
    incidence_precision: Mapped[Precision | None] = precision("发病日期精度", "Incidence date precision")
    basis: Mapped[Basis | None] = coded(Basis, "诊断依据", "Basis of diagnosis")
    dcn: Mapped[bool | None] = flag("由死亡证明追溯（DCN）", "Death certificate notified (DCN)")
    primary_rule: Mapped[MultiplePrimary | None] = coded(
        MultiplePrimary, "多原发规则", "Multiple-primary rule"
    )
    detection: Mapped[DetectionMode | None] = coded(DetectionMode, "发现方式", "Detection mode")
    stage_edition: Mapped[StageEdition | None] = coded(StageEdition, "分期版本", "Stage edition")
    stage_prefix: Mapped[StagePrefix | None] = coded(StagePrefix, "分期前缀", "Stage prefix")
    t: Mapped[TCategory | None] = coded(TCategory, "T", "T")
    n: Mapped[NCategory | None] = coded(NCategory, "N", "N")
    m: Mapped[MCategory | None] = coded(MCategory, "M", "M")
    stage_group: Mapped[StageGroup | None] = coded(StageGroup, "分期组", "Stage group")
    summary_stage: Mapped[SummaryStage | None] = coded(SummaryStage, "概要分期", "Summary stage")

    worst: Mapped[Vienna | None] = coded(Vienna, "最重病理", "Worst category")
    deepest: Mapped[Depth | None] = coded(Depth, "最深浸润", "Deepest invasion")
    clinical_early: Mapped[bool | None] = flag("临床早癌印象", "Clinically early by impression")
    invasive: Mapped[bool | None] = flag("浸润癌", "Invasive carcinoma")
    awaited: Mapped[bool] = flag("切除标本待病理", "Resection report awaited", default=False)
    detected_on: Mapped[date | None] = day("发现日期", "Detected on")
    detecting_examination_id: Mapped[int | None] = mapped_column(ForeignKey("examination.id"))
    detecting_centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    detecting_operator_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    diagnosing_centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    treating_centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    first_treatment: Mapped[TreatmentType | None] = coded(TreatmentType, "首次治疗", "First treatment")
    noninvasive_on: Mapped[date | None] = day("首次证实高级别瘤变", "High-grade neoplasia first proved on")
    invasive_on: Mapped[date | None] = day("首次证实浸润癌", "Invasion first proved on")
    followed_days: Mapped[int | None] = whole("随访天数", "Days followed", unit="d", limits=(0, 60_000))
    dead: Mapped[bool | None] = flag("死亡", "Dead at the end of follow-up")

    person: Mapped[Person] = relationship()
    sightings: Mapped[list[Sighting]] = relationship(back_populates="tumour", order_by="Sighting.id")
    treatments: Mapped[list[Treatment]] = relationship(back_populates="tumour", order_by="Treatment.id")


class Sighting(PersonOwned, Base):
    """A lesion that this tumour was seen as, at the centre that saw it."""

    __tablename__ = "sighting"

    id: Mapped[int] = mapped_column(primary_key=True)
    tumour_id: Mapped[int] = mapped_column(ForeignKey("tumour.id"), index=True)
    lesion_id: Mapped[int] = mapped_column(ForeignKey("lesion.id"), unique=True)

    tumour: Mapped[Tumour] = relationship(back_populates="sightings")


class Treatment(PersonOwned, Imported, Versioned, Base):
    """One treatment of a tumour, given or refused."""

    __tablename__ = "treatment"

    id: Mapped[int] = mapped_column(primary_key=True)
    tumour_id: Mapped[int | None] = mapped_column(ForeignKey("tumour.id"), index=True)
    type: Mapped[TreatmentType | None] = coded(TreatmentType, "治疗", "Treatment")
    intent: Mapped[Intent | None] = coded(Intent, "目的", "Intent")
    started_on: Mapped[date | None] = day("开始日期", "Started on")
    started_precision: Mapped[Precision | None] = precision("开始日期精度", "Start precision")
    completeness: Mapped[Completeness | None] = coded(Completeness, "完整性", "Completeness")
    refused: Mapped[bool | None] = flag("拒绝", "Refused")
    examination_id: Mapped[int | None] = mapped_column(ForeignKey("examination.id"))

    tumour: Mapped[Tumour | None] = relationship(back_populates="treatments")
