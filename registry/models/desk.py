"""What lies on somebody's desk and is not yet a record: drafts, and imports under way."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, CentreOwned
from registry.models.fields import instant, text, whole


class Draft(CentreOwned, Base):
    """A form as far as it was filled in, encrypted, one per user and thing; gone after a set time."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_id", "centre_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    subject: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime] = instant("保存时间", "Saved at")


class ImportRun(CentreOwned, Base):
    """One reading of a file through a mapping. Until `finished_at` no rate counts what it brought."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    mapping: Mapped[str] = text("映射", "Mapping", 80)
    mapping_digest: Mapped[str] = mapped_column(String(64))
    file_digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = text("来源", "Source", 80)
    actor: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = instant("开始时间", "Started at")
    seen_at: Mapped[datetime] = instant("最近进展", "Last progress at")
    finished_at: Mapped[datetime | None] = instant("完成时间", "Finished at")
    rows: Mapped[int] = whole("行数", "Rows", limits=(0, 2_000_000_000), default=0)
    new: Mapped[int] = whole("新增", "New", limits=(0, 2_000_000_000), default=0)
    unchanged: Mapped[int] = whole("未变", "Unchanged", limits=(0, 2_000_000_000), default=0)
    updated: Mapped[int] = whole("更新", "Updated", limits=(0, 2_000_000_000), default=0)
    refused: Mapped[int] = whole("拒收", "Refused", limits=(0, 2_000_000_000), default=0)


class ImportedCase(CentreOwned, Base):
    """The memory of one imported case: by which key its source knows it, and what it looked like.

    Both are keyed digests. The next reading of the same source finds the case here and leaves it
    alone when nothing changed.
    """

    __tablename__ = "imported_case"
    __table_args__ = (UniqueConstraint("centre_id", "source", "key_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), index=True)
    source: Mapped[str] = mapped_column(String(80))
    key_digest: Mapped[str] = mapped_column(String(64))
    content_digest: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
