"""Every way to read is narrowed to the scope; what cannot be narrowed is refused."""

import re
from pathlib import Path

import pytest
from sqlalchemy import exists, false, func, insert, select, text, union, union_all, update
from sqlalchemy.orm import aliased, joinedload, selectinload

from registry import keyring
from registry.access import BYPASSES, MAY, Scope, act_as, unscoped
from registry.codes.alliance import Role
from registry.extensions import Unguarded, db
from registry.models import (
    AuditEntry,
    Base,
    CentreOwned,
    Enrolment,
    Examination,
    Lesion,
    Person,
    PersonKey,
    PersonOwned,
    Specimen,
    Tumour,
)
from tests.records import NOT_MADE, everything

OTHER = aliased(Examination)
HIGHEST = select(func.max(Examination.id)).scalar_subquery()
NONE_OF_THEM = select(Examination.id).where(false())
READERS = {
    "select": select(Examination),
    "columns": select(Examination.id, Examination.findings),
    "count": select(func.count(Examination.id)).having(func.count(Examination.id) > 0),
    "count from": select(func.count()).select_from(Examination).having(func.count() > 0),
    "join along a relationship": select(Lesion.id).join(Lesion.examination),
    "join on a condition": select(Person.id, Lesion.id)
    .join(Examination, Examination.person_id == Person.id)
    .join(Lesion, Lesion.examination_id == Examination.id),
    "outer join": select(Examination.id).outerjoin(Examination.lesions),
    "alias": select(OTHER),
    "self join": select(Examination.id, OTHER.id).join(OTHER, OTHER.person_id == Examination.person_id),
    "subquery": select(select(Examination.id).subquery()),
    "scalar subquery": select(HIGHEST.label("highest")).where(HIGHEST.is_not(None)),
    "in": select(Lesion.id).where(Lesion.examination_id.in_(select(Examination.id))),
    "exists": select(Person.id).where(exists().where(Examination.person_id == Person.id)),
    "any": select(Examination.id).where(Examination.lesions.any()),
    "cte": select(select(Examination.id).cte()),
    "union inside": select(union_all(select(Examination.id), NONE_OF_THEM).subquery()),
    "union on top": union(select(Examination.id), NONE_OF_THEM),
    "eager loading": select(Person).options(joinedload(Person.key)),
    "group by": select(Examination.type, func.count()).group_by(Examination.type),
    "distinct": select(Tumour.organ).distinct(),
    "window": select(func.row_number().over(order_by=Examination.id), Examination.id),
    "aggregate": select(func.sum(Lesion.size_mm)).group_by(Lesion.examination_id),
    "data keys": select(PersonKey.wrapped),
}


@pytest.fixture
def county_a(at_city, acting):
    """Somebody at county A, while only the city hospital has records."""
    with acting("endoscopist", "county_a") as scope:
        yield scope


def shapes_that_find_something():
    """The names of the ways to read that give any row."""
    return {shape for shape, statement in READERS.items() if db.session.execute(statement).all()}


def test_another_centres_records_do_not_exist(county_a):
    assert shapes_that_find_something() == set()


def test_the_own_records_are_found(at_city, acting):
    with acting("endoscopist", "city"):
        assert shapes_that_find_something() == set(READERS)


def test_only_the_own_records_are_found(at_city, at_county, acting):
    with acting("endoscopist", "city"):
        counts = {shape: len(db.session.execute(statement).all()) for shape, statement in READERS.items()}
        assert set(counts.values()) == {1}


def test_without_a_scope_there_is_nothing(at_city, app):
    with app.app_context():
        assert shapes_that_find_something() == set()


def test_get_finds_nothing_of_another_centre(at_city, county_a):
    for model in [*everything(), Person]:
        assert db.session.get(model, at_city.ids[model.__tablename__]) is None


def test_every_owned_model_is_in_these_tests():
    owned = {
        mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, CentreOwned | PersonOwned)
    }
    assert owned - NOT_MADE == set(everything())


def test_relationships_are_narrowed_when_they_load(at_city, at_county, acting):
    with acting("endoscopist", "city"):
        examination = db.session.get_one(Examination, at_city.ids["examination"])
        assert [lesion.id for lesion in examination.lesions] == [at_city.ids["lesion"]]
        assert [report.id for report in examination.specimens[0].reports] == [at_city.ids["report"]]
        loaded = db.session.scalars(select(Specimen).options(selectinload(Specimen.reports))).all()
        assert [specimen.id for specimen in loaded] == [at_city.ids["specimen"]]


def test_a_relationship_does_not_reach_a_record_of_another_centre(at_city, at_county, acting):
    """A lesion that continues another house's is a plain link: it opens nothing."""
    with acting("endoscopist", "city"), unscoped("settled facts"):
        foreign = at_county.ids["lesion"]
    with acting("endoscopist", "city"):
        from registry.services.unit import change

        lesion = db.session.get_one(Lesion, at_city.ids["lesion"])
        with change("test.link") as unit:
            unit.edit(lesion).same_as_id = foreign
        db.session.expire_all()
        assert lesion.same_as_id == foreign
        assert lesion.same_as is None


def test_what_is_true_of_the_person_is_readable_where_they_are_enrolled(
    at_city, at_county, acting, app, alliance
):
    from datetime import date

    from registry.services.unit import change

    person_id = at_city.ids["person"]
    with app.app_context():
        scope = Scope(None, "test", frozenset({alliance.county_a.id}), MAY[Role.ENDOSCOPIST])
        act_as(scope)
        with change("test.enrol") as unit:
            unit.add(
                Enrolment(person_id=person_id, centre_id=alliance.county_a.id, enrolled_on=date(2024, 5, 1))
            )
        assert db.session.get(Tumour, at_city.ids["tumour"]) is not None
        assert db.session.get(Examination, at_city.ids["examination"]) is None
        act_as(None)


def test_who_may_not_see_names_sees_none(at_city, acting):
    with acting("quality_reviewer"):
        assert db.session.get(Examination, at_city.ids["examination"]) is not None
        assert db.session.scalars(select(Enrolment)).all() == []
        with pytest.raises(keyring.Closed):
            keyring.current().open(b"", b"", "Enrolment.name")


def test_roles_without_patients_have_none(at_city, acting):
    for role in ("researcher", "alliance_admin", "auditor"):
        with acting(role):
            for model in [*everything(), Person, PersonKey]:
                assert db.session.scalars(select(model)).all() == []


def test_the_trail_is_the_auditors(at_city, at_county, acting, alliance):
    with acting("endoscopist", "city"):
        centres = set(db.session.scalars(select(AuditEntry.centre_id).distinct()))
        assert centres == {alliance.city.id}
    with acting("auditor"):
        assert len(set(db.session.scalars(select(AuditEntry.centre_id).distinct()))) > 2
    with acting("researcher"):
        assert db.session.scalars(select(AuditEntry)).all() == []


ESCAPES = {
    "a table": lambda: db.session.execute(select(Examination.__table__)),
    "a table beside a model": lambda: db.session.execute(
        select(Person.sex, Enrolment.__table__.c.name_sealed)
    ),
    "a table in a condition": lambda: db.session.execute(
        select(Person.sex).where(exists().where(Enrolment.__table__.c.id > 0))
    ),
    "text": lambda: db.session.execute(text("SELECT * FROM examination")),
    "text as a model": lambda: db.session.scalars(
        select(Examination).from_statement(text("SELECT * FROM examination"))
    ),
    "connection": lambda: db.session.connection(),
    "bulk update": lambda: db.session.execute(update(Examination).values(findings="x")),
    "bulk insert": lambda: db.session.execute(insert(Examination).values(findings="x")),
    "bulk save": lambda: db.session.bulk_save_objects([]),
    "bulk insert mappings": lambda: db.session.bulk_insert_mappings(Examination, []),
    "bulk update mappings": lambda: db.session.bulk_update_mappings(Examination, []),
}


def refused(escape):
    """Whether the guard turned it away."""
    try:
        escape()
    except Unguarded:
        return True
    return False


def test_what_cannot_be_narrowed_is_refused(county_a):
    assert [way for way, escape in ESCAPES.items() if not refused(escape)] == []


def test_a_bypass_has_a_name_and_ends(at_city, county_a):
    with pytest.raises(ValueError, match="BYPASSES"), unscoped("because"):
        pass
    with unscoped("tallies"):
        assert db.session.scalar(select(func.count(Examination.id))) == 1
    assert db.session.scalar(select(func.count(Examination.id))) == 0


HOUSE = Path(__file__).parents[2] / "registry"
# Each named bypass, and the only files that may use it.
USERS = {
    "likeness": {
        "queries/record/likeness.py",
        "services/people/doubles.py",
        "services/imports/lists/linkage.py",
        "services/people/likeness.py",
    },
    "merging": {
        "queries/record/likeness.py",
        "services/people/likeness.py",
        "services/people/merging/joining.py",
        "services/people/merging/parting.py",
        "services/people/merging/telling.py",
    },
    "source codes": {"services/staff/source_codes.py"},
    "document match": {"queries/record/people.py"},
    "history elsewhere": {"queries/record/elsewhere.py"},
    "settled facts": {
        "queries/record/tumours.py",
        "services/births.py",
        "services/cases/parts.py",
        "services/cases/recording.py",
        "services/course/sightings.py",
        "services/course/vital.py",
    },
    "audit chain": {
        "queries/counting/kept.py",
        "services/backup/__init__.py",
        "services/health.py",
        "services/imports/held.py",
        "services/proof.py",
        "services/unit.py",
    },
    "import": {
        "services/imports/amending/changes.py",
        "services/imports/amending/examination.py",
        "services/imports/lists/closing.py",
        "services/imports/entering.py",
        "services/imports/held.py",
        "services/imports/plain.py",
        "services/imports/running.py",
        "services/imports/storing.py",
        "services/imports/tissue.py",
    },
    "tallies": {"queries/review/integrity.py", "queries/counting/tallies.py", "queries/survival/by_days.py"},
    "entry days": {"queries/review/data_quality.py"},
    "second entry": {"queries/review/reabstraction.py"},
    "unfinished imports": {"queries/unfinished.py"},
    "keys": {"services/health.py"},
    "made-up alliance": {"services/made_up/demo.py", "services/made_up/seed.py"},
}


def test_only_known_files_leave_the_scope():
    found = {}
    for path in HOUSE.rglob("*.py"):
        source = path.read_text("utf-8")
        constants = dict(re.findall(r"^([A-Z_]+)(?:: \w+)? = \"([a-z -]+)\"$", source, re.MULTILINE))
        for use in re.findall(
            r"(?:unscoped\(|batch\(\s*\"[\w.]+\",\s*|batch\(\w+, )(\"[^\"]+\"|[A-Za-z_]+)", source
        ):
            name = constants.get(use, use.strip('"'))
            if name in BYPASSES:
                found.setdefault(name, set()).add(path.relative_to(HOUSE).as_posix())
            else:
                assert path.relative_to(HOUSE).as_posix() in {"access.py", "services/unit.py"}, (path, use)
    assert {name: found.get(name, set()) - USERS[name] for name in USERS} == {name: set() for name in USERS}
    assert set(USERS) == set(BYPASSES)


def test_only_known_files_meet_the_engine_itself():
    users = {
        p.relative_to(HOUSE).as_posix()
        for p in HOUSE.rglob("*.py")
        if re.search(r"\bdb\.engine\b", p.read_text("utf-8"))
    }
    assert users <= {
        "services/unit.py",
        "services/health.py",
        "services/backup/__init__.py",
        "services/made_up/seed.py",
        "services/imports/running.py",  # only what kind it is
    }
