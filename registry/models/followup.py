"""A contact with a person after an examination, and when the next is due."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.endoscopy import ExaminationType
from registry.codes.outcome import ContactMode, ContactOutcome, Recurrence
from registry.codes.person import Vital
from registry.models.base import Base, Imported, PersonOwned, Versioned
from registry.models.fields import coded, day, flag, text
from registry.models.person import Person


class FollowUp(PersonOwned, Imported, Versioned, Base):
    """One contact, and what it led to. The open one of a person at a centre is what is due."""

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_centre_id_next_due_on", "centre_id", "settled", "next_due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tumour_id: Mapped[int | None] = mapped_column(ForeignKey("tumour.id"))
    contacted_on: Mapped[date] = day("联系日期", "Contacted on")
    mode: Mapped[ContactMode | None] = coded(ContactMode, "方式", "Mode")
    outcome: Mapped[ContactOutcome | None] = coded(ContactOutcome, "结果", "Outcome")
    vital: Mapped[Vital | None] = coded(Vital, "生存状态", "Vital status")
    recurrence: Mapped[Recurrence | None] = coded(Recurrence, "复发", "Recurrence")
    metachronous: Mapped[bool | None] = flag("异时癌", "Metachronous cancer")
    examination_id: Mapped[int | None] = mapped_column(ForeignKey("examination.id"))
    next_due_on: Mapped[date | None] = day("下次日期", "Next due on")
    next_due_what: Mapped[ExaminationType | None] = coded(ExaminationType, "下次检查", "Next examination")
    next_due_reason: Mapped[str | None] = text("依据", "Rule or reason", 200)
    settled: Mapped[bool] = flag("已有后续", "Settled", default=False)
    note: Mapped[str | None] = text("备注", "Note", 400)

    person: Mapped[Person] = relationship()
