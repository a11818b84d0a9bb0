"""Life tables: how many of a population die, by sex, age and calendar year."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.codes.person import Sex
from registry.models.base import Base
from registry.models.fields import coded, instant, measure, text, whole


class LifeTable(Base):
    """One loaded table. It never changes: another file is another table, by another name."""

    __tablename__ = "life_table"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = text("寿命表", "Life table", 60, unique=True)
    source: Mapped[str] = text("来源", "Source", 400)
    cells: Mapped[int] = whole("行数", "Rows", limits=(1, 1_000_000))
    digest: Mapped[str] = mapped_column(String(64))  # of every rate, in order: the trail vouches for them all
    loaded_at: Mapped[datetime] = instant("载入时间", "Loaded at")


class MortalityRate(Base):
    """The hazard of one sex from one age and one year on, each until the next that the table has."""

    __tablename__ = "mortality_rate"
    __table_args__ = (UniqueConstraint("life_table_id", "sex", "age", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    life_table_id: Mapped[int] = mapped_column(ForeignKey("life_table.id"))
    sex: Mapped[Sex] = coded(Sex, "性别", "Sex")
    age: Mapped[int] = whole("年龄", "Age", limits=(0, 130), unit="y")
    year: Mapped[int] = whole("年份", "Year", limits=(1800, 2200))
    hazard: Mapped[float] = measure("日死亡风险", "Hazard per day", limits=(0, 1))
