"""What has left for readers of aggregates, so that nothing that leaves later gives it away."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.label import Label
from registry.models.base import Base
from registry.models.fields import day, instant, prose, text, whole

MOST = 2_000_000_000


class Release(Base):
    """The counts of one subject, such as a calendar year, as they were when it was released; they stay so."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("subject", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = text("内容", "Subject", 120)
    number: Mapped[int] = whole("第几次", "Number", limits=(1, 1000))
    smallest: Mapped[int] = whole("最小可公开数", "Smallest count shown", limits=(3, 1000))
    until: Mapped[date] = day("数据截至", "Counted up to")
    made_at: Mapped[datetime] = instant("发布时间", "Released at")
    made_by: Mapped[str] = text("发布者", "Released by", 120)
    digest: Mapped[str] = mapped_column(String(64))  # of every counted table: the trail vouches for them all


class CountedTable(Base):
    """One table of a release as it was counted, small numbers and all: what later ones are held against.

    No page shows it.
    """

    __tablename__ = "counted_table"
    __table_args__ = (UniqueConstraint("release_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    name: Mapped[str] = text("表", "Table", 120)
    edition: Mapped[str] = text("版本", "Edition", 80)
    counts: Mapped[str] = prose("计数", "Counts")

    release: Mapped[Release] = relationship(lazy="joined")


class ReleasedPart(Base):
    """A part of a counted table that has left: the sign of each cell, and who asked for it first.

    One with nothing shown was refused: with what had left before it would have given somebody away.
    """

    __tablename__ = "released_part"
    __table_args__ = (UniqueConstraint("counted_table_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    counted_table_id: Mapped[int] = mapped_column(ForeignKey("counted_table.id"))
    part: Mapped[str] = text("部分", "Part", 40)
    # Long, so the trail holds its digest instead.
    signs: Mapped[str] = mapped_column(Text, info={"label": Label("标记", "Signs"), "secret": True})
    digest: Mapped[str] = mapped_column(String(64))
    shown: Mapped[int] = whole("公开的单元格", "Cells shown", limits=(0, MOST))
    hidden: Mapped[int] = whole("隐去的单元格", "Cells hidden", limits=(0, MOST))
    asked_at: Mapped[datetime] = instant("首次查询", "First asked for at")
    asked_by: Mapped[str] = text("首次查询者", "First asked for by", 120)

    table: Mapped[CountedTable] = relationship(lazy="joined")
