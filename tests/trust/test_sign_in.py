"""Signing in: the session, its end, the lock-out, the lock screen, and the set-up of a fresh registry."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from registry import extensions
from registry.access import act_as_nobody
from registry.codes.alliance import Role
from registry.extensions import db
from registry.models import SignIn, User, UserSession
from registry.services.staff import accounts
from registry.services.staff import sign_in as signing
from registry.services.unit import keep
from tests.conftest import PASSWORD

NAME = "endoscopist.city"


def enter(client, username=NAME, password=PASSWORD):
    return client.post("/sign-in", data={"username": username, "password": password})


def later(monkeypatch, **passed):
    """From now on it is that much later, for everything that signing in asks the time for."""
    monkeypatch.setattr(signing, "now", lambda: datetime.now(UTC) + timedelta(**passed))


def cookie_of(client):
    with client.session_transaction() as session:
        return session.get(signing.COOKIE)


# ---- the session -------------------------------------------------------------------------------------


def test_a_page_asks_to_sign_in_and_the_way_back_is_kept(client, alliance):
    assert client.get("/me").location == "/sign-in?back=/me"
    entered = client.post("/sign-in?back=/me", data={"username": NAME, "password": PASSWORD, "back": "/me"})
    assert entered.location == "/me"
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"]
)
def test_the_way_back_leads_nowhere_else(client, alliance, elsewhere):
    entered = client.post("/sign-in", data={"username": NAME, "password": PASSWORD, "back": elsewhere})
    assert "elsewhere" not in entered.location


def test_the_cookie_is_new_at_sign_in(client, alliance):
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    enter(client)
    with client.session_transaction() as session:
        assert "planted" not in session
    first = cookie_of(client)
    enter(client)
    assert cookie_of(client) not in (None, first)


def test_the_database_does_not_know_the_cookie(client, alliance, app):
    enter(client)
    with app.app_context():
        assert cookie_of(client) not in db.session.scalars(select(UserSession.token)).all()


def test_a_cookie_replayed_after_signing_out_opens_nothing(app, alliance, sign_in):
    browser = sign_in("endoscopist", "city")
    stolen = cookie_of(browser)
    browser.post("/sign-out")
    thief = app.test_client()
    with thief.session_transaction() as session:
        session[signing.COOKIE] = stolen
    assert thief.get("/me").location == "/sign-in?back=/me"
    assert thief.post("/me/password").status_code == 401


def test_closing_an_account_ends_its_sessions(sign_in, alliance):
    browser = sign_in("recorder", "county_a")
    sign_in("alliance_admin").post(
        f"/admin/users/{alliance.user('recorder', 'county_a')}/active", data={"active": "no"}
    )
    assert browser.get("/me").status_code == 302
    assert enter(browser, "recorder.county_a").status_code == 401


def test_an_account_closed_behind_our_back_is_closed_too(sign_in, alliance, app):
    browser = sign_in("recorder", "county_a")
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(User.__table__.update().values(active=False))
    assert browser.get("/me").status_code == 302


def test_a_new_role_ends_the_sessions_that_lack_it(sign_in, alliance):
    browser = sign_in("recorder", "county_a")
    user = alliance.user("recorder", "county_a")
    sign_in("centre_manager", "county_a").post(f"/admin/users/{user}/appoint", data={"role": "endoscopist"})
    assert browser.get("/me").status_code == 302


def test_a_session_ends_after_its_hours(sign_in, app, monkeypatch):
    browser = sign_in()
    later(monkeypatch, hours=app.config["SESSION_HOURS"], minutes=1)
    assert browser.get("/me").location == "/sign-in?back=/me"


def test_changing_place_is_a_new_session_with_other_permissions(sign_in, alliance, app):
    browser = sign_in(user=alliance.expert)
    before = cookie_of(browser)
    assert browser.post("/places", data={"centre": alliance.county_b.id}).status_code == 404
    browser.post("/places", data={"centre": alliance.county_a.id})
    assert cookie_of(browser) != before
    assert alliance.county_a.name in browser.get("/me").text
    old = app.test_client()
    with old.session_transaction() as session:
        session[signing.COOKIE] = before
    assert old.get("/me").status_code == 302


def test_somebody_at_two_centres_is_asked_where(client, alliance):
    assert enter(client, "expert").location == "/places"
    page = client.get("/places").text
    assert alliance.city.name in page
    assert alliance.county_a.name in page


def test_last_seen_is_written_at_most_once_a_minute(sign_in, app, monkeypatch):
    def seen():
        with app.app_context():
            return db.session.scalar(select(UserSession.seen_at))

    browser = sign_in()
    first = seen()
    browser.get("/me")
    assert seen() == first
    later(monkeypatch, minutes=2)
    browser.get("/me")
    assert seen() > first


def test_entering_and_leaving_stand_in_the_trail(client, alliance, audit_entries):
    enter(client, password="wrong")
    enter(client)
    client.post("/sign-out")
    told = [(entry.action, entry.actor, entry.subject_id) for entry in audit_entries("sign_in")]
    user = alliance.user("endoscopist", "city")
    assert told == [
        ("sign_in.refuse", "registry", user),
        ("sign_in.enter", NAME, user),
        ("sign_in.leave", NAME, user),
    ]


# ---- lock-out ----------------------------------------------------------------------------------------


def test_five_failures_lock_the_name_for_half_an_hour(client, alliance, monkeypatch):
    answers = [enter(client, password="wrong").status_code for _ in range(5)]
    assert answers == [401] * 5
    assert enter(client).status_code == 401
    later(monkeypatch, minutes=29)
    assert enter(client).status_code == 401
    later(monkeypatch, minutes=31)
    assert enter(client).status_code == 302


def test_a_right_password_forgets_the_failures(client, alliance):
    for _ in range(3):
        for _ in range(4):
            enter(client, password="wrong")
        assert enter(client).status_code == 302


def test_the_same_words_for_a_wrong_a_locked_and_an_unknown_name(client, alliance):
    wrong = enter(client, password="wrong").text
    for _ in range(6):
        locked = enter(client, password="wrong").text
    unknown = enter(client, username="nobody-at-all", password="wrong").text

    def told(page):
        return page[page.index('id="problems"') : page.index("</ul>", page.index('id="problems"'))]

    assert told(wrong) == told(locked) == told(unknown)
    assert "nobody-at-all" not in told(unknown)


def test_an_unknown_name_takes_as_long(app, alliance, monkeypatch):
    """Each attempt hashes once, whoever is asked for; the clock of a busy machine proves nothing."""
    hashed = []
    verify = signing._verify
    monkeypatch.setattr(
        signing, "_verify", lambda stored, password: hashed.append(stored) or verify(stored, password)
    )
    with app.test_request_context():
        act_as_nobody()
        for name in (NAME, "nobody-at-all", "auditor"):
            with pytest.raises(signing.Refused):
                signing.attempt(name, "wrong")
    assert len(hashed) == 3
    assert {stored.split("$")[3] for stored in hashed} == {"m=19456,t=2,p=1"}


def test_no_write_waits_for_a_hash(app, alliance, monkeypatch):
    """While a password is hashed no connection is held, and others write at their first try."""
    monkeypatch.setattr(extensions, "PATIENCE", 0)  # on SQLite: whoever would have to wait is told so
    held = []

    def slow(stored, password):
        with app.app_context():
            held.append(db.engine.pool.checkedout())
            with keep() as session:
                session.add(SignIn(username="other", failed=1))
        return True

    monkeypatch.setattr(signing, "_verify", slow)
    with app.test_request_context():
        assert signing.attempt(NAME, PASSWORD) == alliance.user("endoscopist", "city")
    assert held == [0]


def test_parallel_guesses_do_not_outrun_the_count(app, alliance, monkeypatch):
    tried = []
    verify = signing._verify
    monkeypatch.setattr(
        signing, "_verify", lambda stored, password: tried.append(verify(stored, password)) or tried[-1]
    )

    def guess(number):
        with app.test_request_context():
            act_as_nobody()
            try:
                signing.attempt(NAME, f"guess {number}" if number else PASSWORD)
            except signing.Refused:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        outcome = list(pool.map(guess, range(12, 0, -1)))
    assert not any(outcome)
    assert guess(0) is False  # the right one, when the name is locked already
    with app.app_context():
        row = db.session.scalars(select(SignIn)).one()
        assert row.failed == app.config["FAILURES_ALLOWED"]


def test_names_that_were_tried_are_not_kept(client, alliance, app):
    """Somebody types a password where the name belongs."""
    enter(client, username="my-secret-password")
    with app.app_context():
        assert "my-secret-password" not in db.session.scalars(select(SignIn.username)).all()


# ---- the lock screen ---------------------------------------------------------------------------------


def test_an_idle_screen_locks_and_opens_on_the_password_where_one_was(sign_in, app, monkeypatch):
    browser = sign_in()
    later(monkeypatch, minutes=app.config["LOCK_MINUTES"] + 1)
    assert browser.get("/me").location == "/lock?back=/me"
    page = browser.get("/lock?back=/me")
    assert "people" not in page.text
    assert browser.post("/lock", data={"password": "wrong", "back": "/me"}).status_code == 401
    assert browser.post("/lock", data={"password": PASSWORD, "back": "/me"}).location == "/me"
    assert browser.get("/me").status_code == 200


def test_what_is_sent_from_a_locked_screen_is_kept_until_it_opens(
    sign_in, app, monkeypatch, alliance, audit_entries
):
    browser = sign_in("alliance_admin")
    later(monkeypatch, minutes=app.config["LOCK_MINUTES"] + 1)
    fields = {"code": "370009", "name_zh": "丁县中医院", "kind": "county", "place": "member"}
    refused = browser.post("/admin/centres", data=fields)
    assert refused.status_code == 423
    assert "丁县中医院" not in refused.text
    assert audit_entries("centre") == []
    held = refused.text.split('name="held" value="')[1].split('"')[0]
    opened = browser.post("/lock", data={"password": PASSWORD, "held": held})
    assert 'action="/admin/centres?"' in opened.text or 'action="/admin/centres"' in opened.text
    assert 'name="name_zh" value="丁县中医院"' in opened.text
    assert browser.post("/admin/centres", data=fields).status_code == 302
    assert len(audit_entries("centre.add")) == 1


def test_a_held_form_opens_in_its_own_session_only(app, alliance):
    with app.test_request_context():
        cookies = [
            signing.begin(alliance.user("recorder", place.key), place.id)
            for place in (alliance.city, alliance.county_a)
        ]
        mine, yours = map(signing.find, cookies)
        held = signing.hold(mine, "/people", [("name", "哨兵")])
        assert "哨兵" not in held
        assert signing.release(mine, held) == ("/people", [("name", "哨兵")])
        assert signing.release(yours, held) is None
        assert signing.release(mine, "made.up") is None


def test_a_script_is_told_that_the_screen_is_locked(sign_in, app, monkeypatch):
    browser = sign_in()
    later(monkeypatch, minutes=app.config["LOCK_MINUTES"] + 1)
    assert browser.post("/me/password", json={}).status_code == 423


def test_the_screen_is_locked_on_leaving_the_desk(sign_in):
    browser = sign_in()
    assert browser.post("/lock/now", data={"back": "/me"}).location == "/lock?back=/me"
    assert browser.get("/me").status_code == 302
    browser.post("/lock", data={"password": PASSWORD})
    assert browser.get("/me").status_code == 200


def test_guessing_at_the_lock_screen_locks_the_name(sign_in):
    browser = sign_in()
    browser.post("/lock/now")
    for _ in range(5):
        browser.post("/lock", data={"password": "wrong"})
    assert browser.post("/lock", data={"password": PASSWORD}).status_code == 401


# ---- a fresh registry, and passwords -----------------------------------------------------------------


def test_a_fresh_registry_has_no_accounts_and_a_code_makes_the_first(app, client):
    assert client.get("/sign-in").location == "/setup"
    with app.app_context():
        assert db.session.scalars(select(User)).all() == []
        code = accounts.setup_code()
    fields = {"username": "Admin-Li", "name": "李管理", "password": PASSWORD, "again": PASSWORD}
    assert client.post("/setup", data=fields | {"code": "aaaa-bbbb-cccc-dddd"}).status_code == 422
    english = {"Accept-Language": "en"}
    made = client.post("/setup", data=fields | {"code": f" {code.upper()} "}, headers=english)
    assert made.location == "/admin/centres"
    assert client.get("/admin/centres").status_code == 200
    with app.app_context():
        user = db.session.scalars(select(User)).one()
        assert (user.username, [held.role for held in user.appointments]) == (
            "admin-li",
            [Role.ALLIANCE_ADMIN],
        )
        assert user.language == "en", "the language that the set-up page was read in"


def test_the_set_up_code_works_once(app, client):
    with app.app_context():
        code = accounts.setup_code()
        assert accounts.first_administrator(code, username="one", name="一", password=PASSWORD)
        with pytest.raises(accounts.Invalid):
            accounts.first_administrator(code, username="two", name="二", password=PASSWORD)
        assert accounts.setup_code() is None
    assert client.get("/setup").location == "/sign-in"


def test_two_who_set_up_at_once_make_one_administrator(app):
    with app.app_context():
        code = accounts.setup_code()

    def make(number):
        with app.app_context():
            try:
                return accounts.first_administrator(code, username=f"u{number}", name="某", password=PASSWORD)
            except accounts.Invalid:
                return None

    with ThreadPoolExecutor(4) as pool:
        made = [one for one in pool.map(make, range(4)) if one]
    assert len(made) == 1


def test_a_new_code_ends_the_one_before(app):
    with app.app_context():
        first, second = accounts.setup_code(), accounts.setup_code()
        with pytest.raises(accounts.Invalid):
            accounts.first_administrator(first, username="one", name="一", password=PASSWORD)
        assert accounts.first_administrator(second, username="one", name="一", password=PASSWORD)


def test_a_one_time_password_is_changed_before_anything_else(sign_in, client, alliance):
    administrator = sign_in("alliance_admin")
    page = administrator.post(
        "/admin/users",
        data={
            "username": "zhu",
            "name": "新人",
            "role": "recorder",
            "centre": alliance.city.id,
            "language": "zh",
        },
    )
    password = page.text.split("<code>")[1].split("</code>")[0]
    enter(client, "zhu", password)
    assert client.get("/start").location == "/me/password"
    weak = client.post("/me/password", data={"current": password, "password": "short", "again": "short"})
    assert weak.status_code == 422
    chosen = {"current": password, "password": "Wholly-new-9", "again": "Wholly-new-9"}
    assert client.post("/me/password", data=chosen).status_code == 302
    assert client.get("/me").status_code == 200
    client.post("/sign-out")
    assert enter(client, "zhu", password).status_code == 401
    assert enter(client, "zhu", "Wholly-new-9").status_code == 302


def test_a_new_password_ends_the_other_sessions(sign_in, client, alliance):
    other, mine = sign_in(), sign_in()
    chosen = {"current": PASSWORD, "password": "Wholly-new-9", "again": "Wholly-new-9"}
    assert mine.post("/me/password", data=chosen).status_code == 302
    assert mine.get("/me").status_code == 200
    assert other.get("/me").status_code == 302


def test_neither_password_nor_its_hash_is_in_the_trail(sign_in, audit_entries):
    sign_in().post(
        "/me/password", data={"current": PASSWORD, "password": "Wholly-new-9", "again": "Wholly-new-9"}
    )
    entries = audit_entries("user.password")
    assert entries
    assert not any(word in (entry.changes or "") for entry in entries for word in ("Wholly", "argon2"))
