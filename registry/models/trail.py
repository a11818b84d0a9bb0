"""The audit trail: one chained entry per changed record, per look and per import batch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.models.fields import instant


class AuditEntry(Base):
    """Who did what, when (UTC), where, to which record, from what to what, and why.

    `changes` is canonical JSON, column → [old, new]; identifying columns appear only as stored,
    that is as ciphertext or keyed digest. `hash` chains over the previous hash and all of this.
    Rows are never updated or deleted: triggers refuse it.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject_subject_id", "subject", "subject_id"),
        Index("ix_audit_entry_person_id", "person_id"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = instant("时间", "When")
    actor_id: Mapped[int | None] = mapped_column()
    actor: Mapped[str] = mapped_column(String(80))
    place: Mapped[str | None] = mapped_column(String(80))
    centre_id: Mapped[int | None] = mapped_column()
    action: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column()
    person_id: Mapped[int | None] = mapped_column()
    changes: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(String(400))
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
