"""Columns that say what they hold: label, unit, limits, codes, and whether they name anyone.

NULL means not known. Why it is not known is a `missing` column beside the few where that matters.
"""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Dialect, Float, Integer, LargeBinary, String, Text, Time
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from registry import keyring
from registry.codes.code_set import CodeSet
from registry.codes.person import Missing, Precision
from registry.label import Label


class Coded(TypeDecorator[CodeSet]):
    """A code, stored as its text and read as its member."""

    impl = String
    cache_ok = True

    def __init__(self, codes: type[CodeSet]) -> None:
        super().__init__(24)
        self.codes = codes

    def process_bind_param(self, value: CodeSet | str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if isinstance(value, self.codes):
            return value.code
        return self.codes(value if isinstance(value, str) else value.value).code

    def process_result_value(self, value: str | None, dialect: Dialect) -> CodeSet | None:
        return None if value is None else self.codes(value)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self


class Instant(TypeDecorator[datetime]):
    """A moment, stored as UTC without a zone on both engines, read as an aware UTC datetime."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def _column(kind: Any, zh: str, en: str, *, more: dict[str, Any] | None = None, **options: Any) -> Any:
    return mapped_column(kind, info={"label": Label(zh, en), **(more or {})}, **options)


def coded(codes: type[CodeSet], zh: str, en: str, **options: Any) -> Any:
    """One code of a set; the database refuses any other text."""
    return _column(Coded(codes), zh, en, more={"codes": codes}, **options)


def whole(
    zh: str,
    en: str,
    *,
    limits: tuple[int, int],
    unit: str = "",
    usual: tuple[int, int] | None = None,
    **options: Any,
) -> Any:
    """A whole number; outside `limits` it is impossible, outside `usual` it is worth a second look."""
    return _column(Integer, zh, en, more={"limits": limits, "unit": unit, "usual": usual}, **options)


def measure(
    zh: str,
    en: str,
    *,
    limits: tuple[float, float],
    unit: str = "",
    usual: tuple[float, float] | None = None,
    **options: Any,
) -> Any:
    """A measured number, with the same meaning of `limits` and `usual` as `whole`."""
    return _column(Float, zh, en, more={"limits": limits, "unit": unit, "usual": usual}, **options)


def flag(zh: str, en: str, **options: Any) -> Any:
    """Yes, no, or not known (NULL)."""
    return _column(Boolean, zh, en, **options)


def day(zh: str, en: str, **options: Any) -> Any:
    """A calendar day, without zone."""
    return _column(Date, zh, en, **options)


def precision(zh: str, en: str, **options: Any) -> Any:
    """How exactly the day beside it is known."""
    return coded(Precision, zh, en, **options)


def clock(zh: str, en: str, **options: Any) -> Any:
    """A local time of day."""
    return _column(Time, zh, en, **options)


def instant(zh: str, en: str, **options: Any) -> Any:
    """A moment in UTC."""
    return _column(Instant, zh, en, **options)


def text(zh: str, en: str, length: int = 200, **options: Any) -> Any:
    """Words as written; never what names a person."""
    return _column(String(length), zh, en, more={"length": length}, **options)


def prose(zh: str, en: str, **options: Any) -> Any:
    """A longer text as written."""
    return _column(Text, zh, en, **options)


def missing(zh: str, en: str, **options: Any) -> Any:
    """Why the value beside it is empty."""
    return coded(Missing, zh, en, **options)


def sealed(zh: str, en: str, **options: Any) -> Any:
    """The ciphertext of a value that names a person; read and written through `Sealed`."""
    return _column(LargeBinary, zh, en, more={"identifier": True}, **options)


def digest(zh: str, en: str, **options: Any) -> Any:
    """A keyed digest of an identifying value, for matching without reading."""
    return _column(String(64), zh, en, more={"identifier": True}, **options)


class Sealed:
    """The plain text of a `sealed` column, under the data key of the row's `key_holder`, a person.

    Reading raises `keyring.Closed` for a reader who may not see identifiers, and gives None where
    the key was destroyed at the person's request. The row needs its key holder before it is written.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.column = f"{name}_sealed"
        self.place = f"{owner.__name__}.{name}"

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        secret = getattr(row, self.column)
        if secret is None:
            return None
        key = row.key_holder.key
        if key is None or key.wrapped is None:
            return None
        return keyring.current().open(key.wrapped, secret, self.place)

    def __set__(self, row: Any, value: str | None) -> None:
        if value in (None, ""):
            setattr(row, self.column, None)
            return
        setattr(row, self.column, keyring.current().seal(row.key_holder.key.wrapped, str(value), self.place))


Day = date | None
Moment = datetime | None
Clock = time | None
