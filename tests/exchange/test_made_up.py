"""The made-up alliance: coherent, within published ranges, and settled as the services would."""

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import make_url, select

from registry import keyring
from registry.access import Permission, Scope, act_as, unscoped
from registry.codes.endoscopy import ExaminationType
from registry.codes.lesion import Organ
from registry.codes.person import Vital, VitalSource
from registry.exchange import made_up
from registry.exchange.made_up import hospitals
from registry.exchange.made_up.people import lives
from registry.exchange.made_up.story import MODELS, Numbers
from registry.extensions import db
from registry.models import (
    Centre,
    Enrolment,
    Examination,
    IdentityDocument,
    Lesion,
    MatchKey,
    Person,
    Specimen,
    Treatment,
    Tumour,
    User,
    VitalStatus,
)
from registry.queries.record import people as find
from registry.rules import examination, identity, lesion, tumour
from registry.rules.cause import End, end_of
from registry.rules.problem import refusals
from registry.services import chain
from registry.services.cases import pathology
from registry.services.course import tumours
from registry.services.made_up import seed
from registry.services.people import likeness
from registry.services.unit import change
from registry.services.values import today
from tests.conftest import empty

EXAMINATIONS = 600
TODAY = today()


@pytest.fixture
def operator(app):
    with app.app_context():
        act_as(Scope(None, "test", may=frozenset(Permission), everywhere=True))
        keyring.use(app.extensions["registry.keyring"])
        yield
        act_as(None)


@pytest.fixture
def seeded(operator):
    made_up.alliance(EXAMINATIONS, years=2, chance=7, today=TODAY, progress=lambda examinations: None)


def rows(model):
    """Every row of a table as stored, without the version."""
    with unscoped("made-up alliance"):
        found = db.session.execute(select(model.__table__).order_by(*model.__table__.primary_key)).mappings()
        return [{key: value for key, value in row.items() if key != "version"} for row in found]


def facts():
    """What a seed decides, without what is random by nature: keys, sealed values and their digests."""
    return {
        model.__tablename__: [
            {key: value for key, value in row.items() if not key.endswith(("_sealed", "digest"))}
            for row in rows(model)
        ]
        for model in MODELS
    }


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # both halves are Python's
def test_the_services_would_settle_nothing_otherwise(seeded):
    before = {model: rows(model) for model in MODELS}
    assert len(before[Examination]) == EXAMINATIONS
    assert before[Tumour]
    centres = Counter()
    for row in before[Enrolment]:
        centres[row["person_id"], row["centre_id"]] += 1
    for person_id, centre_id in centres:
        act_as(Scope(None, "test", frozenset({centre_id}), frozenset(Permission)))
        with change("test.settle") as unit:
            own = select(Examination).where(
                Examination.person_id == person_id, Examination.centre_id == centre_id
            )
            for found in db.session.scalars(own).all():
                pathology.settle(unit, found)
            tumours.settle(unit, person_id)
        db.session.expunge_all()
    for model in MODELS:
        assert rows(model) == before[model], model.__name__


def test_no_rule_refuses_what_was_made_up(seeded):
    people = {row["id"]: row for row in rows(Person)}
    for row in rows(Examination):
        person = people[row["person_id"]]
        life = {name: person[name] for name in ("born_on", "born_precision", "died_on", "died_precision")}
        assert refusals(examination.check(**row, **life, today=TODAY)) == []
    for row in rows(Lesion):
        assert refusals(lesion.check(**row)) == []
    for row in rows(Tumour):
        person = people[row["person_id"]]
        life = {name: person[name] for name in ("born_on", "born_precision", "died_on", "died_precision")}
        assert refusals(tumour.check(**row, **life, today=TODAY)) == []
    for row in rows(Treatment):
        died = people[row["person_id"]]["died_on"]
        assert not (row["started_on"] and died and row["started_on"] > died)
    assert all(row["performed_on"] <= TODAY for row in rows(Examination))


def test_rates_lie_where_surveys_have_them(seeded):
    examined = rows(Examination)
    upper = {row["person_id"] for row in examined if row["type"] is ExaminationType.OGD}
    lower = {row["person_id"] for row in examined if row["type"] is ExaminationType.COLONOSCOPY}
    of = {row["id"]: row["person_id"] for row in examined}
    adenomas = {of[row["examination_id"]] for row in rows(Lesion) if row["adenoma"]}
    found = {row["person_id"] for row in rows(Tumour) if row["organ"] in {Organ.OESOPHAGUS, Organ.STOMACH}}
    assert 0.16 < len(adenomas & lower) / len(lower) < 0.36
    assert 0.004 < len(found & upper) / len(upper) < 0.035
    reported = Counter(row["reported"] for row in rows(Specimen))
    assert 0.9 < reported[True] / reported.total() < 1
    assert {Vital.ALIVE} <= {row["vital"] for row in rows(Person)}


def test_names_are_sealed_found_and_nobodys(seeded, app):
    house = rows(Centre)[0]["id"]
    act_as(Scope(None, "test", frozenset({house}), frozenset(Permission)))
    keyring.use(app.extensions["registry.keyring"])
    here = db.session.scalars(select(Enrolment).limit(5)).all()
    assert len(here) == 5
    for enrolment in here:
        assert enrolment.name
        assert enrolment.id in {found.id for found in find.search(enrolment.record_number)}
    document = db.session.scalars(
        select(IdentityDocument).where(IdentityDocument.type == "resident_id").limit(1)
    ).one()
    told = identity.read(document.value, today=TODAY)
    assert told.place == "130900"
    assert told.birth == document.person.born_on
    assert document.enrolment.name_sealed != document.enrolment.name.encode()


def test_whoever_is_enrolled_later_meets_their_double_among_them(seeded, app):
    house = rows(Centre)[0]["id"]
    act_as(Scope(None, "test", frozenset({house}), frozenset(Permission)))
    keyring.use(app.extensions["registry.keyring"])
    for enrolment in db.session.scalars(select(Enrolment)):
        stored = db.session.scalars(select(MatchKey.digest).where(MatchKey.enrolment_id == enrolment.id))
        assert set(stored) == likeness.keys_of(enrolment)
    assert likeness.backfill() == 0


def test_the_trail_of_a_seeded_registry_holds(seeded):
    with unscoped("audit chain"):
        assert list(chain.broken_links(db.session())) == []
    assert len(rows(Centre)) == 22
    assert len(rows(User)) > 100


def test_the_same_seed_makes_the_same_alliance(operator, address, migrated_file):
    made_up.alliance(300, years=1, chance=3, today=TODAY, progress=lambda examinations: None)
    first = facts()
    with pytest.raises(seed.Occupied):
        made_up.alliance(300, years=1, chance=3, today=TODAY, progress=lambda examinations: None)
    assert facts() == first
    anew(address, migrated_file)
    made_up.alliance(300, years=1, chance=3, today=TODAY, progress=lambda examinations: None)
    assert facts() == first


def anew(address, migrated_file):
    """An empty registry in the place of the present one, with everything that its migration makes."""
    db.session.remove()
    db.engine.dispose()
    if address.startswith("sqlite"):
        path = Path(make_url(address).database)
        for left in path.parent.glob(f"{path.name}-*"):
            left.unlink()
        shutil.copyfile(migrated_file, path)
    else:
        empty(address)
    act_as(Scope(None, "test", may=frozenset(Permission), everywhere=True))


def test_deaths_of_a_list_have_causes():
    """Most who had cancer die of it, some of something else, and of a few nobody knows the cause."""
    rng = Random(7)
    houses = hospitals.hospitals(rng)
    staff = hospitals.staff(houses, rng)
    hospitals.number(
        houses,
        {house.code: place for place, house in enumerate(houses)},
        {one.username: place for place, one in enumerate(staff)},
    )
    since = TODAY - timedelta(days=1500)
    ends = Counter(
        end_of(told["cause"], tumour["organ"])
        for story in lives(rng, houses, Numbers(), examinations=6_000, since=since, today=TODAY)
        for tumour in story.rows[Tumour]
        for told in story.rows[VitalStatus]
        if told["vital"] is Vital.DEAD and told["source"] is VitalSource.DEATH_LIST
    )
    assert ends[End.CANCER] > ends[End.OTHER] > 0
    assert ends[End.CANCER] > ends[End.UNKNOWN] > 0
