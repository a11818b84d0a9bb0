"""What a mapping says: what the file is about, how its rows make a case, where each field comes from."""

from dataclasses import dataclass
from typing import Any

from registry.label import Label

ABOUT = {
    "cases": Label("检查病例", "Cases"),
    "day_list": Label("当日检查名单", "The day's list"),
    "pathology": Label("病理报告清单", "List of pathology reports"),
    "deaths": Label("死亡名单", "List of deaths"),
    "register": Label("肿瘤登记名单", "Cancer register entries"),
}
PER = ("case", "lesion", "specimen")
ORDERS = ("ymd", "dmy", "mdy")


@dataclass(frozen=True)
class Source:
    """Where a field's value comes from: a column, several, or the same for all; how its words translate."""

    column: str | None = None
    always: Any = None
    values: dict[str, Any] | None = None
    empty: frozenset[str] = frozenset()
    read: str | None = None
    order: str = "ymd"
    columns: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    join: str | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column that it looks at."""
        return (*((self.column,) if self.column else ()), *self.columns, *self.given)


@dataclass(frozen=True)
class Mapping:
    """One shape of file. `fields` is record → field → where from, in order of preference."""

    name: str
    source: str
    about: str
    digest: str
    kind: str | None
    encoding: str | None
    sheet: str | None
    key: tuple[str, ...]
    per: str
    fields: dict[str, dict[str, tuple[Source, ...]]]
    agrees: dict[str, str]
    content: str

    @property
    def columns(self) -> set[str]:
        """The source columns that the file must have."""
        used = {
            column
            for fields in self.fields.values()
            for sources in fields.values()
            for source in sources
            for column in source.reads
        }
        return used | set(self.key) | set(self.agrees.values())
