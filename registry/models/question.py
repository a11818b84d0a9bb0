"""A question on a record: the source now says otherwise than what a person has corrected."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.desk import QuestionState
from registry.models.base import Base, CentreOwned
from registry.models.fields import Sealed, coded, instant, sealed, text
from registry.models.person import Person


class Question(CentreOwned, Base):
    """One field of one record: what the source says now, sealed, for a person to keep or take."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_centre_id_state", "centre_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    examination_id: Mapped[int | None] = mapped_column(ForeignKey("examination.id"), index=True)
    subject: Mapped[str] = text("记录", "Record", 40)
    subject_id: Mapped[int] = mapped_column()
    field: Mapped[str] = text("项目", "Field", 60)
    said_sealed: Mapped[bytes | None] = sealed("来源的新值", "What the source says now")
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    state: Mapped[QuestionState] = coded(QuestionState, "答复", "Answer", default=QuestionState.OPEN)
    asked_at: Mapped[datetime] = instant("提出时间", "Asked at")
    answered_at: Mapped[datetime | None] = instant("答复时间", "Answered at")

    said = Sealed()

    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def key_holder(self) -> Person:
        return self.person
