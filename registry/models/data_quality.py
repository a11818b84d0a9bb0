"""What the quality-control centre and a house write to each other about records: notes, and queries."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.review import InquiryMove, InquiryState
from registry.models.alliance import Centre, User
from registry.models.base import Base, CentreOwned, Versioned, contains, inside
from registry.models.examination import Examination
from registry.models.fields import coded, day, instant, text, whole

MOST = 2_000_000_000


class QualityNote(CentreOwned, Base):
    """Why a figure of data quality stands where it stands, with what it was on that day; never changed."""

    __tablename__ = "quality_note"
    __table_args__ = (Index("ix_quality_note_check_key_centre_id", "check_key", "centre_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    check_key: Mapped[str] = text("核查项", "Check", 60)
    start_on: Mapped[date | None] = day("自", "From")
    end_on: Mapped[date | None] = day("至", "To")
    fine: Mapped[int] = whole("合格", "Fine", limits=(0, MOST))
    judged: Mapped[int] = whole("应查", "Judged", limits=(0, MOST))
    note: Mapped[str] = text("说明", "Note", 1000)
    noted_at: Mapped[datetime] = instant("写于", "Written at")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    centre: Mapped[Centre] = relationship(lazy="joined")
    author: Mapped[User | None] = relationship(lazy="joined")


class Inquiry(CentreOwned, Versioned, Base):
    """A query to a centre about one field of one examination, from the first question to its end."""

    __tablename__ = "inquiry"
    __table_args__ = (
        inside("examination"),
        contains(),
        Index("ix_inquiry_centre_id_state", "centre_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    examination_id: Mapped[int] = mapped_column(index=True)
    check_key: Mapped[str | None] = text("核查项", "Check", 60)
    field: Mapped[str] = text("项目", "Field", 60)
    place: Mapped[str | None] = text("所指病变或标本", "Which lesion or specimen", 8)
    state: Mapped[InquiryState] = coded(InquiryState, "状态", "State", default=InquiryState.ASKED)
    asked_at: Mapped[datetime] = instant("提出时间", "Asked at")
    moved_at: Mapped[datetime] = instant("最近一步", "Latest step at")

    centre: Mapped[Centre] = relationship(lazy="joined")
    examination: Mapped[Examination] = relationship(
        primaryjoin="foreign(Inquiry.examination_id) == Examination.id"
    )
    steps: Mapped[list[InquiryStep]] = relationship(
        back_populates="inquiry",
        primaryjoin="foreign(InquiryStep.inquiry_id) == Inquiry.id",
        order_by="InquiryStep.id",
    )


class InquiryStep(CentreOwned, Base):
    """What was said in one step of a query, by whom and when."""

    __tablename__ = "inquiry_step"
    __table_args__ = (inside("inquiry"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(index=True)
    move: Mapped[InquiryMove] = coded(InquiryMove, "步骤", "Step")
    said: Mapped[str] = text("内容", "What was said", 1000)
    said_at: Mapped[datetime] = instant("时间", "When")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    inquiry: Mapped[Inquiry] = relationship(
        back_populates="steps", primaryjoin="foreign(InquiryStep.inquiry_id) == Inquiry.id"
    )
    author: Mapped[User | None] = relationship(lazy="joined")
