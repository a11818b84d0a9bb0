"""Every indicator by centre and month over two years: against SQL by hand, seen again, after a change.

Also how the cost grows with the registry. The answers are insisted to be equal, cell by cell, before any
time is printed: a comparison of speed is worth nothing between different answers.
"""

import argparse
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from benchmarks import alliance, by_hand, registries
from benchmarks.timing import Taken, together
from registry.access import Permission, Scope, act_as, unscoped
from registry.extensions import db
from registry.indicators import INDICATORS
from registry.label import Label
from registry.models import Examination, Tumour
from registry.models.portable import month, year
from registry.queries.counting import kept
from registry.queries.counting.grouping import Group, Grouping
from registry.queries.counting.tallies import Tally, tally
from registry.queries.survival.by_days import followed
from registry.reports.rates.quality import this_day
from registry.services.unit import change

MONTHS = 24
AT_MOST, AGAIN_AT_MOST = 1.5, 0.1
NOTHING = [0, 0, 0, 0]


def _centre_and_month(at: Any) -> Any:
    return at.centre_id * 1_000_000 + year(at.performed_on) * 100 + month(at.performed_on)


def _numbered(values: Iterable[Any]) -> dict[Any, Group]:
    return {value: Group(str(value), Label(str(value), str(value)), (value or 0,)) for value in values}


BY_CENTRE_AND_MONTH = Grouping("centre and month", Label("", ""), _centre_and_month, _numbered)


def measure(asked: argparse.Namespace, place: Path) -> None:
    """Print the ratio to SQL by hand, that of the second view to the first, and what one case more costs."""
    with registries.registry(place / "rates.sqlite", asked.database, asked.keys):
        if not asked.database:
            alliance.make(asked.examinations)
        act_as(alliance.EVERYTHING)
        period = _period()
        written = [one for key, one in INDICATORS.items() if key in by_hand.WRITTEN]

        def ours() -> list[Tally]:
            kept.forget()
            return seen()

        def seen() -> list[Tally]:
            return tally(written, by=BY_CENTRE_AND_MONTH, start=period[0], end=period[1])

        def hand() -> by_hand.Counts:
            with unscoped("tallies"):
                return by_hand.count(db.session, db.engine.dialect.name, *period)

        cells = _insist(ours(), hand())
        mine, theirs, again = together((ours, hand, seen), asked.runs)
        print(
            f"{len(written)} of {len(INDICATORS)} indicators by centre and month, {cells:,} cells equal to "
            f"SQL by hand: {mine}; by hand {theirs}; ratio {mine.used / theirs.used:.2f} (at most {AT_MOST})"
        )
        print(
            f"the same view again: {again}; ratio {again.used / mine.used:.3f} (at most {AGAIN_AT_MOST}), "
            f"{_statements(seen)} statements"
        )
        if not asked.database:
            _one_changed(seen, hand)
        if lacking := sorted(INDICATORS.keys() - by_hand.WRITTEN):
            print(f"without SQL by hand: {', '.join(lacking)}")


def growth(asked: argparse.Namespace, place: Path) -> None:
    """Print how the cost of counting everything, and of survival, grows from one size to the next."""
    before: tuple[int, Taken, Taken] | None = None
    for size in asked.sizes:
        with registries.registry(place / f"{size}.sqlite", None, None):
            alliance.make(size)
            act_as(alliance.EVERYTHING)
            there = db.session.scalar(select(func.count()).select_from(Examination)) or 0
            tumours = db.session.scalar(select(func.count()).select_from(Tumour)) or 0
            period, everything = _period(), list(INDICATORS.values())

            def rates(period: Any = period, everything: Any = everything) -> None:
                kept.forget()
                tally(everything, by=BY_CENTRE_AND_MONTH, start=period[0], end=period[1])

            def survival() -> None:
                kept.forget()
                followed("summary_stage")

            rates()
            survival()
            found = together((rates, survival), max(1, asked.runs // 2))
        said = f"{there:,} examinations, {tumours:,} tumours: all indicators {found[0]}, survival {found[1]}"
        if before is not None:
            times = there / before[0]
            grown = [now.used / then.used for now, then in zip(found, before[1:], strict=True)]
            said += f"; {times:.0f} times the data: {grown[0]:.1f} and {grown[1]:.1f} times the work"
        print(said)
        before = (there, found[0], found[1])


def _period() -> tuple[date, date]:
    """The last whole months that there are examinations from, two years of them."""
    last = db.session.scalar(select(func.max(Examination.performed_on))) or this_day()
    end = (last + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    first = end.year * 12 + end.month - MONTHS
    return date(first // 12, first % 12 + 1, 1), end


def _cells(found: list[Tally]) -> dict[tuple[str, int], list[int]]:
    return {(one.indicator.key, int(one.group.code)): list(one.counts.values()) for one in found}


def _insist(found: list[Tally], theirs: by_hand.Counts) -> int:
    """How many cells are equal; an error where one is not."""
    mine = _cells(found)
    places = mine.keys() | theirs.keys()
    differing = {
        place: (mine.get(place, NOTHING), theirs.get(place, NOTHING))
        for place in places
        if mine.get(place, NOTHING) != theirs.get(place, NOTHING)
    }
    if differing:
        raise AssertionError(f"tallies and the SQL by hand differ: {dict(list(differing.items())[:5])}")
    return len(places)


def _statements(work: Any) -> int:
    """How many statements a piece of work sends to the database."""
    sent: list[str] = []

    def note(*given: Any) -> None:
        sent.append(given[2])

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def _one_changed(seen: Any, hand: Any) -> None:
    """Change one examination and insist that the next view is right."""
    some = select(Examination).where(Examination.withdrawal_min < 6).order_by(Examination.performed_on.desc())
    examination = db.session.scalars(some.offset(5_000).limit(1)).first() or db.session.scalars(some).first()
    assert examination is not None
    at, minutes = examination.id, examination.withdrawal_min
    own = Scope(None, "benchmarks", frozenset({examination.centre_id}), frozenset(Permission))
    act_as(own)
    with change("benchmark") as unit:
        unit.edit(db.session.get_one(Examination, at)).withdrawal_min = 10
    act_as(alliance.EVERYTHING)
    db.session.rollback()
    found = seen()
    _insist(found, hand())
    print(f"one withdrawal of {minutes:g} minutes changed to 10: the next view has every cell right again")
