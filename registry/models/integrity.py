"""What stood out in an endoscopist's records, as it was said then, and what the person says to it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.integrity import IntegrityKind
from registry.models.alliance import Centre, User
from registry.models.base import Base, CentreOwned, Versioned
from registry.models.fields import coded, day, instant, measure, text, whole

MOST = 2_000_000_000


class IntegritySignal(CentreOwned, Versioned, Base):
    """One count of one endoscopist that chance hardly gives: first for the person, later for the house.

    What was seen stays as it was said then, whatever becomes of the records.
    """

    __tablename__ = "integrity_signal"
    __table_args__ = (Index("ix_integrity_signal_operator_id_last_on", "operator_id", "last_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[IntegrityKind] = coded(IntegrityKind, "看的是什么", "What was counted")
    first_on: Mapped[date] = day("自", "From")
    last_on: Mapped[date] = day("至", "To")
    counted: Mapped[int] = whole("数到", "Counted", limits=(0, MOST))
    known: Mapped[int] = whole("其中可数", "Out of", limits=(0, MOST))
    p: Mapped[float] = measure("P 值", "P value", limits=(0, 1))
    said_zh: Mapped[str] = text("当时所见（中文）", "What was seen, in Chinese", 1000)
    said_en: Mapped[str] = text("当时所见（英文）", "What was seen, in English", 1000)
    mark: Mapped[str] = mapped_column(String(120), unique=True)  # the same count is never raised twice
    raised_at: Mapped[datetime] = instant("提出时间", "Raised at")
    comment: Mapped[str | None] = text("本人的话", "What the person says", 2000)
    commented_at: Mapped[datetime | None] = instant("本人答复时间", "Answered at")

    centre: Mapped[Centre] = relationship(lazy="joined")
    operator: Mapped[User] = relationship(foreign_keys=[operator_id], lazy="joined")
