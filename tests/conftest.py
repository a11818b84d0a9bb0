"""What every test stands on: a registry on each engine, a small alliance, and ways to act in it.

Tests that use `app` run on SQLite, and on PostgreSQL too where REGISTRY_TEST_POSTGRES names a server. What a
page says is looked at on SQLite (tests/views, tests/journeys): its queries and services have tests of their
own on both, and tests/trust/test_matrix.py opens every page on both.
Migrations run once for each worker and engine; a test gets a copy of the file, or emptied tables. The
application is the same for all of a worker's tests, so that templates and statements are compiled once;
what a test changed in its settings is undone. A test marked `own_app` gets one that nobody else uses.
"""

import gc
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import pytest
import waitress
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from psycopg import sql
from sqlalchemy import make_url, select
from waitress import wasyncore
from werkzeug.datastructures import Headers

from registry import create_app, keyring
from registry.access import ALLIANCE_ROLES, Scope, act_as, unscoped
from registry.codes.alliance import Role
from registry.extensions import db
from registry.models import AuditEntry, User
from registry.queries.counting import kept
from registry.services.staff import accounts
from registry.services.staff import sign_in as signing_in
from tests import lives
from tests.alliance import Alliance, make
from tests.remembered import filled, plain, remember

SERVER = os.environ.get("REGISTRY_TEST_POSTGRES")
ENGINES = ["sqlite", "postgresql"] if SERVER else ["sqlite"]
PASSWORD = "Made-up-password-7"


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


# ---- a registry --------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def hasty() -> None:
    """Commits need not reach the disk."""
    lives.hasten()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One key file for a whole run."""
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    keyring.KeyRing.new().save(path)
    return path


def close(app: Flask, *, for_good: bool = True) -> None:
    """Give back what an application holds open; Python 3.13 complains of what nobody closed.

    Unless it is for good, the connections stay: PostgreSQL learns the tables anew with each.
    """
    with app.app_context():
        db.session.remove()
        if for_good:
            db.engine.dispose()
    keyring.use(None)


def migrate(address: str, keys: Path) -> None:
    """Bring an empty database to the newest migration."""
    app = create_app({"DATABASE": address, "KEYS": keys, "AUDIT_HEADS": keys.with_name("heads")})
    with app.app_context():
        flask_migrate.upgrade()
    close(app)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Path:
    """An SQLite file with every table and nothing in it."""
    path = tmp_path_factory.mktemp("migrated") / "registry.sqlite"
    migrate(f"sqlite:///{path}", keys)
    return path


@contextmanager
def throwaway_database(name: str) -> Iterator[str]:
    """The address of a new, empty PostgreSQL database, gone at the end."""
    address = make_url(SERVER or "")
    identifier = sql.Identifier(name)
    with psycopg.connect(plain(SERVER or ""), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(identifier))
        yield address.set(database=name).render_as_string(hide_password=False)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@pytest.fixture(scope="session")
def migrated_database(keys: Path) -> Iterator[str]:
    """A PostgreSQL database of this worker with every table."""
    with throwaway_database(
        f"registry_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    ) as address:
        migrate(address, keys)
        yield address


def empty(address: str) -> None:
    """Empty the tables that hold something and start the numbers anew; triggers stand aside for it."""
    with psycopg.connect(plain(address)) as connection:
        connection.execute("SET session_replication_role = replica")
        for name in filled(connection):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        connection.execute("SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the engine this test runs on: sqlite or postgresql."""
    return str(request.param)


@pytest.fixture(scope="session")
def file_of_worker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite file of this worker's tests lies, a fresh copy for each."""
    return tmp_path_factory.mktemp("database") / "registry.sqlite"


@pytest.fixture
def address(engine: str, request: pytest.FixtureRequest) -> str:
    """A database that is migrated and empty."""
    if engine == "sqlite":
        path: Path = request.getfixturevalue("file_of_worker")
        for old in path.parent.glob("registry.sqlite*"):
            old.unlink()
        shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        return f"sqlite:///{path}"
    found: str = request.getfixturevalue("migrated_database")
    empty(found)
    return found


@pytest.fixture
def settings(address: str, keys: Path, tmp_path: Path) -> dict[str, Any]:
    """The settings of `app`, for tests that start a second process on the same registry."""
    return {
        "DATABASE": address,
        "KEYS": keys,
        "AUDIT_HEADS": tmp_path / "heads",
        "RELEASE_PATIENCE_SECONDS": None,
        "TESTING": True,
    }


@dataclass(frozen=True)
class Made:
    """An application of this worker, and its settings and extensions as they were at first."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "Made":
        app = create_app(settings)
        app.test_client_class = Browser
        return cls(app, dict(app.config), dict(app.extensions))

    def undone(self, settings: dict[str, Any]) -> Flask:
        """The application as at first, with the settings of the next test."""
        for held, first in (
            (self.app.config, self.config | settings),
            (self.app.extensions, self.extensions),
        ):
            held.clear()
            held.update(first)
        return self.app


@pytest.fixture(scope="session")
def made() -> Iterator[dict[str, Made]]:
    """This worker's applications, by engine."""
    found: dict[str, Made] = {}
    yield found
    for one in found.values():
        close(one.app)


@pytest.fixture
def app(
    settings: dict[str, Any], engine: str, made: dict[str, Made], request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """A registry without accounts."""
    own = request.node.get_closest_marker("own_app") is not None
    if own:
        found = Made.of(settings).app
    else:
        if engine not in made:
            made[engine] = Made.of(settings)
        found = made[engine].undone(settings)
    kept.forget()  # the next test's registry may have the same trail, and other rows that no trail tells of
    yield found
    close(found, for_good=own or engine == "sqlite")  # the next test's file is another


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    """The address of the application, served as `flask serve` does, on a free port of this machine."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8, ident=None)
    enough = threading.Event()

    def serve() -> None:  # its own loop closes what it listens to: a close from elsewhere meets it waiting
        while server.active_channels or not enough.is_set():
            wasyncore.loop(timeout=0.1, map=server._map, count=1)
        server.task_dispatcher.shutdown()  # what was still being answered gives its connection back
        server.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    enough.set()
    thread.join()


class Browser(FlaskClient):
    """A test client that sends its forms with the token of its session, as a page does."""

    def open(self, *args: Any, token: bool = True, **options: Any) -> Any:
        """Like any client's, with the token unless `token` is False."""
        if token and options.get("method", "GET") not in {"GET", "HEAD", "OPTIONS"}:
            headers = Headers(options.pop("headers", None) or {})
            headers.setdefault("X-CSRFToken", self.token())
            options["headers"] = headers
        return super().open(*args, **options)

    def token(self) -> str:
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", "made up for a test")
        return str(URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw))


# ---- an alliance -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def password_hash() -> str:
    return accounts.hashed(PASSWORD)


@pytest.fixture(scope="session")
def remembered() -> dict[str, tuple[Alliance, Callable[[Path], None]]]:
    """This worker's alliances as they were made, by the address of their database."""
    return {}


@pytest.fixture
def alliance(
    app: Flask,
    settings: dict[str, Any],
    password_hash: str,
    remembered: dict[str, tuple[Alliance, Callable[[Path], None]]],
) -> Alliance:
    """A small alliance, all of whose members have the password PASSWORD."""
    address, heads = settings["DATABASE"], settings["AUDIT_HEADS"]
    if address not in remembered:
        made = make(app, password_hash)
        with app.app_context():
            remembered[address] = made, remember(address, heads)
        return made
    found, put_back = remembered[address]
    with app.app_context():
        put_back(heads)
    return found


@pytest.fixture
def acting(app: Flask, alliance: Alliance) -> Callable[..., Any]:
    """`with acting("endoscopist", "county_a"):` what follows is done by them, in an app context."""

    @contextmanager
    def act(role: Role | str = Role.ENDOSCOPIST, centre: Any = "city") -> Iterator[Scope]:
        with app.app_context():
            user = db.session.get_one(User, alliance.user(role, centre))
            here = None if Role(role) in ALLIANCE_ROLES else alliance.place(centre)
            scope = Scope.of(user, here.id if here else None, here.name if here else None)
            act_as(scope)
            try:
                yield scope
            finally:
                act_as(None)

    return act


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser in which nobody has signed in."""
    made: Browser = app.test_client()
    return made


@pytest.fixture
def sign_in(app: Flask, alliance: Alliance) -> Callable[..., Browser]:
    """`sign_in("recorder", "county_a")` gives a browser in which they are signed in, past the password."""

    def signed_in(
        role: Role | str = Role.ENDOSCOPIST, centre: Any = "city", user: int | None = None
    ) -> Browser:
        browser: Browser = app.test_client()
        with app.app_context():
            here = None if Role(role) in ALLIANCE_ROLES else alliance.place(centre).id
            cookie = signing_in.begin(user or alliance.user(role, centre), here)
        with browser.session_transaction() as session:
            session[signing_in.COOKIE] = cookie
        return browser

    return signed_in


@pytest.fixture
def audit_entries(app: Flask, alliance: Alliance) -> Callable[..., list[AuditEntry]]:
    """`audit_entries()` is the trail since the test began; `audit_entries("case.")` that of such actions."""
    with app.app_context(), unscoped("audit chain"):
        before = db.session.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1)) or 0

    def entries(action: str = "") -> list[AuditEntry]:
        with app.app_context(), unscoped("audit chain"):
            found = db.session.scalars(
                select(AuditEntry).where(AuditEntry.seq > before).order_by(AuditEntry.seq)
            ).all()
            return [entry for entry in found if entry.action.startswith(action)]

    return entries
