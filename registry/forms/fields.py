"""Fields read off columns: label, codes, limits, unit and length come from ``column.info``.

A field keeps what was typed and shows it again; what it understood is `data`. Where a text cannot
be read, the message is a Label, so the page prints it in the reader's language.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from wtforms import Field, ValidationError

from registry.codes.code_set import CodeSet
from registry.forms.shown import short_label
from registry.label import Label
from registry.rules.dates import PartialDate, understand

MOST_BUTTONS = 7
WEEKDAYS = (
    Label("周一", "Monday"),
    Label("周二", "Tuesday"),
    Label("周三", "Wednesday"),
    Label("周四", "Thursday"),
    Label("周五", "Friday"),
    Label("周六", "Saturday"),
    Label("周日", "Sunday"),
)
NEEDED = Label("请填写", "Please fill this in")


def today() -> date:
    """The calendar day here, where the hospital is."""
    return datetime.now().astimezone().date()


class Given:
    """The field may not stay empty."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data in (None, "", []) and not field.process_errors:
            raise ValidationError(NEEDED)  # type: ignore[arg-type]  # a Label prints itself


class Typed(Field):
    """One line of text that `read` understands; empty is not known."""

    kind = "text"
    input_mode: str | None = None

    def __init__(
        self,
        label: Any = None,
        *,
        required: bool = False,
        hint: Any = None,
        unit: str = "",
        length: int | None = None,
        essential: bool = False,
        placeholder: Any = None,
        **options: Any,
    ) -> None:
        validators = [Given()] if required else []
        super().__init__(label, validators, **options)
        self.required, self.hint, self.unit, self.length = required, hint, unit, length
        self.essential, self.placeholder = essential or required, placeholder

    def read(self, typed: str) -> Any:
        if self.length and len(typed) > self.length:
            raise ValueError(
                Label("最多 %(n)s 个字符", "At most %(n)s characters") % {"n": self.length}
            )
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
        low_high = self.usual or self.limits
        limits = f"{_figure(low_high[0])}–{_figure(low_high[1])}" if low_high else ""
        return " ".join(part for part in (self.unit, limits) if part)

    def plain(self) -> str:
        return f"{self.show(self.data)} {self.unit}".strip() if self.data is not None else ""


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

    def __init__(self, label: Any = None, *, partial: bool = False, future: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.partial, self.future = partial, future

    def read(self, typed: str) -> Any:
        found = understand(typed, _horizon(today()) if self.future else today())
        if isinstance(found, PartialDate) and not self.partial:
            raise ValueError(Label("请填到日，例如 2026-11-21", "Please give the whole day, such as 2026-11-21"))
        first = found.first if isinstance(found, PartialDate) else found
        if not self.future and first > today():
            raise ValueError(Label("这一天还没有到", "This day is still to come"))
        return found

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


class Choice(Typed):
    """One of a few values: buttons with digit keys up to seven, else a list with type-ahead."""

    def __init__(
        self,
        label: Any = None,
        *,
        options_: Callable[[], list[tuple[str, Any]]] | None = None,
        buttons: bool | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self._listed, self._buttons = options_, buttons

    @property
    def kind(self) -> str:  # type: ignore[override]
        few = len(self.listed()) <= MOST_BUTTONS if self._buttons is None else self._buttons
        return "buttons" if few else "select"

    def listed(self) -> list[tuple[str, Any]]:
        """The values as sent, each with the words shown."""
        return self._listed() if self._listed else []

    def read(self, typed: str) -> Any:
        if typed not in {value for value, _ in self.listed()}:
            raise ValueError(Label("请在所列中选择", "Please choose one of those listed"))
        return typed

    @property
    def chosen(self) -> str:
        return self.typed

    def plain(self) -> str:
        shown = dict(self.listed())
        return str(shown.get(self.show(self.data), "")) if self.data is not None else ""


class Code(Choice):
    """One member of a code set. `only` narrows what is offered, never what is stored already."""

    def __init__(
        self,
        label: Any = None,
        *,
        codes: type[CodeSet],
        only: Callable[[Any], bool] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.codes, self.only = codes, only

    def listed(self) -> list[tuple[str, Any]]:
        members = [member for member in self.codes if self.only is None or self.only(member)]
        few = len(members) <= MOST_BUTTONS if self._buttons is None else self._buttons
        return [(member.code, short_label(member) if few else member.label) for member in members]

    def read(self, typed: str) -> Any:
        try:
            return self.codes.parse(typed)
        except ValueError as error:
            raise ValueError(Label("请在所列中选择", "Please choose one of those listed")) from error

    def show(self, value: Any) -> str:
        return "" if value is None else value.code

    def plain(self) -> str:
        return "" if self.data is None else str(self.data)


class Few(Whole):
    """A whole number of few values, as buttons whose keys are the figures themselves."""

    kind = "buttons"

    def listed(self) -> list[tuple[str, Any]]:
        low, high = self.limits or (0, 0)
        return [(str(number), str(number)) for number in range(low, high + 1)]

    @property
    def chosen(self) -> str:
        return self.typed


class YesNo(Choice):
    """Yes, no, or not known. Not known is not no: it leaves the value empty."""

    def listed(self) -> list[tuple[str, Any]]:
        return [("yes", Label("是", "Yes")), ("no", Label("否", "No")), ("unknown", Label("未知", "Unknown"))]

    def read(self, typed: str) -> bool | None:
        super().read(typed)
        return {"yes": True, "no": False}.get(typed)

    def show(self, value: Any) -> str:
        return {True: "yes", False: "no"}.get(value, "")


class Tick(Typed):
    """A box that says yes; unticked it says what `otherwise` says: nothing known, unless told."""

    kind = "tick"

    def __init__(self, label: Any = None, *, otherwise: bool | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.otherwise = otherwise

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = True if valuelist and valuelist[0] else self.otherwise

    def show(self, value: Any) -> str:
        return "✓" if value else ""


class Kept(Typed):
    """A whole number that travels with the form unseen: an id, a version, a lesion's number."""

    kind = "hidden"

    def read(self, typed: str) -> int:
        return int(typed)


class KeptWords(Typed):
    """Words that travel with the form unseen."""

    kind = "hidden"


def field_for(column: Any, **options: Any) -> Any:
    """The field that asks for a column, with its label, codes, limits, unit and length.

    `column` is a mapped attribute, such as ``Lesion.size_mm``. Options overrule what was derived.
    """
    column = column.property.columns[0]
    info = column.info
    given: dict[str, Any] = {
        "label": info.get("label"),
        "required": not column.nullable and column.default is None,
    }
    given |= {name: info[name] for name in ("unit", "length") if info.get(name)}
    if codes := info.get("codes"):
        return Code(**({**given, "codes": codes} | options))
    kind = column.type.python_type
    if limits := info.get("limits"):
        given |= {"limits": limits, "usual": info.get("usual")}
        few = kind is int and limits[1] - limits[0] < MOST_BUTTONS
        return (Few if few else Whole if kind is int else Measure)(**(given | options))
    fields = {bool: YesNo, date: AnyDay, time: Clock}
    default = Prose if (info.get("length") or 0) >= 400 else Words
    return fields.get(kind, default)(**(given | options))


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
