"""What rules read from words: kept apart from the record until a person confirms it."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Column, ForeignKey, Index, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.desk import ReadingState, TextSource
from registry.codes.lesion import Organ
from registry.codes.pathology import Depth, Vienna
from registry.models.base import Base, CentreOwned, contains, inside
from registry.models.examination import Background, Examination
from registry.models.fields import coded, flag, text, whole
from registry.models.lesion import Lesion
from registry.models.pathology import Report, Result, Specimen

# The records that a code read from words may go into, by the first part of its field's name.
RECORDS: dict[str, type[Base]] = {
    "lesion": Lesion,
    "result": Result,
    "specimen": Specimen,
    "background": Background,
}


class Reading(CentreOwned, Base):
    """One thing that one text speaks of, as rules understood it: a lesion, a result, the background.

    The columns from `worst` on are the facts that would follow if it were confirmed; rates count
    them only where their reader asks for what is unconfirmed too. `weight` puts first what matters
    most to the patient. `text_digest` tells that the text has changed since; readings that are
    `alike` say the same codes in the same words, so that a person may judge them together.
    """

    __tablename__ = "reading"
    __table_args__ = (
        inside("examination"),
        contains(),
        Index("ix_reading_centre_id_state_weight", "centre_id", "state", "weight"),
        Index("ix_reading_centre_id_state_alike", "centre_id", "state", "alike", "weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    examination_id: Mapped[int] = mapped_column(index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    lesion_id: Mapped[int | None] = mapped_column(ForeignKey("lesion.id"), index=True)
    source: Mapped[TextSource] = coded(TextSource, "来源文本", "Text")
    part: Mapped[int] = whole("第几处", "Which part", limits=(1, 99))
    text_digest: Mapped[str] = text("原文摘要", "Digest of the text", 64)
    alike: Mapped[str] = text("相同的词与代码", "Digest of its codes and words", 64)
    weight: Mapped[int] = whole("要紧程度", "Weight", limits=(0, 100), default=0)
    state: Mapped[ReadingState] = coded(
        ReadingState, "确认", "Confirmation", default=ReadingState.UNCONFIRMED
    )
    organ: Mapped[Organ | None] = coded(Organ, "器官", "Organ")
    worst: Mapped[Vienna | None] = coded(Vienna, "维也纳分类", "Vienna category")
    deepest: Mapped[Depth | None] = coded(Depth, "浸润深度", "Depth of invasion")
    adenoma: Mapped[bool | None] = flag("腺瘤", "Adenoma")
    serrated: Mapped[bool | None] = flag("锯齿状病变", "Serrated lesion")
    cancer: Mapped[bool | None] = flag("癌", "Carcinoma")

    examination: Mapped[Examination] = relationship(
        primaryjoin="foreign(Reading.examination_id) == Examination.id"
    )
    report: Mapped[Report | None] = relationship()
    lesion: Mapped[Lesion | None] = relationship()
    proposals: Mapped[list[Proposal]] = relationship(
        back_populates="reading",
        primaryjoin="foreign(Proposal.reading_id) == Reading.id",
        order_by="Proposal.id",
    )


class Proposal(CentreOwned, Base):
    """One code that a rule read from certain words of a text: which field, which value, which words."""

    __tablename__ = "proposal"
    __table_args__ = (inside("reading"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(index=True)
    field: Mapped[str] = text("项目", "Field", 60)
    value: Mapped[str] = text("值", "Value", 80)
    begins: Mapped[int] = whole("起", "From", limits=(0, 100_000))
    ends: Mapped[int] = whole("止", "To", limits=(0, 100_000))
    rule: Mapped[str] = text("规则", "Rule", 60)
    state: Mapped[ReadingState] = coded(
        ReadingState, "确认", "Confirmation", default=ReadingState.UNCONFIRMED
    )

    reading: Mapped[Reading] = relationship(
        back_populates="proposals", primaryjoin="foreign(Proposal.reading_id) == Reading.id"
    )

    @property
    def record(self) -> str:
        """The record that it may go into: a key of RECORDS."""
        return self.field.partition(".")[0]

    @property
    def name(self) -> str:
        """The column of that record."""
        return self.field.partition(".")[2]

    @property
    def column(self) -> Column[Any]:
        """The column, with all that is known of it."""
        return cast(Table, RECORDS[self.record].__table__).columns[self.name]

    @property
    def meant(self) -> Any:
        """The value as the record holds it: a code, a number, yes or no."""
        if (codes := self.column.info.get("codes")) is not None:
            return codes(self.value)
        kind = self.column.type.python_type
        return self.value == "true" if kind is bool else kind(float(self.value))
