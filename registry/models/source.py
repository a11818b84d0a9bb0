"""What a source needs to be understood: the mapping of its columns, and its own codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.desk import SourceKind
from registry.models.alliance import User
from registry.models.base import Base, CentreOwned
from registry.models.fields import coded, flag, instant, prose, text, whole


class SavedMapping(CentreOwned, Base):
    """One version of a centre's mapping for one source. A changed mapping is a new version."""

    __tablename__ = "saved_mapping"
    __table_args__ = (UniqueConstraint("centre_id", "name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = text("映射名称", "Mapping", 80)
    source: Mapped[str] = text("来源", "Source", 80)
    version: Mapped[int] = whole("版本", "Version", limits=(1, 100_000))
    content: Mapped[str] = prose("映射内容（TOML）", "Mapping (TOML)")
    digest: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime] = instant("保存时间", "Saved at")
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class SourceCode(CentreOwned, Base):
    """What one source writes for a doctor, a device or a department, and what is meant by it."""

    __tablename__ = "source_code"
    __table_args__ = (UniqueConstraint("centre_id", "kind", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SourceKind] = coded(SourceKind, "类别", "Kind")
    code: Mapped[str] = text("来源写法", "As the source writes it", 80)
    meaning: Mapped[str | None] = text("含义", "Meaning", 80)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    active: Mapped[bool] = flag("使用中", "In use", default=True)

    user: Mapped[User | None] = relationship()
