"""The person screened: alliance-wide, holding nothing that names anyone."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.person import Precision, Sex, Surgery, Syndrome, Vital, VitalSource
from registry.models.base import Base, Imported, PersonOwned, Versioned
from registry.models.fields import coded, day, flag, precision, text


class Person(Imported, Versioned, Base):
    """A person, by pseudonym. Names, documents and phones live in each centre's enrolment.

    `vital`, `died_on`, `last_alive_on` and `linked_until` are settled from vital status records
    and follow-ups by services.course.outcome, never typed in.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(32), unique=True)
    sex: Mapped[Sex] = coded(Sex, "性别", "Sex", default=Sex.UNKNOWN)
    born_on: Mapped[date | None] = day("出生日期", "Birth date")
    born_precision: Mapped[Precision | None] = precision("出生日期精度", "Birth date precision")
    vital: Mapped[Vital] = coded(Vital, "生存状态", "Vital status", default=Vital.UNKNOWN)
    died_on: Mapped[date | None] = day("死亡日期", "Death date")
    died_precision: Mapped[Precision | None] = precision("死亡日期精度", "Death date precision")
    last_alive_on: Mapped[date | None] = day("末次确知存活", "Last known alive")
    linked_until: Mapped[date | None] = day("死因库比对截止", "Death list linked until")
    vital_conflict: Mapped[bool] = flag("生存状态矛盾", "Vital status in conflict", default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    key: Mapped[PersonKey] = relationship(back_populates="person", lazy="joined")


class PersonKey(Base):
    """The person's data key, wrapped by a master key outside the database. Without it no name opens."""

    __tablename__ = "person_key"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary, info={"secret": True})

    person: Mapped[Person] = relationship(back_populates="key")


class PriorSurgery(PersonOwned, Versioned, Base):
    """An operation on the digestive tract before or beside the registry's own cases."""

    __tablename__ = "prior_surgery"
    __table_args__ = (Index("ix_prior_surgery_person_id_kind", "person_id", "kind", "operated_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Surgery] = coded(Surgery, "手术", "Operation")
    operated_on: Mapped[date | None] = day("手术日期", "Operation date")
    operated_precision: Mapped[Precision | None] = precision("手术日期精度", "Operation date precision")


class KnownSyndrome(PersonOwned, Versioned, Base):
    """A hereditary or inflammatory disease that takes the person out of average-risk rules."""

    __tablename__ = "known_syndrome"

    id: Mapped[int] = mapped_column(primary_key=True)
    syndrome: Mapped[Syndrome] = coded(Syndrome, "综合征", "Syndrome")
    since: Mapped[date | None] = day("确诊日期", "Known since")


class VitalStatus(PersonOwned, Imported, Versioned, Base):
    """What one source says of a person's life or death. Contradictions are kept side by side."""

    __tablename__ = "vital_status"

    id: Mapped[int] = mapped_column(primary_key=True)
    vital: Mapped[Vital] = coded(Vital, "生存状态", "Vital status")
    as_of: Mapped[date] = day("日期", "Date")
    as_of_precision: Mapped[Precision] = precision("日期精度", "Date precision", default=Precision.DAY)
    cause: Mapped[str | None] = text("根本死因（ICD-10）", "Underlying cause (ICD-10)", 8)
    source: Mapped[VitalSource] = coded(VitalSource, "来源", "Source")
    complete_until: Mapped[date | None] = day("名单截止日期", "List complete until")
