"""What may be given to commands – days, months, shares, keys, files –, and what is said where it is wrong."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from registry.label import Label
from registry.reports.papers.periods import days_of
from registry.reports.rates.quality import this_day

SHOWN = 12  # of the keys that there are


class Day(click.ParamType):
    """A day: 2026-01-31, 20260131 or 2026/01/31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        for form in ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d"):
            try:
                return datetime.strptime(str(value).strip(), form).replace(tzinfo=UTC).date()
            except ValueError:
                continue
        said = Label("%(given)s 不是日期，请写成 2026-01-31", "%(given)s is no day; write it as 2026-01-31")
        self.fail(str(said % {"given": value}), param, ctx)


class Month(click.ParamType):
    """A month: 2026-10."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            days_of("monthly", str(value))
        except ValueError:
            said = Label("%(given)s 不是月份，请写成 2026-10", "%(given)s is no month; write it as 2026-10")
            self.fail(str(said % {"given": value}), param, ctx)
        return str(value)


class Fraction(click.ParamType):
    """A proportion inside 0 to 1: 0.25, 25% or 5.2‰."""

    name = "fraction"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).strip()
        per = {"%": 100, "‰": 1000}.get(text[-1:], 1)
        try:
            found = float(text.rstrip("%‰")) / per
        except ValueError:
            said = Label(
                "%(given)s 不是比例，请写成 0.25 或 25%%", "%(given)s is no proportion such as 0.25 or 25%%"
            )
            self.fail(str(said % {"given": value}), param, ctx)
        if not 0 < found < 1:
            said = Label("%(given)s 不在 0 与 1 之间", "%(given)s does not lie between 0 and 1")
            self.fail(str(said % {"given": value}), param, ctx)
        return found


class Key(click.ParamType):
    """One of many keys, in any case; what is none is answered with those that look like it."""

    name = "key"

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = {key.casefold(): key for key in keys}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        asked = str(value).strip().casefold()
        if asked in self.keys:
            return self.keys[asked]
        near = get_close_matches(asked, self.keys, SHOWN) or list(self.keys)[:SHOWN]
        more = " …" if len(near) < len(self.keys) else ""
        said = Label("没有 %(given)s；有：%(near)s", "there is no %(given)s; there are: %(near)s")
        named = ", ".join(self.keys[one] for one in near) + more
        self.fail(str(said % {"given": value, "near": named}), param, ctx)


DAY = Day()
MONTH = Month()


def in_order(start: object, end: object) -> None:
    """Refuse a period that ends before it begins; days with days, or months with months."""
    if start and end and str(start) > str(end):
        said = Label("%(a)s 在 %(b)s 之后：起止写反了", "%(a)s is after %(b)s: the period is turned round")
        raise click.BadParameter(str(said % {"a": start, "b": end}), param_hint="--from")


def over(month: str, hint: str) -> str:
    """The month, which must be over."""
    if days_of("monthly", month)[1] >= this_day():
        said = Label("%(month)s 还没有结束", "%(month)s is not over yet")
        raise click.BadParameter(str(said % {"month": month}), param_hint=hint)
    return month


def check_out(path: Path, endings: Collection[str], hint: str, *, overwrite: bool) -> None:
    """Refuse a file to be written that ends in nothing known, lies nowhere, or is there already.

    Raises
    ------
    click.BadParameter
        Before anything was counted or written.
    """
    values = {"file": path, "folder": path.parent, "ends": ", ".join(f".{one}" for one in endings)}
    if path.suffix[1:] not in endings:
        said = Label("文件名须以 %(ends)s 之一结尾", "the file must end in one of %(ends)s")
    elif not path.parent.is_dir():
        said = Label("没有文件夹 %(folder)s", "there is no folder %(folder)s")
    elif path.exists() and not overwrite:
        said = Label("%(file)s 已存在；要替换请加 --overwrite", "%(file)s exists; --overwrite replaces it")
    else:
        return
    raise click.BadParameter(str(said % values), param_hint=hint)
