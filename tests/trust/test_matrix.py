"""Every route, for every role, with records of the own and of another centre: made from the routes."""

import hashlib
from datetime import date
from itertools import product

import pytest
from sqlalchemy import select

from registry.access import ALLIANCE_ROLES, MAY, Permission, Scope, act_as, needs
from registry.codes.alliance import Role
from registry.extensions import db
from registry.models import Appointment, Base, Enrolment
from registry.services.staff import accounts
from registry.services.unit import change
from registry.views.guard import HEADERS

# Words in a route that are no record's id.
WORDS = {"key": "CDEI-13", "subject": "examination", "filename": "registry.css"}
# What an address needs besides its path.
QUERY = {
    "quality.figure": "?indicator=CDEI-04&from=2024",
    "funnel.figure": "?indicator=CDEI-04&from=2024",
    "charts.figure": "?indicator=CDEI-04&from=2024",
    "data_quality.rows": "?check=complete.examination.photos&from=2024&to=2024",
}
# Records that this address names by something else than `<table>_id`.
ALSO = {"subject_id": "examination"}
SMALL_STATE = {"audit_entry", "user_session", "sign_in"}


@pytest.fixture
def targets(app, alliance):
    """An account at each centre that tests may close, and its appointment: ids by centre key."""
    found = {}
    with app.app_context():
        act_as(Scope(None, "test", may=frozenset({Permission.ALLIANCE})))
        for key in ("city", "county_a"):
            place = alliance.place(key)
            user, _ = accounts.add_user(
                username=f"target.{key}", name="某", roles=[(Role.RECORDER, place.id)]
            )
            held = db.session.scalar(select(Appointment.id).where(Appointment.user_id == user.id))
            found[key] = {"user_id": user.id, "appointment_id": held, "centre_id": place.id}
        act_as(None)
    return found


@pytest.fixture
def routes(app):
    """(endpoint, method, rule) of everything but static files; what changes something comes last."""
    found = [
        (rule.endpoint, method, rule)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
        if rule.endpoint != "static"
    ]
    return sorted(found, key=lambda route: (route[1] != "GET", route[0] == "admin.dismiss"))


@pytest.fixture
def address_of(app, targets, at_city, at_county):
    """The address of a route with records of a centre; fails for an argument that it was not taught."""
    records = {"city": at_city, "county_a": at_county}

    def address(rule, key):
        values = {}
        for argument in rule.arguments:
            choices = getattr(rule._converters[argument], "items", None)
            table = ALSO.get(argument, argument.removesuffix("_id"))
            if argument in targets[key]:
                values[argument] = targets[key][argument]
            elif argument in WORDS:
                values[argument] = WORDS[argument]
            elif table in records[key].ids:
                values[argument] = records[key].ids[table]
            elif choices:
                values[argument] = max(choices)  # of csv and json, of pdf, png and svg
            else:
                pytest.fail(f"{rule.endpoint}: teach this test what {argument} is")
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
            return path + QUERY.get(rule.endpoint, "")

    return address


def drawn(endpoint):
    """Whether a route draws a figure: its letters are outlines, so no word can be searched for in it."""
    return endpoint.endswith(".figure")


def needed(app, rule):
    return app.view_functions[rule.endpoint].needs


def of_a_record(rule):
    """Whether a route names a record that belongs to a centre."""
    return any(argument.endswith("_id") for argument in rule.arguments)


def ask(browser, method, address):
    return browser.get(address) if method == "GET" else browser.open(address, method=method)


def test_every_route_says_what_it_needs(app):
    assert [name for name, view in app.view_functions.items() if not hasattr(view, "needs")] == []


@pytest.mark.own_app
def test_a_route_that_says_nothing_is_an_error(app, sign_in):
    app.config["TESTING"] = False
    app.add_url_rule("/undeclared", "undeclared", lambda: "something")
    browser = sign_in()
    assert browser.get("/undeclared").status_code == 500
    assert "something" not in browser.get("/undeclared").text


@pytest.mark.own_app
def test_a_declared_permission_is_demanded(app, sign_in):
    app.add_url_rule("/declared", "declared", needs(Permission.AUDIT)(lambda: "something"))
    assert sign_in().get("/declared").status_code == 403
    assert sign_in("auditor").get("/declared").text == "something"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # refused before any query
def test_nobody_gets_in_without_signing_in(app, routes, address_of, client, alliance):
    wrong = []
    for endpoint, method, rule in routes:
        if needed(app, rule) is None:
            continue
        answer = ask(client, method, address_of(rule, "city"))
        asked = answer.status_code == 302 and answer.location.startswith("/sign-in")
        if not (asked if method == "GET" else answer.status_code == 401):
            wrong.append((endpoint, method, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # refused before any query
def test_a_role_without_the_permission_is_turned_away(app, routes, address_of, sign_in):
    wrong = []
    for (endpoint, method, rule), role in product(routes, Role):
        wanted = needed(app, rule)
        if not wanted or MAY[role] & set(wanted):
            continue
        answer = ask(sign_in(role, "city"), method, address_of(rule, "city"))
        expected = {302, 403} if endpoint == "home.home" else {403}
        if answer.status_code not in expected:
            wrong.append((endpoint, method, role.code, answer.status_code))
    assert wrong == []


def test_a_role_with_the_permission_gets_its_page(app, engine, routes, address_of, sign_in):
    """On PostgreSQL as the first and the last role that may."""
    wrong = []
    for endpoint, method, rule in routes:
        wanted = needed(app, rule)
        may = [role for role in Role if wanted is not None and (not wanted or MAY[role] & set(wanted))]
        for role in may if engine == "sqlite" else dict.fromkeys([*may[:1], *may[-1:]]):
            answer = ask(sign_in(role, "city"), method, address_of(rule, "city"))
            fine = answer.status_code in (200, 302) if method == "GET" else answer.status_code < 500
            if not fine:
                wrong.append((endpoint, method, role.code, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # test_narrowing holds both to the scope
def test_another_centres_record_does_not_exist(app, routes, address_of, sign_in, at_city):
    wrong = []
    for (endpoint, method, rule), role in product(routes, set(Role) - ALLIANCE_ROLES):
        wanted = needed(app, rule)
        if wanted is None or (wanted and not MAY[role] & set(wanted)) or drawn(endpoint):
            continue
        answer = ask(sign_in(role, "county_a"), method, address_of(rule, "city"))
        told = at_city.words.told_in(answer)
        if told or (of_a_record(rule) and answer.status_code != 404):
            wrong.append((endpoint, method, role.code, answer.status_code, told))
    assert wrong == []


def test_a_person_known_to_two_houses_gives_neither_away(
    app, routes, address_of, sign_in, acting, at_city, alliance
):
    with acting("recorder", "county_a"), change("test.enrol") as unit:
        unit.add(
            Enrolment(
                person_id=at_city.ids["person"], centre_id=alliance.county_a.id, enrolled_on=date(2024, 5, 1)
            )
        )
    wrong, pages = [], 0
    for endpoint, method, rule in routes:
        if method != "GET" or needed(app, rule) is None or drawn(endpoint):
            continue
        answer = sign_in("endoscopist", "county_a").get(address_of(rule, "city"))
        told = at_city.words.told_in(answer)
        pages += answer.status_code == 200 and "person_id" in rule.arguments
        if told:
            wrong.append((endpoint, told))
    assert wrong == []
    assert pages


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # test_narrowing holds both to the scope
def test_who_may_not_see_names_meets_none(app, routes, address_of, sign_in, at_city):
    wrong = []
    blind = [role for role in Role if Permission.IDENTIFY not in MAY[role]]
    for (endpoint, method, rule), role in product(routes, blind):
        if method != "GET" or drawn(endpoint):
            continue
        answer = sign_in(role, "city").get(address_of(rule, "city"))
        if told := [word for word in at_city.words.told_in(answer) if word in at_city.words.naming]:
            wrong.append((endpoint, role.code, told))
    assert wrong == []


def test_who_only_reads_changes_nothing(app, routes, address_of, sign_in, audit_entries):
    browser_of = [role for role in Role if not MAY[role] & {Permission.WRITE, Permission.ALLIANCE}]
    clinical = {"create", "update", "delete"}
    before = len([entry for entry in audit_entries() if entry.kind in clinical])
    for (_, method, rule), role in product(routes, browser_of):
        if method != "GET" and needed(app, rule) is not None:
            ask(sign_in(role, "city"), method, address_of(rule, "city"))
    changed = [entry for entry in audit_entries() if entry.kind in clinical][before:]
    kept = {
        "user_session",
        "alert",
        "closed_month",
        "release",
        "quality_note",
        "inquiry",
        "inquiry_step",
    }  # the last two are the quality-control centre's own
    assert {entry.subject for entry in changed} <= kept


def rows_of(app):
    """A digest of every row of every table but the trail and the sessions."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: hashlib.sha256(
                repr(
                    [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key))]
                ).encode()
            ).hexdigest()
            for table in Base.metadata.sorted_tables
            if table.name not in SMALL_STATE
        }


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # it is the pages that might write
def test_reading_changes_nothing(app, routes, address_of, sign_in):
    addresses = [address_of(rule, "city") for _, method, rule in routes if method == "GET"]
    before = rows_of(app)
    for role, address in product(("centre_manager", "alliance_admin", "auditor"), addresses):
        sign_in(role, "city").get(address)
    assert rows_of(app) == before


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # refused before any query
def test_no_form_is_taken_without_its_token(app, routes, address_of, sign_in, audit_entries):
    browser, other = sign_in("centre_manager", "city"), sign_in("recorder", "city")
    other.get("/me")
    wrong = []
    for endpoint, method, rule in routes:
        if method == "GET":
            continue
        address = address_of(rule, "city")
        without = browser.open(address, method=method, token=False)
        foreign = browser.open(
            address,
            method=method,
            token=False,
            headers={"X-CSRFToken": "Im1hZGUgdXAi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"},
        )
        if (without.status_code, foreign.status_code) != (400, 400):
            wrong.append((endpoint, method, without.status_code, foreign.status_code))
    assert wrong == []
    assert audit_entries() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # the same whatever is answered
def test_every_answer_carries_the_headers(app, routes, address_of, sign_in, client):
    wrong = []
    addresses = [address_of(rule, "city") for _, method, rule in routes if method == "GET"]
    asked = product(
        (sign_in("endoscopist", "city"), client), [*addresses, "/no/such/page", "/static/registry.css"]
    )
    for browser, address in asked:
        answer = browser.get(address)
        answer.close()
        stored = answer.headers["Cache-Control"]
        if (
            any(answer.headers.get(name) != value for name, value in HEADERS.items())
            or "Strict-Transport-Security" not in answer.headers
            or (stored != "no-store") != address.startswith("/static")
        ):
            wrong.append((address, stored))
    assert wrong == []


def test_no_role_holds_what_another_is_there_to_check():
    clinical = {Permission.READ, Permission.WRITE, Permission.IDENTIFY}
    assert MAY[Role.ALLIANCE_ADMIN].isdisjoint(clinical | {Permission.AUDIT})
    assert MAY[Role.AUDITOR] == {Permission.AUDIT}
    assert MAY[Role.RESEARCHER] == {Permission.AGGREGATE}
    assert all(Permission.AUDIT not in MAY[role] for role in Role if role is not Role.AUDITOR)
    assert [role for role in Role if Permission.IDENTIFY in MAY[role] and role in ALLIANCE_ROLES] == []
