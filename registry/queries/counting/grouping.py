"""By what counts are grouped: the expression, the person it may need, and what each group is called."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import case, select

from registry.access import scope, tells_doctors_apart
from registry.codes.person import Sex
from registry.extensions import db
from registry.label import Label
from registry.models import Centre, Person, User
from registry.models.portable import month, quarter, year

UNKNOWN = Label("未知", "Unknown")
ALL = Label("合计", "All")
COLLEAGUE = Label("同事", "A colleague")
BEFORE_A_TIME = 1_000_000  # a centre's id stands before the digits of its quarter or month


@dataclass(frozen=True)
class Group:
    """One group: the code that goes into files, and the words that readers see."""

    code: str
    label: Label
    order: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class Grouping:
    """A way to group what is counted; `name` turns the database's values into groups.

    `of` gives the expression over an examination, or over whatever else says when, where and by whom
    (`queries.counting.occasion`); None puts everything together.
    """

    key: str
    label: Label
    of: Callable[[Any], Any] | None
    name: Callable[[Iterable[Any]], dict[Any, Group]]
    of_person: bool = False


def by_name(label: Label) -> tuple[int, bytes]:
    """Where a name stands in a list: Chinese as in GB 18030, which is pinyin for common characters."""
    return (0, str(label).encode("gb18030", "replace"))


def _plain(values: Iterable[Any], naming: Callable[[Any], Group]) -> dict[Any, Group]:
    return {
        value: Group("unknown", UNKNOWN, (1,)) if value is None else naming(value) for value in set(values)
    }


def _centres(values: Iterable[Any]) -> dict[Any, Group]:
    found = {centre.id: centre for centre in db.session.scalars(select(Centre))}

    def naming(value: int) -> Group:
        return Group(found[value].code, found[value].label, by_name(found[value].label))

    return _plain(values, naming)


def _users(values: Iterable[Any]) -> dict[Any, Group]:
    """Endoscopists by their names; whoever reads the own beside colleagues' sees these without.

    That is a courtesy, no secret: who has a case in the own house may read it, and who did it.
    """
    values = set(values)
    wanted = [value for value in values if value is not None]
    current = scope()
    if current is not None and not tells_doctors_apart():
        wanted = [value for value in wanted if value == current.actor_id]
    names = {
        row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    }

    unnamed = {value for value in values if value is not None and value not in names}
    mixed = sorted(unnamed, key=lambda value: sha256(str(value).encode()).digest())

    def naming(value: int) -> Group:
        if value in unnamed:
            place = mixed.index(value) + 1
            return Group(f"peer-{place}", COLLEAGUE, (0, b"\xff", place))
        label = Label(names[value], names[value])
        return Group(str(value), label, by_name(label))

    return _plain(values, naming)


def _of_code(code: str, order: Any) -> Group:
    return Group(code, Label(code, code), (0, order))


def _days(values: Iterable[Any]) -> dict[Any, Group]:
    return _plain(values, lambda value: _of_code(value.isoformat(), value))


def _months(values: Iterable[Any]) -> dict[Any, Group]:
    return _plain(values, lambda value: _of_code(f"{value // 100}-{value % 100:02d}", value))


def _quarters(values: Iterable[Any]) -> dict[Any, Group]:
    return _plain(values, lambda value: _of_code(f"{value // 10}-Q{value % 10}", value))


def _centre_quarters(values: Iterable[Any]) -> dict[Any, Group]:
    return _of_centres(values, _quarters)


def _centre_months(values: Iterable[Any]) -> dict[Any, Group]:
    return _of_centres(values, _months)


def _of_centres(
    values: Iterable[Any], named: Callable[[Iterable[Any]], dict[Any, Group]]
) -> dict[Any, Group]:
    """Groups of a centre and a time, in one number each: the centre's id before five or six digits."""
    values = list(values)
    centres = _centres(value // BEFORE_A_TIME for value in values)
    times = named(value % BEFORE_A_TIME for value in values)
    return {
        value: Group(
            f"{centre.code}/{time.code}",
            Label(f"{centre.label.zh} {time.label.zh}", f"{centre.label.en} {time.label.en}"),
            (centre.order, time.order),
        )
        for value in values
        for centre, time in [(centres[value // BEFORE_A_TIME], times[value % BEFORE_A_TIME])]
    }


def _years(values: Iterable[Any]) -> dict[Any, Group]:
    return _plain(values, lambda value: _of_code(str(value), value))


def _sexes(values: Iterable[Any]) -> dict[Any, Group]:
    def naming(value: Sex) -> Group:
        return Group(value.code, value.label, (0, value.rank))

    return _plain(values, naming)


def _bands(width: int, first: int) -> Callable[[Iterable[Any]], dict[Any, Group]]:
    def naming(value: int) -> Group:
        code = f"<{first}" if value < first else f"{value}–{value + width - 1}"
        return _of_code(code, value)

    return lambda values: _plain(values, naming)


def _all(values: Iterable[Any]) -> dict[Any, Group]:
    return {value: Group("all", ALL) for value in set(values)}


def _band(width: int, first: int) -> Callable[[Any], Any]:
    """The lower end of the age band; everybody under `first` is one band, at 0."""
    return lambda at: case((at.age.is_(None), None), (at.age < first, 0), else_=at.age - at.age % width)


def _month(at: Any) -> Any:
    return year(at.performed_on) * 100 + month(at.performed_on)


def _quarter(at: Any) -> Any:
    return year(at.performed_on) * 10 + quarter(at.performed_on)


GROUPINGS = {
    found.key: found
    for found in (
        Grouping("centre", Label("中心", "Centre"), lambda at: at.centre_id, _centres),
        Grouping("endoscopist", Label("内镜医师", "Endoscopist"), lambda at: at.operator_id, _users),
        Grouping("month", Label("月份", "Month"), _month, _months),
        Grouping("quarter", Label("季度", "Quarter"), _quarter, _quarters),
        Grouping("year", Label("年份", "Year"), lambda at: year(at.performed_on), _years),
        Grouping("sex", Label("性别", "Sex"), lambda at: Person.sex, _sexes, of_person=True),
        Grouping("age", Label("年龄（10 岁组）", "Age, by 10 years"), _band(10, 40), _bands(10, 40)),
        Grouping("age5", Label("年龄（5 岁组）", "Age, by 5 years"), _band(5, 40), _bands(5, 40)),
    )
}
# For what is watched result by result; no reader chooses it, and few would be hidden in it.
DAY = Grouping("day", Label("日期", "Day"), lambda at: at.performed_on, _days)
# For releases: no reader chooses it by this name.
CENTRE_QUARTER = Grouping(
    "centre-quarter",
    Label("中心和季度", "Centre and quarter"),
    lambda at: at.centre_id * BEFORE_A_TIME + _quarter(at),
    _centre_quarters,
)
# For what looks at every centre's months at once; no reader chooses it.
CENTRE_MONTH = Grouping(
    "centre-month",
    Label("中心和月份", "Centre and month"),
    lambda at: at.centre_id * BEFORE_A_TIME + _month(at),
    _centre_months,
)
NO_GROUPING = Grouping("none", Label("不分组", "No grouping"), None, _all)


def grouping(key: str | None) -> Grouping:
    """The grouping of that name; None and "none" put everybody together. KeyError names those there are."""
    if key in (None, "", "none"):
        return NO_GROUPING
    if key not in GROUPINGS:
        raise KeyError(f"cannot group by {key!r}; choose one of {', '.join(GROUPINGS)}")
    return GROUPINGS[str(key)]
