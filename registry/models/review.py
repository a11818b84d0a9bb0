"""What the quality-control centre keeps: alerts from raised to ended, and months as they were reported."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.review import AlertChart, AlertOutcome
from registry.models.alliance import Centre, User
from registry.models.base import Base, CentreOwned, Versioned, contains, inside
from registry.models.fields import coded, day, instant, text, whole

MOST = 2_000_000_000


class Alert(CentreOwned, Versioned, Base):
    """One indicator of a centre, or of an endoscopist there, that was seen on its worse side.

    What was seen stays as it was said then, whatever becomes of the figures.
    """

    __tablename__ = "alert"

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str] = text("指标", "Indicator", 40)
    edition: Mapped[str] = text("版本", "Edition", 80)
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    chart: Mapped[AlertChart] = coded(AlertChart, "见于", "Seen in")
    rule: Mapped[str] = text("规则", "Rule", 40)
    first_on: Mapped[date] = day("自", "From")
    last_on: Mapped[date] = day("至", "To")
    said_zh: Mapped[str] = text("当时所见（中文）", "What was seen, in Chinese", 1000)
    said_en: Mapped[str] = text("当时所见（英文）", "What was seen, in English", 1000)
    mark: Mapped[str] = mapped_column(String(120), unique=True)  # the same signal is never raised twice
    raised_at: Mapped[datetime] = instant("提出时间", "Raised at")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str | None] = text("记事", "Note", 2000)
    plan: Mapped[str | None] = text("改进计划", "Action plan", 2000)
    due_on: Mapped[date | None] = day("计划完成日", "Plan due on")
    outcome: Mapped[AlertOutcome | None] = coded(AlertOutcome, "结果", "Outcome")
    conclusion: Mapped[str | None] = text("结论", "Conclusion", 2000)
    ended_at: Mapped[datetime | None] = instant("结束时间", "Ended at")

    centre: Mapped[Centre] = relationship(lazy="joined")
    operator: Mapped[User | None] = relationship(foreign_keys=[operator_id], lazy="joined")
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id], lazy="joined")


class ClosedMonth(CentreOwned, Base):
    """One centre's month as it was reported; it never changes."""

    __tablename__ = "closed_month"
    __table_args__ = (UniqueConstraint("month", "centre_id"), contains())

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = text("月份", "Month", 7)
    closed_at: Mapped[datetime] = instant("封存时间", "Closed at")
    digest: Mapped[str] = mapped_column(String(64))  # of every figure: the trail vouches for them all

    centre: Mapped[Centre] = relationship(lazy="joined")


class ReportedFigure(CentreOwned, Base):
    """The counts of one indicator in a closed month."""

    __tablename__ = "reported_figure"
    __table_args__ = (inside("closed_month"), UniqueConstraint("closed_month_id", "indicator"))

    id: Mapped[int] = mapped_column(primary_key=True)
    closed_month_id: Mapped[int] = mapped_column(index=True)
    indicator: Mapped[str] = text("指标", "Indicator", 40)
    edition: Mapped[str] = text("版本", "Edition", 80)
    met: Mapped[int] = whole("达到", "Met", limits=(0, MOST))
    not_met: Mapped[int] = whole("未达到", "Not met", limits=(0, MOST))
    awaited: Mapped[int] = whole("待病理", "Awaited", limits=(0, MOST))
    unknown: Mapped[int] = whole("未知", "Unknown", limits=(0, MOST))
