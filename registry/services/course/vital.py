"""What is known of a person's life and death, settled from what every centre and list says."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, or_, select

from registry.access import unscoped
from registry.codes.outcome import ContactOutcome, TreatmentType
from registry.codes.person import Precision, Vital, VitalSource
from registry.extensions import db
from registry.models import Examination, FollowUp, Person, Treatment, VitalStatus
from registry.queries.unfinished import counted, unfinished_imports
from registry.rules.cause import TRUST
from registry.rules.dates import PartialDate, certainly_before
from registry.services.unit import Unit


def hidden(unit: Unit, person: Person) -> list[int]:
    """The imports under way whose records do not settle this person's facts: all but the change's own."""
    return [run for run in unfinished_imports() if run not in (unit.run_id, person.import_id)]


def settle(unit: Unit, person: Person, hidden: Collection[int] = ()) -> None:
    """Settle vital status, date of death, last contact and linkage of a person.

    Alive on a day are those who were examined or treated, or reached by a contact, or said to be
    by a source. A life after a death is a conflict: both dates stay, and `vital_conflict` says so,
    as it does for two deaths that cannot be one. Nothing that the `hidden` imports brought counts.
    """
    unit.session.flush()
    sources = db.session.scalars(
        select(VitalStatus)
        .where(VitalStatus.person_id == person.id, *counted(VitalStatus, hidden))
        .order_by(VitalStatus.id)
    ).all()
    contacts = db.session.scalars(select(FollowUp).where(FollowUp.person_id == person.id)).all()
    deaths = [source for source in sources if source.vital is Vital.DEAD]
    alive = [
        PartialDate(source.as_of, source.as_of_precision).first
        for source in sources
        if source.vital is Vital.ALIVE
    ]
    alive += [contact.contacted_on for contact in contacts if _proves_alive(contact)]
    alive += _present(person.id, hidden)
    linked = [
        source.complete_until
        for source in sources
        if source.source is VitalSource.DEATH_LIST and source.complete_until is not None
    ]
    death = max(deaths, key=_weight, default=None)
    died = PartialDate(death.as_of, death.as_of_precision) if death else None
    told = any(contact.vital is Vital.DEAD or contact.outcome is ContactOutcome.DIED for contact in contacts)
    last_alive = max(alive, default=None)

    unit.edit(person)
    person.vital = Vital.DEAD if death or told else Vital.ALIVE if alive else Vital.UNKNOWN
    person.died_on = died.day if died else None
    person.died_precision = died.precision if died else None
    person.last_alive_on = last_alive
    person.linked_until = max(linked, default=None)
    person.vital_conflict = certainly_before(died, last_alive) or _two_deaths(deaths)


def present_until(person_id: int) -> date | None:
    """The last day on which a person was examined or treated anywhere."""
    return max(_present(person_id), default=None)


def _present(person_id: int, hidden: Collection[int] = ()) -> list[date]:
    """Days on which the person was examined or treated, the last at each."""
    given = or_(Treatment.refused.is_(None), Treatment.refused.is_(False))
    with unscoped("settled facts"):
        examined = db.session.scalar(
            select(func.max(Examination.performed_on)).where(
                Examination.person_id == person_id, *counted(Examination, hidden)
            )
        )
        treated = db.session.execute(
            select(Treatment.started_on, Treatment.started_precision, Treatment.type).where(
                Treatment.person_id == person_id, Treatment.started_on.is_not(None), given
            )
        ).all()
    days = [
        PartialDate(row.started_on, row.started_precision or Precision.DAY).first
        for row in treated
        if row.type is not TreatmentType.NONE
    ]
    return [day for day in (examined, *days) if day is not None]


def _proves_alive(contact: FollowUp) -> bool:
    if contact.vital is not None:
        return contact.vital is Vital.ALIVE
    return contact.outcome is not None and contact.outcome.proves_alive


def _weight(death: VitalStatus) -> tuple[int, int, int]:
    return -death.as_of_precision.rank, TRUST.index(death.source), death.id


def _two_deaths(deaths: Iterable[VitalStatus]) -> bool:
    dates = [PartialDate(death.as_of, death.as_of_precision) for death in deaths]
    return any(certainly_before(one, other) for one in dates for other in dates)
