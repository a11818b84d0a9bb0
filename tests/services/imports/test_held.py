"""Nothing of an import moves any figure or list before it is finished: not even of people known before."""

from datetime import date

import pytest
from sqlalchemy import select

from registry.access import Permission, Scope, act_as, scope, unscoped
from registry.codes.alliance import Role
from registry.codes.desk import RunState
from registry.codes.lesion import Paris
from registry.codes.outcome import ContactOutcome
from registry.codes.person import Vital, VitalSource
from registry.extensions import db
from registry.indicators import FIRST, UNCONFIRMED
from registry.models import Enrolment, Examination, FollowUp, ImportRun, Person, Tumour
from registry.queries.counting.tallies import tally
from registry.queries.lists import worklists
from registry.queries.survival import by_days
from registry.services import imports
from registry.services.course import outcome
from registry.services.imports import later, plain, running
from tests.services.imports.contents import contents, emptied
from tests.services.imports.imported import gastroscopy

TODAY = date(2026, 1, 10)
FIRST_FILE = imports.Origin("workstation", "w", "0" * 64, "1" * 64)
SECOND = imports.Origin("workstation", "w", "0" * 64, "2" * 64)
DEATHS = imports.Origin("deaths", "d", "0" * 64, "3" * 64, "deaths")
UNBORN = 5  # whose birth date the first file does not tell


class Killed(BaseException):
    """As if the process had ended there."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 3)


def first():
    """Ten persons: an early cancer (0), an adenoma (7), eight without a lesion."""
    found = [gastroscopy(serial) for serial in range(10)]
    found[UNBORN].person.update(born_on=None, born_precision=None)
    return found


def second():
    """Everybody once more and two persons more, one with a cancer; two rows of the first file changed."""
    changed = gastroscopy(7)
    changed.lesions[0] |= {"size_mm": 30, "paris": Paris.IIC}
    again = gastroscopy(3)
    again.background["kimura"] = None
    again.examination["any_adverse_event"] = True
    fresh = [gastroscopy(serial, visit=visit) for serial in (21, 22) for visit in (0, 1)]
    seen = [gastroscopy(serial, visit=1) for serial in range(10)]
    return [*fresh[:2], changed, *seen[:5], again, *seen[5:], *fresh[2:]]


def known_before():
    """The first file in, and one of its persons due for an examination."""
    imports.bring_in(first(), FIRST_FILE)
    person_id = db.session.scalar(select(Examination.person_id).where(Examination.number == "G2-0"))
    outcome.contact(
        person_id, contacted_on=date(2024, 1, 20), outcome=ContactOutcome.ALIVE, next_due_on=TODAY
    )


def figures():
    """Every rate, survival row and list that a reader may see."""
    db.session.rollback()
    lists = (
        worklists.specimens_without_report(today=TODAY).count(),
        worklists.due(today=TODAY).count(),
        len(worklists.incomplete(since=date(2000, 1, 1)).rows(limit=None)),
        worklists.to_do(today=TODAY),
    )
    here = scope()
    act_as(Scope(None, "figures", may=frozenset(Permission), everywhere=True))
    rates = {
        (one.indicator.key, by, one.group.code): (one.counts, one.tissue, one.endoscopists, one.days)
        for by in (None, "sex")
        for one in tally([*FIRST, *UNCONFIRMED.values()], by=by)
    }
    curves = [
        (invasive, group.group.code, sorted(zip(group.days, group.dead, group.weight, strict=True)))
        for invasive in (True, False)
        for group in by_days.followed(invasive=invasive).groups
    ]
    linked = by_days.death_lists()
    db.session.rollback()
    act_as(here)
    return lists, rates, curves, linked


def killed_after(batches):
    """A `progress` that ends the reading after so many batches."""
    left = [batches]

    def progress(*_done):
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    return progress


def test_killed_between_any_two_batches_nothing_has_moved(acting, monkeypatch):
    with acting(Role.CENTRE_MANAGER):
        known_before()
        before = figures()
        for batches in (1, 4):
            with pytest.raises(Killed):
                imports.bring_in(second(), SECOND, progress=killed_after(batches))
            assert figures() == before
        with monkeypatch.context() as patch:
            patch.setattr(running.Run, "finish", lambda *args, **more: (_ for _ in ()).throw(Killed))
            with pytest.raises(Killed):
                imports.bring_in(second(), SECOND)
        assert figures() == before
        receipt = imports.bring_in(second(), SECOND)
        assert (receipt.new, receipt.updated, receipt.refused) == (13, 3, [])  # one tells a birth date anew
        after, completed = figures(), contents()
        assert all(now != then for now, then in zip(after[:3], before[:3], strict=True))
        assert db.session.scalars(select(FollowUp.settled)).all() == [True]
        again = imports.bring_in(second(), SECOND)
        assert (again.new, again.updated, again.unchanged) == (0, 0, 16)
    with acting(Role.CENTRE_MANAGER):
        emptied()
        known_before()
        imports.bring_in(second(), SECOND)
        assert (figures(), contents()) == (after, completed)


def test_killed_before_what_waited_was_done_it_is_done_by_the_next(acting, monkeypatch):
    with acting(Role.CENTRE_MANAGER):
        known_before()
        with monkeypatch.context() as patch:
            patch.setattr(later.Later, "__iter__", lambda self: (_ for _ in ()).throw(Killed))
            with pytest.raises(Killed):
                imports.bring_in(second(), SECOND)
        run = db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()
        assert (run.finished_at is not None, run.state) == (True, RunState.RUNNING)
        receipt = imports.bring_in(second(), SECOND)
        assert receipt.updated == 3  # two changed rows, and the birth date that the first file did not tell
        db.session.expire_all()
        assert {run.state for run in db.session.scalars(select(ImportRun))} == {RunState.FINISHED}
        completed = contents()
    with acting(Role.CENTRE_MANAGER):
        emptied()
        known_before()
        imports.bring_in(second(), SECOND)
        assert contents() == completed


def test_who_is_seen_meanwhile_keeps_both(acting, book, monkeypatch):
    """A colleague's case of a known person counts at once, and the file's when it is finished."""

    def last_alive(number):
        row = select(Person.last_alive_on).join(Enrolment, Enrolment.person_id == Person.id)
        examined = select(Examination.person_id).where(Examination.number == number)
        return db.session.scalar(row.where(Person.id.in_(examined)))

    with acting(Role.CENTRE_MANAGER):
        known_before()
        person_id = db.session.scalar(select(Examination.person_id).where(Examination.number == "G1-0"))
        with pytest.raises(Killed):
            imports.bring_in(second(), SECOND, progress=killed_after(5))
        assert last_alive("G1-0") == date(2024, 1, 3)
        book.examine(person_id, "2024-01-25", any_adverse_event=False)
        assert last_alive("G1-0") == date(2024, 1, 25)  # and not the file's, 40 days after the first
        worked_out, calls = plain.work_out, []

        def overtaken(found, person_ids, run_id):
            worked_out(found, person_ids, run_id)
            calls.append(list(person_ids))
            if len(calls) == 1:
                book.examine(person_id, "2024-03-30", any_adverse_event=False)

        monkeypatch.setattr(plain, "work_out", overtaken)
        imports.bring_in(second(), SECOND)
        assert len(calls[0]) > 1
        assert calls[1:] == [[person_id]]
        assert last_alive("G1-0") == date(2024, 3, 30)
        assert last_alive("G2-0") == date(2024, 2, 13)


def death(serial, on):
    """An entry of a list of deaths that is complete until the end of 2025."""
    case = gastroscopy(serial)
    told = {"vital": Vital.DEAD, "as_of": on, "source": VitalSource.DEATH_LIST}
    told["complete_until"] = date(2025, 12, 31)
    records = {name: case.records[name] for name in ("person", "enrolment", "document")}
    return imports.Case(f"D{serial}", [serial + 2], records | {"vital_status": told})


def test_a_list_of_deaths_counts_as_a_whole_or_not_at_all(acting):
    entries = [death(0, date(2025, 3, 1)), death(2, date(2025, 4, 1)), death(42, date(2025, 5, 1))]
    entries += [death(serial, date(2025, 6, 1)) for serial in (3, 4, 6)]
    with acting(Role.CENTRE_MANAGER):
        imports.bring_in([*first(), gastroscopy(21), gastroscopy(42)], FIRST_FILE)
        person_id = db.session.scalar(select(Examination.person_id).where(Examination.number == "G2-0"))
        outcome.contact(
            person_id, contacted_on=date(2024, 2, 20), outcome=ContactOutcome.ALIVE, next_due_on=TODAY
        )
        before = figures()
        for batches in (1, 2):
            with pytest.raises(Killed):
                imports.bring_in(entries, DEATHS, progress=killed_after(batches))
            assert figures() == before
            assert db.session.scalars(select(Person.vital).where(Person.vital == Vital.DEAD)).all() == []
        receipt = imports.bring_in(entries, DEATHS)
        assert (receipt.new, receipt.unchanged, receipt.refused) == (0, 6, [])
        lists, _, curves, linked = figures()
        assert lists[1] == before[0][1] - 1
        assert curves != before[2]
        assert linked == (date(2025, 12, 31), date(2025, 12, 31), False)
        with unscoped("import"):
            told = select(Person.died_on, Tumour.dead).join(Tumour, Tumour.person_id == Person.id)
            found = db.session.execute(told.order_by(Person.id)).all()
        assert [tuple(row) for row in found] == [
            (date(2025, 3, 1), True), (None, False), (date(2025, 5, 1), True),
        ]  # fmt: skip
