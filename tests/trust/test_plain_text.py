"""What names somebody is nowhere in plain text: neither database, write-ahead log, log nor error page."""

import logging
from html import unescape

import pytest
from sqlalchemy import make_url, select

from registry import keyring
from registry.access import Permission, act_as
from registry.extensions import db
from registry.models import Enrolment, IdentityDocument, Person
from registry.services.unit import change
from registry.views import guard


@pytest.fixture
def raw(app, engine, settings):
    """Every byte that the database keeps: files and write-ahead log, or every value of every table."""

    def read():
        if engine == "sqlite":
            path = make_url(settings["DATABASE"]).database
            with open(path, "rb") as file:
                content = file.read()
            with open(f"{path}-wal", "rb") as file:
                return content + file.read()
        values = []
        with app.app_context(), db.engine.connect() as connection:
            for table in db.metadata.sorted_tables:
                for row in connection.execute(select(table)):
                    values += [
                        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                        for value in row
                    ]
        return b"\n".join(values)

    return read


def spellings(words):
    """A word as it may lie in a file: as text, and in the encodings a driver might use."""
    return [
        spelt
        for word in words
        for spelt in {word.encode(), word.encode("utf-16-le"), word.encode().hex().encode()}
    ]


def test_nothing_in_the_database_names_anyone(acting, at_city, raw, app):
    with acting("recorder", "city"):
        enrolment = db.session.scalars(select(Enrolment)).one()
        assert enrolment.name == at_city.words.naming[0]
        with change("enrolment.amend", reason="typing error") as unit:
            unit.edit(enrolment).name = "哨兵改名"
            unit.edit(enrolment.documents[0]).value = "110101199003074530"
        content = raw()
    assert b"SENTINEL-city-findings" in content  # the search itself works
    assert [
        word
        for word in spellings([*at_city.words.naming, "哨兵改名", "110101199003074530"])
        if word in content
    ] == []


def test_equal_names_look_different(acting, at_city):
    """The same name twice gives two ciphertexts, so frequencies tell nothing."""
    with acting("recorder", "city"):
        enrolment = db.session.scalars(select(Enrolment)).one()
        first = enrolment.name_sealed
        with change("enrolment.amend") as unit:
            unit.edit(enrolment).name = enrolment.name
        assert enrolment.name_sealed != first


def test_a_ciphertext_opens_in_its_own_place_only(acting, at_city):
    with acting("recorder", "city"):
        enrolment = db.session.scalars(select(Enrolment)).one()
        ring, key = keyring.current(), enrolment.person.key.wrapped
        assert ring.open(key, enrolment.name_sealed, "Enrolment.name") == at_city.words.naming[0]
        with pytest.raises(keyring.Closed):
            ring.open(key, enrolment.name_sealed, "Enrolment.phone")


def test_a_destroyed_key_closes_every_name_and_keeps_the_trail_whole(acting, at_city, app):
    from registry.services import proof

    with acting("recorder", "city"):
        person = db.session.get_one(Person, at_city.ids["person"])
        with change("person.erase", reason="at the person's request") as unit:
            unit.edit(person.key).wrapped = None
        enrolment = db.session.scalars(select(Enrolment)).one()
        document = db.session.scalars(select(IdentityDocument)).one()
        assert (enrolment.name, enrolment.phone, document.value) == (None, None, None)
        assert proof.verify(app.config["AUDIT_HEADS"])[1] == []


@pytest.mark.own_app
def test_an_error_names_nobody(app, sign_in, at_city, caplog, capsys):
    """A fault while a name is in hand: neither its page nor the log shows it, nor where the code lies."""
    name = at_city.words.naming[0]

    def breaks():
        enrolment = db.session.scalars(select(Enrolment)).one()
        raise ValueError(f"cannot print {enrolment.name}")

    breaks.needs = (Permission.READ,)
    app.add_url_rule("/breaks/<int:number>", "breaks", lambda number: breaks())
    app.view_functions["breaks"].needs = (Permission.READ,)
    app.config["TESTING"] = False
    with caplog.at_level(logging.DEBUG):
        page = sign_in("recorder", "city").get("/breaks/7")
    assert page.status_code == 500
    assert "Traceback" not in page.text
    written = caplog.text + capsys.readouterr().err
    assert "/breaks/7" in written
    assert "ValueError" in written
    assert [word for word in at_city.words.naming if word in written or word in page.text] == []
    assert name not in page.text


def test_a_statement_in_an_error_shows_no_values(acting, at_city):
    from sqlalchemy.exc import DBAPIError

    with acting("recorder", "city"):

        def twice():
            with change("person.add") as unit:
                unit.add(Person(pseudonym=f"P-{at_city.place.key}"))

        with pytest.raises(DBAPIError) as failed:
            twice()
        assert f"P-{at_city.place.key}" not in str(failed.value).split("DETAIL")[0]


def test_every_failure_says_what_is_safe_and_what_to_do_in_both_languages(app, client, alliance):
    from registry.label import reading
    from registry.views import failures

    for code in (400, 401, 403, 404, 405, 409, 410, 413, 422, 423, 429, 500):
        for language in ("zh", "en"):
            with app.test_request_context(), reading(language):
                page, status = failures.page(code)
            assert status == code
            assert all(
                str(words[0 if language == "zh" else 1]) in unescape(page) for words in failures.WORDS[code]
            )
    told = client.get("/no/such/page", headers={"Accept": "application/json"})
    assert (told.status_code, told.json["status"]) == (404, 404)


def test_too_much_at_once_is_refused(app, sign_in):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    assert sign_in().post("/me/password", data={"current": "x" * 2000}).status_code == 413


# ---- cookies -----------------------------------------------------------------------------------------


def cookie(client, **asked):
    return client.get("/sign-in", **asked).headers.get("Set-Cookie", "")


def test_cookies_travel_encrypted_only(app, alliance):
    for asked in (
        {"base_url": "https://registry.example"},
        {"base_url": "http://registry.example"},
        {"base_url": "http://127.0.0.1", "headers": {"X-Forwarded-For": "10.0.0.9"}},
        {"base_url": "http://127.0.0.1", "environ_base": {"REMOTE_ADDR": "10.0.0.9"}},
        {"base_url": "https://127.0.0.1"},
    ):
        given = cookie(app.test_client(), **asked)
        assert all(word in given for word in ("Secure", "HttpOnly", "SameSite=Lax")), asked


def test_on_this_very_machine_they_need_not(app, alliance):
    """`make run` serves plain HTTP on the loopback address, which no network carries."""
    for name in ("http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"):
        given = cookie(app.test_client(), base_url=name)
        assert given
        assert "Secure" not in given, name


def test_plain_http_on_an_intranet_is_a_setting_and_says_so(app, client, alliance):
    assert "未加密" not in client.get("/sign-in").text
    app.config.update(INSECURE_HTTP=True, SESSION_COOKIE_SECURE=False)
    page = client.get("/sign-in", base_url="http://registry.example")
    assert "未加密" in page.text
    assert "Secure" not in page.headers.get("Set-Cookie", "Secure")
    assert "Strict-Transport-Security" not in page.headers


def test_nothing_stays_open_on_the_thread(app, sign_in):
    sign_in().get("/me")
    with pytest.raises(keyring.Closed):
        keyring.current()
    assert guard.language.get() == "zh"
    with app.app_context():
        act_as(None)
