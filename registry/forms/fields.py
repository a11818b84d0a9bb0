"""Fields that are typed into: text, numbers with unit and limits, days in any spelling, times.

A field keeps what was typed and shows it again; what it understood is `data`. Where a text cannot
be read, the message is a Label, so the page prints it in the reader's language.
"""

import re
import unicodedata
from datetime import date, time
from typing import Any

from wtforms import Field, ValidationError

from registry.label import Label, measured_in
from registry.rules.dates import PartialDate, understand
from registry.services.values import today

WEEKDAYS = (
    Label("周一", "Monday"),
    Label("周二", "Tuesday"),
    Label("周三", "Wednesday"),
    Label("周四", "Thursday"),
    Label("周五", "Friday"),
    Label("周六", "Saturday"),
    Label("周日", "Sunday"),
)
LARGEST = 2**31 - 1  # of an id, as PostgreSQL keeps it
MOST_TOLD = 150  # a limit that no value comes near need not stand beside the box
NEEDED = Label("请填写", "Please fill this in")


class Given:
    """The field may not stay empty."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data in (None, "", []) and not field.process_errors:
            raise ValidationError(NEEDED)


class Typed(Field):
    """One line of text that `read` understands; empty is not known."""

    kind = "text"
    input_mode: str | None = None
    errors: Any
    proposed: Any = None  # the words that the value was read from, until somebody saves it

    def __init__(
        self,
        label: Any = None,
        *,
        required: bool = False,
        hint: Any = None,
        unit: str = "",
        length: int | None = None,
        essential: bool | str = False,
        placeholder: Any = None,
        **options: Any,
    ) -> None:
        validators = [Given()] if required else []
        super().__init__(label, validators, **options)
        self.required, self.hint, self.unit, self.length = required, hint, unit, length
        self.essential, self.placeholder = essential or required, placeholder

    def read(self, typed: str) -> Any:
        if self.length and len(typed) > self.length:
            raise ValueError(Label("最多 %(n)s 个字符", "At most %(n)s characters") % {"n": self.length})
        return typed

    def show(self, value: Any) -> str:
        return "" if value is None else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if typed:
            self.data = self.read(typed)

    @property
    def typed(self) -> str:
        """What stands in the box: as typed where something was, else the value."""
        return str(self.raw_data[0]) if self.raw_data else self.show(self.data)

    @property
    def told(self) -> Any:
        """What was understood, where that helps."""
        return None

    @property
    def described_by(self) -> str | None:
        """Ids of the texts that belong to the control, for those who listen."""
        parts = [(self.errors, "error"), (self.hint, "hint"), (self.kind == "day", "told")]
        parts.append((self.proposed, "proposed"))
        return " ".join(f"{self.id}-{name}" for there, name in parts if there) or None

    def plain(self) -> str:
        """The value as a reader sees it, for comparing two versions."""
        return self.show(self.data)


class Words(Typed):
    """Text of one line."""


class Prose(Typed):
    """Text of several lines."""

    kind = "prose"


class Whole(Typed):
    """A whole number within its limits; full-width digits are read too."""

    kind = "number"
    input_mode: str | None = "numeric"
    wrong = Label("请填整数", "Please enter a whole number")

    def __init__(
        self, label: Any = None, *, limits: tuple[Any, Any] | None = None, usual: Any = None, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.limits, self.usual = limits, usual

    def number(self, text: str) -> Any:
        return int(text)

    def read(self, typed: str) -> Any:
        try:
            value = self.number(unicodedata.normalize("NFKC", typed).replace(",", ""))
        except ValueError as error:
            raise ValueError(self.wrong) from error
        if self.limits and not self.limits[0] <= value <= self.limits[1]:
            words = {"low": _figure(self.limits[0]), "high": _figure(self.limits[1])}
            raise ValueError(Label("应在 %(low)s–%(high)s 之间", "Between %(low)s and %(high)s") % words)
        return value

    def show(self, value: Any) -> str:
        return "" if value is None else _figure(value)

    @property
    def range(self) -> str:
        """Unit and the usual range, as they stand beside the box."""
        low_high = self.usual or (self.limits if self.limits and self.limits[1] <= MOST_TOLD else None)
        limits = f"{_figure(low_high[0])}–{_figure(low_high[1])}" if low_high else ""
        return " ".join(str(part) for part in (measured_in(self.unit), limits) if str(part))

    def plain(self) -> str:
        if self.data is None:
            return ""
        return f"{self.show(self.data)} {measured_in(self.unit)}".strip()


class Measure(Whole):
    """A measured number."""

    input_mode = "decimal"
    wrong = Label("请填数字", "Please enter a number")

    def number(self, text: str) -> Any:
        value = float(text)
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError(text)
        return value


class AnyDay(Typed):
    """A day in any spelling; shows the day it understood. With `partial` a month or a year will do."""

    kind = "day"
    input_mode: str | None = None

    def __init__(
        self, label: Any = None, *, partial: bool = False, future: bool = False, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.partial, self.future = partial, future

    def read(self, typed: str) -> Any:
        return read_day(typed, partial=self.partial, future=self.future)

    def show(self, value: Any) -> str:
        if isinstance(value, PartialDate):
            return value.day.isoformat()[: {"day": 10, "month": 7}.get(value.precision.code, 4)]
        return "" if value is None else str(value)

    @property
    def told(self) -> Any:
        return None if self.data is None or self.errors else told_day(self.data)


class Clock(Typed):
    """A time of day: 9:12, 09:12, 0912 or 912."""

    kind = "clock"
    input_mode = "numeric"

    def read(self, typed: str) -> time:
        plain = unicodedata.normalize("NFKC", typed).replace(" ", "")
        found = re.fullmatch(r"(\d{1,2})[:：.时点]?(\d{2})分?", plain)
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValueError(Label("请写成 09:12", "Please write it as 09:12"))
        return time(int(found[1]), int(found[2]))

    def show(self, value: Any) -> str:
        return "" if value is None else value.strftime("%H:%M")


class Kept(Typed):
    """A whole number that travels with the form unseen: an id, a version, a lesion's number."""

    kind = "hidden"

    def read(self, typed: str) -> int:
        if not 0 <= (number := int(typed)) <= LARGEST:
            raise ValueError(typed)
        return number


class KeptWords(Typed):
    """Words that travel with the form unseen."""

    kind = "hidden"


def read_day(typed: str, *, partial: bool = False, future: bool = False) -> date | PartialDate:
    """A day in any spelling; a month or a year only with `partial`, a day to come only with `future`.

    Raises
    ------
    ValueError
        With a Label that says what is wrong.
    """
    found = understand(typed, _horizon(today()) if future else today())
    if isinstance(found, PartialDate) and not partial:
        raise ValueError(Label("请填到日，例如 2026-11-21", "Please give the day too, such as 2026-11-21"))
    if not future and (found.first if isinstance(found, PartialDate) else found) > today():
        raise ValueError(Label("这一天还没有到", "This day is still to come"))
    return found


def told_day(found: date | PartialDate) -> Label:
    """A day as it was understood, with its weekday; a month or a year as such."""
    if isinstance(found, PartialDate):
        if found.precision.code == "day":
            return told_day(found.day)
        text = found.day.isoformat()[: 7 if found.precision.code == "month" else 4]
        return Label("%(day)s，%(precision)s", "%(day)s, %(precision)s") % {
            "day": text,
            "precision": found.precision.label,
        }
    return Label("%(day)s，%(weekday)s", "%(day)s, %(weekday)s") % {
        "day": found.isoformat(),
        "weekday": WEEKDAYS[found.weekday()],
    }


def _figure(value: float) -> str:
    return f"{value:g}"


def _horizon(day: date) -> date:
    """A day so far ahead that a date without its year is read as the next one."""
    return date(day.year + 1, day.month, min(day.day, 28))
