"""The alliance: its member hospitals, the people who work there, and where each may act."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.alliance import CentreKind, CentrePlace, Role
from registry.label import Label
from registry.models.base import Base, Versioned
from registry.models.fields import coded, flag, instant, text, whole


class Centre(Versioned, Base):
    """A member hospital."""

    __tablename__ = "centre"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = text("机构代码", "Centre code", 20, unique=True)
    name_zh: Mapped[str] = text("中文名称", "Chinese name", 80)
    name_en: Mapped[str | None] = text("英文名称", "English name", 80)
    kind: Mapped[CentreKind] = coded(CentreKind, "机构类别", "Kind of centre")
    place: Mapped[CentrePlace] = coded(CentrePlace, "联盟身份", "Place in the alliance")
    region: Mapped[str | None] = text("行政区划", "Region (GB/T 2260)", 6)
    active: Mapped[bool] = flag("在用", "Active", default=True)

    @property
    def label(self) -> Label:
        return Label(self.name_zh, self.name_en or self.name_zh)


class User(Versioned, Base):
    """Somebody who signs in. Operator, supervisor and recorder of an examination are users."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = text("用户名", "User name", 40, unique=True)
    name: Mapped[str] = text("姓名", "Name", 40)
    password_hash: Mapped[str | None] = mapped_column(
        String(200), info={"label": Label("密码", "Password"), "secret": True}
    )
    provisional: Mapped[bool] = flag("一次性密码", "One-time password", default=False)
    language: Mapped[str] = text("语言", "Language", 2, default="zh")
    active: Mapped[bool] = flag("在用", "Active", default=True)

    appointments: Mapped[list[Appointment]] = relationship(
        back_populates="user", lazy="selectin", order_by="Appointment.id"
    )


class Appointment(Base):
    """A role of a user at a centre, or across the alliance where no centre is named."""

    __tablename__ = "appointment"
    __table_args__ = (UniqueConstraint("user_id", "centre_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"), index=True)
    role: Mapped[Role] = coded(Role, "角色", "Role")

    user: Mapped[User] = relationship(back_populates="appointments")
    centre: Mapped[Centre | None] = relationship(lazy="joined")


class SignIn(Base):
    """What signing in counts, apart from the account so that no password attempt edits it."""

    __tablename__ = "sign_in"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    failed: Mapped[int] = whole("连续失败次数", "Failures in a row", limits=(0, 1_000_000), default=0)
    locked_until: Mapped[datetime | None] = instant("锁定至", "Locked until")


class UserSession(Base):
    """One signed-in browser. Ending the row ends the session, whatever cookie is replayed.

    `token` is the digest of the cookie's random value. A locked session opens again on the password.
    """

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_user_id_ended_at", "user_id", "ended_at"),)

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    began_at: Mapped[datetime] = instant("登录时间", "Signed in at")
    seen_at: Mapped[datetime] = instant("最近使用", "Last used at")
    proved_at: Mapped[datetime] = instant("最近验证密码", "Password last given at")
    locked: Mapped[bool] = flag("已锁屏", "Locked", default=False)
    ended_at: Mapped[datetime | None] = instant("结束时间", "Ended at")

    user: Mapped[User] = relationship(lazy="joined")


class SetupCode(Base):
    """The one-time code that makes the first administrator of a fresh registry."""

    __tablename__ = "setup_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    made_at: Mapped[datetime] = instant("生成时间", "Made at")
    used_at: Mapped[datetime | None] = instant("使用时间", "Used at")
