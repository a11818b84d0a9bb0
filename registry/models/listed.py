"""The day's list of a centre: examinations that are due to be done, each becoming a case."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.desk import ListedState
from registry.codes.endoscopy import ExaminationType, Indication, Sedation
from registry.models.base import Base, CentreOwned
from registry.models.fields import coded, day, text, whole
from registry.models.person import Person


class Listed(CentreOwned, Base):
    """One line of a day's list. It is no examination yet and in no rate; entering the case closes it."""

    __tablename__ = "listed"
    __table_args__ = (Index("ix_listed_centre_id_listed_on", "centre_id", "listed_on", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    listed_on: Mapped[date] = day("检查日期", "Date")
    place: Mapped[int] = whole("顺序", "Place", limits=(1, 10_000))
    type: Mapped[ExaminationType | None] = coded(ExaminationType, "检查类型", "Examination")
    number: Mapped[str | None] = text("检查号", "Examination number", 40)
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    operator_words: Mapped[str | None] = text("术者（原文）", "Operator as written", 40)
    indication: Mapped[Indication | None] = coded(Indication, "适应证", "Indication")
    sedation: Mapped[Sedation | None] = coded(Sedation, "镇静", "Sedation")
    state: Mapped[ListedState] = coded(ListedState, "状态", "State", default=ListedState.OPEN)
    examination_id: Mapped[int | None] = mapped_column(ForeignKey("examination.id"))

    person: Mapped[Person] = relationship(lazy="joined")
