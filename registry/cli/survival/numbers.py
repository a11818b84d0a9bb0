"""Lists of numbers as options of a command."""

import click

from registry.label import Label


class Numbers(click.ParamType):
    """Numbers with commas between them, 1,3,5,10."""

    name = "numbers"

    def __init__(self, kind: type[int] | type[float]) -> None:
        self.kind = kind

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        try:
            found = tuple(self.kind(part) for part in str(value).split(",") if part.strip())
        except ValueError:
            said = Label("%(given)s 不是数字，请写成 1,3,5", "%(given)s is no list of numbers such as 1,3,5")
            self.fail(str(said % {"given": value}), param, ctx)
        if not found or min(found) < 0:
            said = Label("%(given)s：请给不小于 0 的数", "%(given)s: give numbers that are not negative")
            self.fail(str(said % {"given": value}), param, ctx)
        return found
