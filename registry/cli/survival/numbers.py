"""Lists of numbers as options of a command."""

import click


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
            self.fail(f"{value!r} is no list of numbers such as 1,3,5", param, ctx)
        if not found or min(found) < 0:
            self.fail(f"{value!r}: give numbers that are not negative", param, ctx)
        return found
