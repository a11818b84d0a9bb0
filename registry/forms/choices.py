"""Fields that are chosen from: buttons with digit keys up to seven values, else a list with type-ahead."""

from collections.abc import Callable, Iterable
from typing import Any

from registry.codes.code_set import CodeSet
from registry.forms.fields import Typed, Whole
from registry.forms.shown import short_label
from registry.label import Label

MOST_BUTTONS = 7


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


class Pick(Choice):
    """One of the records that the view offers, by id. What was not offered is refused."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, buttons=False, **options)
        self.offered: list[tuple[str, Any]] = []

    def listed(self) -> list[tuple[str, Any]]:
        return self.offered

    def read(self, typed: str) -> int:
        return int(typed)

    def offer(self, records: Iterable[tuple[int, Any]]) -> None:
        """Say what may be chosen; called before the form is validated."""
        self.offered = [(str(key), words) for key, words in records]
        if self.data is not None and str(self.data) not in dict(self.offered):
            self.process_errors = [Label("请在所列中选择", "Please choose one of those listed")]


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
        fits = self.only or (lambda member: True)
        members = [member for member in self.codes if member is self.data or fits(member)]
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
