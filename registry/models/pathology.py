"""Tissue and what the pathologist says of it: specimens, reports, results."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.pathology import (
    Budding,
    Depth,
    Differentiation,
    Finding,
    Lymphatic,
    Margin,
    Method,
    Morphology,
    Ulceration,
    Venous,
    Vienna,
    ViennaVersion,
    WhoType,
)
from registry.models.base import Base, CentreOwned, contains, inside
from registry.models.examination import Examination
from registry.models.fields import coded, day, flag, measure, text, whole
from registry.models.lesion import Lesion


class Specimen(CentreOwned, Base):
    """Tissue taken at one examination from none, one or several lesions."""

    __tablename__ = "specimen"
    __table_args__ = (
        inside("examination"),
        contains(),
        Index("ix_specimen_centre_id_reported_taken_on", "centre_id", "reported", "taken_on"),
        Index("ix_specimen_centre_id_pathology_number", "centre_id", "pathology_number"),
        Index("ix_specimen_tally", "method", "reported", "retrieved", "examination_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    examination_id: Mapped[int] = mapped_column(index=True)
    letter: Mapped[str] = text("标本", "Specimen", 4)
    method: Mapped[Method] = coded(Method, "方法", "Method")
    taken_on: Mapped[date] = day("取材日期", "Taken on")
    pathology_number: Mapped[str | None] = text("病理号", "Pathology number", 40)
    pieces: Mapped[int | None] = whole("块数", "Pieces", limits=(1, 200))
    en_bloc: Mapped[bool | None] = flag("整块", "En bloc")
    retrieved: Mapped[bool | None] = flag("已回收", "Retrieved")
    origin: Mapped[str | None] = text("取自（无病变时）", "Taken from (no lesion)", 80)
    reported: Mapped[bool] = flag("已报告", "Reported", default=False)

    examination: Mapped[Examination] = relationship(
        back_populates="specimens", primaryjoin="foreign(Specimen.examination_id) == Examination.id"
    )
    coverings: Mapped[list[Covering]] = relationship(
        back_populates="specimen",
        primaryjoin="foreign(Covering.specimen_id) == Specimen.id",
        order_by="Covering.id",
    )
    reports: Mapped[list[Report]] = relationship(
        back_populates="specimen",
        primaryjoin="foreign(Report.specimen_id) == Specimen.id",
        order_by="Report.id",
    )

    @property
    def lesions(self) -> list[Lesion]:
        return [covering.lesion for covering in self.coverings]


class Covering(CentreOwned, Base):
    """A lesion that a specimen takes in; background biopsies have none."""

    __tablename__ = "covering"
    __table_args__ = (inside("specimen"), inside("lesion"))

    id: Mapped[int] = mapped_column(primary_key=True)
    specimen_id: Mapped[int] = mapped_column(index=True)
    lesion_id: Mapped[int] = mapped_column(index=True)

    specimen: Mapped[Specimen] = relationship(
        back_populates="coverings", primaryjoin="foreign(Covering.specimen_id) == Specimen.id"
    )
    lesion: Mapped[Lesion] = relationship(
        back_populates="coverings", primaryjoin="foreign(Covering.lesion_id) == Lesion.id"
    )


class Report(CentreOwned, Base):
    """A pathology report on a specimen. A revision supersedes; the superseded one stays readable."""

    __tablename__ = "report"
    __table_args__ = (inside("specimen"), contains())

    id: Mapped[int] = mapped_column(primary_key=True)
    specimen_id: Mapped[int] = mapped_column(index=True)
    received_on: Mapped[date | None] = day("收到日期", "Received on")
    reported_on: Mapped[date | None] = day("报告日期", "Reported on")
    laboratory: Mapped[str | None] = text("病理科", "Laboratory", 80)
    supersedes_id: Mapped[int | None] = mapped_column()
    current: Mapped[bool] = flag("现行", "Current", default=True)
    wording: Mapped[str | None] = text("报告原文", "Report as written", 4000)

    specimen: Mapped[Specimen] = relationship(
        back_populates="reports", primaryjoin="foreign(Report.specimen_id) == Specimen.id"
    )
    results: Mapped[list[Result]] = relationship(
        back_populates="report", primaryjoin="foreign(Result.report_id) == Report.id", order_by="Result.id"
    )


class Result(CentreOwned, Base):
    """What a report says of one lesion, or of one site where no lesion was."""

    __tablename__ = "result"
    __table_args__ = (inside("report"), inside("lesion"))

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(index=True)
    lesion_id: Mapped[int | None] = mapped_column(index=True)
    origin: Mapped[str | None] = text("部位（无病变时）", "Site (no lesion)", 80)
    finding: Mapped[Finding | None] = coded(Finding, "结论", "Finding")
    vienna: Mapped[Vienna | None] = coded(Vienna, "维也纳分类", "Vienna category")
    vienna_version: Mapped[ViennaVersion | None] = coded(ViennaVersion, "维也纳分类版本", "Vienna version")
    who_type: Mapped[WhoType | None] = coded(WhoType, "组织学类型（WHO）", "Histological type (WHO)")
    morphology: Mapped[Morphology | None] = coded(Morphology, "形态学（ICD-O-3）", "Morphology (ICD-O-3)")
    differentiation: Mapped[Differentiation | None] = coded(Differentiation, "分化", "Differentiation")
    depth: Mapped[Depth | None] = coded(Depth, "浸润深度", "Depth of invasion")
    depth_um: Mapped[int | None] = whole("黏膜下浸润", "Submucosal invasion", unit="µm", limits=(0, 20_000))
    ulceration: Mapped[Ulceration | None] = coded(Ulceration, "溃疡 UL", "Ulceration UL")
    lymphatic: Mapped[Lymphatic | None] = coded(Lymphatic, "淋巴管 Ly", "Lymphatic Ly")
    venous: Mapped[Venous | None] = coded(Venous, "静脉 V", "Venous V")
    horizontal_margin: Mapped[Margin | None] = coded(Margin, "水平切缘 HM", "Horizontal margin HM")
    vertical_margin: Mapped[Margin | None] = coded(Margin, "垂直切缘 VM", "Vertical margin VM")
    r0: Mapped[bool | None] = flag("报告称 R0", "Reported as R0")
    size_mm: Mapped[int | None] = whole(
        "病理大小", "Size on pathology", unit="mm", limits=(1, 300), usual=(1, 150)
    )
    undifferentiated_mm: Mapped[int | None] = whole(
        "未分化成分", "Undifferentiated component", unit="mm", limits=(0, 300)
    )
    villous_percent: Mapped[float | None] = measure(
        "绒毛成分", "Villous component", unit="%", limits=(0, 100)
    )
    budding: Mapped[Budding | None] = coded(Budding, "出芽", "Budding")

    report: Mapped[Report] = relationship(
        back_populates="results", primaryjoin="foreign(Result.report_id) == Report.id"
    )
    lesion: Mapped[Lesion | None] = relationship(
        back_populates="results", primaryjoin="foreign(Result.lesion_id) == Lesion.id"
    )
