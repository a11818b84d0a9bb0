"""What lies on somebody's desk and is not yet a record: drafts, and imports under way."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from registry.codes.desk import FileKind, RunState
from registry.label import Label
from registry.models.base import Base, CentreOwned
from registry.models.fields import coded, flag, instant, prose, text, whole


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
    state: Mapped[RunState] = coded(
        RunState, "状态", "State", default=RunState.RUNNING, server_default=RunState.FINISHED.code
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    file_name: Mapped[str | None] = text("文件名", "File name", 200)
    content: Mapped[str | None] = prose("所用映射（TOML）", "The mapping used (TOML)")
    done: Mapped[int] = whole(
        "已读行数", "Rows read", limits=(0, 2_000_000_000), default=0, server_default="0"
    )
    total: Mapped[int | None] = whole("总行数", "Rows in all", limits=(0, 2_000_000_000))
    stop: Mapped[bool] = flag("要求停止", "Asked to stop", default=False, server_default=false())
    receipt: Mapped[str | None] = prose("回执", "Receipt")
    fault: Mapped[str | None] = text("失败原因", "Why it failed", 400)  # JSON: in Chinese, in English

    @property
    def why(self) -> Label | None:
        """Why it failed, in both languages."""
        return Label(*json.loads(self.fault)) if self.fault else None

    @why.setter
    def why(self, said: Label | None) -> None:
        room = 400
        told = json.dumps(said, ensure_ascii=False) if said else None
        while said and told and len(told) > 400:
            room -= 10
            told = json.dumps([each[: room // 2] for each in said], ensure_ascii=False)
        self.fault = told


class ImportFile(CentreOwned, Base):
    """A file that an import read or gives back, under a data key of its own; gone after a set time."""

    __tablename__ = "import_file"
    __table_args__ = (UniqueConstraint("import_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    kind: Mapped[FileKind] = coded(FileKind, "文件", "File")
    name: Mapped[str] = text("文件名", "File name", 200)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    kept_until: Mapped[datetime] = instant("保留至", "Kept until")


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
    fields: Mapped[str | None] = prose("各项摘要", "Digests by field")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    examination_id: Mapped[int | None] = mapped_column(ForeignKey("examination.id"), index=True)
