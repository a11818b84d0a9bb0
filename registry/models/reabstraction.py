"""A random sample of a closed month, entered a second time from the papers, to see how well both agree."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.models.alliance import Centre, User
from registry.models.base import Base, CentreOwned, Versioned, contains, inside
from registry.models.examination import Examination
from registry.models.fields import flag, instant, measure, text, whole

MOST = 2_000_000


class ReabstractionSample(CentreOwned, Base):
    """One centre's draw of one closed month: how it was drawn, so that anybody can draw it again."""

    __tablename__ = "reabstraction_sample"
    __table_args__ = (UniqueConstraint("month", "centre_id"), contains())

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = text("月份", "Month", 7)
    share: Mapped[float] = measure("抽取比例", "Share drawn", unit="%", limits=(0, 100))
    least: Mapped[int] = whole("至少", "At least", limits=(0, MOST))
    population: Mapped[int] = whole("当月检查", "Examinations of the month", limits=(0, MOST))
    size: Mapped[int] = whole("抽出", "Drawn", limits=(0, MOST))
    seed: Mapped[str] = text("种子", "Seed", 64)
    method: Mapped[str] = text("方法", "Method", 80)
    digest: Mapped[str] = mapped_column(String(64))  # of the first values: the trail vouches for them all
    drawn_at: Mapped[datetime] = instant("抽取时间", "Drawn at")

    centre: Mapped[Centre] = relationship(lazy="joined")


class Reabstraction(CentreOwned, Versioned, Base):
    """One examination of a sample: open until somebody else than its first entrant has entered it again."""

    __tablename__ = "reabstraction"
    __table_args__ = (
        inside("reabstraction_sample"),
        UniqueConstraint("reabstraction_sample_id", "examination_id"),
        contains(),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reabstraction_sample_id: Mapped[int] = mapped_column(index=True)
    examination_id: Mapped[int] = mapped_column(ForeignKey("examination.id"), index=True)
    place: Mapped[int] = whole("次序", "Place", limits=(1, MOST))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime | None] = instant("再次录入时间", "Entered again at")
    papers_missing: Mapped[bool | None] = flag("找不到原始资料", "The papers cannot be found")

    examination: Mapped[Examination] = relationship()
    entered_by: Mapped[User | None] = relationship(foreign_keys=[entered_by_id], lazy="joined")
    sample: Mapped[ReabstractionSample] = relationship(
        primaryjoin="foreign(Reabstraction.reabstraction_sample_id) == ReabstractionSample.id",
        lazy="joined",
        viewonly=True,
    )
    fields: Mapped[list[ReabstractedField]] = relationship(
        primaryjoin="foreign(ReabstractedField.reabstraction_id) == Reabstraction.id",
        order_by="ReabstractedField.id",
        viewonly=True,
    )


class ReabstractedField(CentreOwned, Base):
    """One field: what the record said at the draw, and what somebody else read on the papers.

    Both are kept as the text of a code or number; NULL is not known. Neither is a value of the record.
    """

    __tablename__ = "reabstracted_field"
    __table_args__ = (inside("reabstraction"), UniqueConstraint("reabstraction_id", "field"))

    id: Mapped[int] = mapped_column(primary_key=True)
    reabstraction_id: Mapped[int] = mapped_column(index=True)
    field: Mapped[str] = text("项目", "Field", 40)
    first: Mapped[str | None] = text("抽取时的记录", "On record at the draw", 40)
    second: Mapped[str | None] = text("再次录入", "Entered again", 40)
