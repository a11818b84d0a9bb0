"""Tumours counted by whole days followed and whether the person died: all that a survival curve needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Select, String, and_, case, func, not_, or_, select, type_coerce

from registry import models
from registry.codes.lesion import COLORECTUM, Organ, Site, organ_of
from registry.codes.outcome import TreatmentType
from registry.codes.person import Sex
from registry.codes.tumour import Basis, DetectionMode, StageGroup, SummaryStage
from registry.extensions import db
from registry.indicators.early import early
from registry.label import Label
from registry.models import Centre, Person
from registry.models.portable import year
from registry.queries.counting.frame import counted_columns
from registry.queries.counting.grouping import ALL, Group, by_name
from registry.queries.counting.kept import kept
from registry.queries.counting.tallies import counting
from registry.queries.unfinished import counted, unfinished_imports

Tumour: Any = models.Tumour  # columns as expressions: a type checker takes a nullable one for no condition

UNKNOWN = Group("unknown", Label("不详", "Unknown"), (1,))
NOT_FROM_LIFE = [basis for basis in Basis if not basis.before_death]
ROLES = {
    "detecting": (Label("发现中心", "Detecting centre"), Tumour.detecting_centre_id),
    "diagnosing": (Label("诊断中心", "Diagnosing centre"), Tumour.diagnosing_centre_id),
    "treating": (Label("治疗中心", "Treating centre"), Tumour.treating_centre_id),
}


@dataclass(frozen=True, eq=False)
class Followed:
    """One group: days followed, whether dead then, and for how many tumours that holds; one array each.

    `entry` are the days from which on they were seen, where that was not the start.
    """

    group: Group
    days: np.ndarray
    dead: np.ndarray
    weight: np.ndarray
    entry: np.ndarray | None = None


@dataclass(frozen=True)
class Counted:
    """The groups in their order, and the tumours left out by reason."""

    groups: list[Followed]
    death_certificate_only: int
    not_followed: int


@dataclass(frozen=True, eq=False)
class Division:
    """A way to divide tumours: the expression, and the group a value of it belongs to."""

    key: str
    label: Label
    expression: Any
    group: Callable[[Any], Group]
    of_person: bool = False


def _coded(codes: Any, unknown: Any = None) -> Callable[[Any], Group]:
    groups = {member.code: Group(member.code, member.label, (0, member.rank)) for member in codes}
    if unknown is not None:
        groups[unknown.code] = Group("unknown", unknown.label, (1,))
    return lambda value: groups[value] if value in groups else groups.get("unknown", UNKNOWN)


def _broad(value: str | None) -> Group:
    stage = StageGroup.X if value is None else StageGroup(value).broad
    return UNKNOWN if stage is StageGroup.X else Group(stage.code, stage.label, (0, stage.rank))


def _extent(value: str | None) -> Group:
    names = {"early": Label("早期", "Early"), "advanced": Label("进展期", "Advanced")}
    return Group(value, names[value], (0, value == "advanced")) if value in names else _CANNOT_TELL


def _five_years(value: int | None) -> Group:
    if value is None:
        return UNKNOWN
    code = f"{value - value % 5}–{value - value % 5 + 4}"
    return Group(code, Label(code, code), (0, value - value % 5))


_CANNOT_TELL = Group("unknown", Label("不能判定", "Cannot tell"), (1,))
_EXTENT = case((early(Tumour), "early"), (not_(early(Tumour)), "advanced"), else_=None)


def started_on(invasive: bool) -> Any:
    """The day survival starts: first proof by tissue, else the registered incidence date."""
    return func.coalesce(Tumour.invasive_on if invasive else Tumour.noninvasive_on, Tumour.incidence_on)


def divisions(invasive: bool = True, role: str = "detecting") -> dict[str, Division]:
    """The ways to divide tumours, by key."""

    def text(column: Any) -> Any:
        return type_coerce(column, String)

    label, centre = ROLES[role]
    found = (
        Division(
            "summary_stage",
            Label("概要分期", "Summary stage"),
            text(Tumour.summary_stage),
            _coded(SummaryStage, SummaryStage.UNKNOWN),
        ),
        Division("stage_group", Label("TNM 分期", "TNM stage"), text(Tumour.stage_group), _broad),
        Division(
            "early", Label("早期或进展期（NHC 2022）", "Early or advanced (NHC 2022)"), _EXTENT, _extent
        ),
        Division("organ", Label("器官", "Organ"), text(Tumour.organ), _coded(Organ)),
        Division(
            "treatment",
            Label("首次治疗", "First treatment"),
            text(Tumour.first_treatment),
            _coded(TreatmentType),
        ),
        Division("sex", Label("性别", "Sex"), text(Person.sex), _coded(Sex, Sex.UNKNOWN), of_person=True),
        Division(
            "detection",
            Label("发现方式", "Detection mode"),
            text(Tumour.detection),
            _coded(DetectionMode, DetectionMode.UNKNOWN),
        ),
        Division("period", Label("诊断时期", "Period of diagnosis"), year(started_on(invasive)), _five_years),
        Division("centre", label, centre, _centre),
    )
    return {division.key: division for division in found}


def _centre(value: int | None) -> Group:
    if value is None:
        return UNKNOWN
    centre = db.session.get_one(Centre, value)
    return Group(centre.code, centre.label, by_name(centre.label))


def followed(
    by: str | None = None,
    *,
    site: str | None = None,
    start: date | None = None,
    end: date | None = None,
    invasive: bool = True,
    role: str = "detecting",
    centre_ids: Sequence[int] | None = None,
) -> Counted:
    """Count tumours by group, days followed and death.

    Parameters
    ----------
    by : str or None
        A key of `divisions`; None puts all tumours together.
    site : str or None
        The start of an ICD-O-3 code (C16, C18.7), or an organ; "colorectum" is colon and rectum.
    start, end : date or None
        Limits of the day on which survival starts.
    invasive : bool
        Invasive cancers; False for high-grade neoplasia and Tis, which have curves of their own.
    role : str
        Which centre `centre_ids` and a division by centre mean: detecting, diagnosing or treating.

    Returns
    -------
    Counted
        Tumours known only from a death certificate or an autopsy have no days followed, by
        rules.survival; they are left out and counted.

    Raises
    ------
    KeyError
        If there is no such division or role.
    ValueError
        If nothing is called `site`.
    """
    division = division_of(by, invasive, role)
    centres = None if centre_ids is None else tuple(centre_ids)

    def count() -> Counted:
        statement = chosen(
            [Tumour.followed_days, Tumour.dead, func.count()],
            division,
            site=site,
            start=start,
            end=end,
            invasive=invasive,
            role=role,
            centre_ids=centres,
        ).where(*counted(Tumour, unfinished))
        labels = [] if division is None else ["grouped"]
        columns = counted_columns(statement.group_by(Tumour.followed_days, Tumour.dead, *labels))
        groups, lost = _gathered(columns, division)
        after_death = known_after_death(statement) if lost else 0
        return Counted(groups, after_death, lost - after_death)

    with counting():
        unfinished = tuple(unfinished_imports())
        wanted = ("followed", by or None, site, start, end, invasive, role, centres, unfinished)
        return kept(wanted, count, lambda found: 3 * sum(one.days.size for one in found.groups))


def division_of(by: str | None, invasive: bool = True, role: str = "detecting") -> Division | None:
    """The division of this key; None where all are together. KeyError if there is no such."""
    available = divisions(invasive, role)
    if by not in (None, "", "none") and by not in available:
        raise KeyError(f"cannot divide by {by!r}; choose one of {', '.join(available)}")
    return available.get(by or "")


def chosen(
    columns: Sequence[Any],
    division: Division | None,
    *,
    site: str | None = None,
    start: date | None = None,
    end: date | None = None,
    invasive: bool = True,
    role: str = "detecting",
    centre_ids: Sequence[int] | None = None,
    with_person: bool = False,
) -> Select[Any]:
    """Select columns of the tumours that `followed` is asked for, after the value they are divided by.

    `with_person` joins the person where columns of it are wanted.
    """
    group = [] if division is None else [division.expression.label("grouped")]
    statement = select(*group, *columns).select_from(Tumour)
    statement = statement.where(Tumour.invasive.is_(invasive), *_site(site))
    if not invasive:  # where a revision left nothing that counts there is nobody to follow
        begun = or_(started_on(invasive).is_not(None), Tumour.followed_days.is_not(None))
        statement = statement.where(begun)
    if with_person or (division is not None and division.of_person):
        statement = statement.join(Person, Person.id == Tumour.person_id)
    if start:
        statement = statement.where(started_on(invasive) >= start)
    if end:
        statement = statement.where(started_on(invasive) <= end)
    if centre_ids is not None:
        statement = statement.where(ROLES[role][1].in_(centre_ids))
    return statement


def finished(statement: Select[Any]) -> Select[Any]:
    """Without the tumours of imports that no rate may count yet."""
    return statement.where(*counted(Tumour))


def known_after_death(statement: Any) -> int:
    """Of those without days followed, how many were known only from a death certificate or an autopsy."""
    never = statement.with_only_columns(func.count(), maintain_column_froms=True)
    never = never.where(Tumour.followed_days.is_(None), Tumour.basis.in_(NOT_FROM_LIFE))
    return int(db.session.scalar(never) or 0)


def _gathered(columns: list[list[Any]], division: Division | None) -> tuple[list[Followed], int]:
    """What was counted by group, and how many are not followed. Several values may stand for one group."""
    *grouped, given_days, given_dead, numbers = columns
    values = grouped[0] if grouped else [None] * len(numbers)
    days, dead = np.array(given_days, dtype=float), np.array(given_dead, dtype=float)
    weight, known = np.array(numbers, dtype=int), ~(np.isnan(days) | np.isnan(dead))
    groups: dict[str, Group] = {}
    code: dict[Any, int] = {}
    for value in dict.fromkeys(values):
        named = Group("all", ALL) if division is None else division.group(value)
        groups.setdefault(named.code, named)
        code[value] = list(groups).index(named.code)
    places = np.array([code[value] for value in values])
    found = []
    for place, group in enumerate(groups.values()):
        own = known & (places == place)
        if own.any():
            arrays = days[own].astype(int), dead[own].astype(bool), weight[own]
            for array in arrays:
                array.setflags(write=False)  # the next reader may get the same
            found.append(Followed(group, *arrays))
    return sorted(found, key=lambda one: one.group.order), int(weight[~known].sum())


def _site(given: str | None) -> list[Any]:
    if not given:
        return []
    named = given.strip()
    if named.casefold() in {"colorectum", "colorectal", "crc"}:
        return [Tumour.organ.in_(sorted(COLORECTUM, key=str))]
    if named.casefold() in {organ.code for organ in Organ}:
        return [Tumour.organ == Organ(named.casefold())]
    sites = [site for site in Site if site.code.startswith(named.upper())]
    if not sites:
        said = Label(
            "没有部位或器官 %(given)s：请写 C16、C18.7、stomach、colorectum …",
            "no site or organ is called %(given)s: write C16, C18.7, stomach, colorectum …",
        )
        raise ValueError(str(said % {"given": given}))
    organs = {organ_of(site) for site in sites}
    whole = [organ for organ in organs if all(site in sites for site in Site if site.organ is organ)]
    return [or_(Tumour.topography.in_(sites), and_(Tumour.topography.is_(None), Tumour.organ.in_(whole)))]


def death_lists() -> tuple[date | None, date | None, bool]:
    """Up to which days death lists were linked, earliest and latest; and whether somebody has none."""
    with counting():
        row = db.session.execute(
            select(
                func.min(Person.linked_until),
                func.max(Person.linked_until),
                func.count(Tumour.id).filter(Person.linked_until.is_(None)),
            )
            .select_from(Tumour)
            .join(Person, Person.id == Tumour.person_id)
            .where(*counted(Tumour))
        ).one()
    return row[0], row[1], bool(row[2])
