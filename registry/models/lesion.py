"""The lesion: as seen at one examination, and what its tissue has proved so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.lesion import Borrmann, Impression, Jes, Jnet, Lst, Nice, Paris, Site, Wall
from registry.codes.pathology import Depth, Vienna
from registry.codes.person import Missing
from registry.models.base import Base, CentreOwned, contains, inside
from registry.models.examination import Examination
from registry.models.fields import coded, flag, measure, missing, text, whole

if TYPE_CHECKING:
    from registry.models.pathology import Covering, Result


class Lesion(CentreOwned, Base):
    """One lesion as seen at one examination.

    The columns below `note` are facts settled from its current pathology by services.cases.pathology
    (worst category, deepest invasion, whether tissue was taken or is awaited), never typed in and
    free of any definition: early, high-risk and curative are derived by rules with an edition.
    """

    __tablename__ = "lesion"
    __table_args__ = (
        inside("examination"),
        contains(),
        Index("ix_lesion_tally", "examination_id", "site", "adenoma", "cancer", "awaited", "sampled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    examination_id: Mapped[int] = mapped_column()
    number: Mapped[int] = whole("序号", "Number", limits=(1, 99))
    site: Mapped[Site | None] = coded(Site, "部位", "Site")
    wall: Mapped[Wall | None] = coded(Wall, "壁", "Wall")
    distance_cm: Mapped[float | None] = measure(
        "距门齿／肛缘", "From incisors / anal verge", unit="cm", limits=(0, 200)
    )
    size_mm: Mapped[int | None] = whole("病变大小", "Lesion size", unit="mm", limits=(1, 300), usual=(1, 150))
    size_mm_upper: Mapped[int | None] = whole(
        "病变大小上限", "Lesion size, upper", unit="mm", limits=(1, 300)
    )
    size_missing: Mapped[Missing | None] = missing("大小缺失原因", "Why size is missing")
    paris: Mapped[Paris | None] = coded(Paris, "巴黎分型", "Paris type")
    borrmann: Mapped[Borrmann | None] = coded(Borrmann, "Borrmann 分型", "Borrmann type")
    lst: Mapped[Lst | None] = coded(Lst, "侧向发育型", "LST")
    jnet: Mapped[Jnet | None] = coded(Jnet, "JNET", "JNET")
    nice: Mapped[Nice | None] = coded(Nice, "NICE", "NICE")
    jes: Mapped[Jes | None] = coded(Jes, "JES 血管分型", "JES vessels")
    impression: Mapped[Impression | None] = coded(Impression, "内镜印象", "Endoscopist's impression")
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("lesion.id"), index=True)
    note: Mapped[str | None] = text("备注", "Note", 400)

    sampled: Mapped[bool] = flag("已取材", "Tissue taken", default=False)
    awaited: Mapped[bool] = flag("待病理", "Report awaited", default=False)
    worst: Mapped[Vienna | None] = coded(Vienna, "最重病理", "Worst category")
    deepest: Mapped[Depth | None] = coded(Depth, "最深浸润", "Deepest invasion")
    adenoma: Mapped[bool | None] = flag("腺瘤组织学", "Adenoma on histology")
    serrated: Mapped[bool | None] = flag("锯齿状组织学", "Serrated lesion on histology")
    cancer: Mapped[bool | None] = flag("癌", "Carcinoma on histology")

    examination: Mapped[Examination] = relationship(
        back_populates="lesions", primaryjoin="foreign(Lesion.examination_id) == Examination.id"
    )
    coverings: Mapped[list[Covering]] = relationship(
        back_populates="lesion",
        primaryjoin="foreign(Covering.lesion_id) == Lesion.id",
        order_by="Covering.id",
    )
    results: Mapped[list[Result]] = relationship(
        back_populates="lesion", primaryjoin="foreign(Result.lesion_id) == Lesion.id", order_by="Result.id"
    )
    same_as: Mapped[Lesion | None] = relationship(remote_side=[id])
