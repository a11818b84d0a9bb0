"""Migrations: from nothing and over a populated database, on both engines, losing nobody."""

import re
import secrets
import shutil
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, create_engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from registry import create_app
from registry.extensions import db
from registry.models import Base
from tests.conftest import close, migrate, throwaway_database

pytestmark = pytest.mark.own_app
HOUSE = Path(__file__).parents[2]
THE_FIRST = "migrations/versions/0001_the_record.py"


@pytest.fixture
def address(engine, request, keys, tmp_path):
    """A migrated database of this test's own: what it does to the tables must not reach another test."""
    if engine == "sqlite":
        path = tmp_path / "registry.sqlite"
        shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    with throwaway_database(f"migrations_{secrets.token_hex(6)}") as own:
        migrate(own, keys)
        yield own


def counts(app):
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


def plain(condition):
    """A CHECK as both engines and the models can be compared: codes and numbers in their order."""
    condition = re.sub(r"::[a-z ]+(\[\])?", "", condition.lower() if "'" not in condition else condition)
    return re.findall(r"'[^']*'|(?<!\w)-?\d+(?:\.\d+)?", condition)


def checks_of_the_models():
    return {
        (table.name, str(constraint.name)): plain(str(constraint.sqltext))
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }


def test_there_is_one_head():
    assert len(ScriptDirectory(str(HOUSE / "migrations")).get_heads()) == 1


def test_the_checks_of_a_migrated_database_are_those_of_the_models(app):
    with app.app_context(), db.engine.connect() as connection:
        seen = inspect(connection)
        stored = {
            (table.name, check["name"]): plain(check["sqltext"])
            for table in Base.metadata.sorted_tables
            for check in seen.get_check_constraints(table.name)
        }
    models = checks_of_the_models()
    assert len(models) > 100
    assert stored == models


def test_the_tables_of_a_migrated_database_are_those_of_the_models(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_constraint_has_a_name(app):
    with app.app_context(), db.engine.connect() as connection:
        seen = inspect(connection)
        for table in Base.metadata.sorted_tables:
            for constraint in [*seen.get_foreign_keys(table.name), *seen.get_unique_constraints(table.name)]:
                assert constraint["name"], (table.name, constraint)


def test_nothing_cascades(app):
    with app.app_context(), db.engine.connect() as connection:
        seen = inspect(connection)
        for table in Base.metadata.sorted_tables:
            for key in seen.get_foreign_keys(table.name):
                assert key["options"].get("ondelete") in (None, "NO ACTION"), (table.name, key)


def test_down_and_up_again(app):
    with app.app_context():
        flask_migrate.downgrade(revision="base")
        with db.engine.connect() as connection:
            assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        flask_migrate.upgrade()
    assert set(counts(app).values()) == {0}


def in_first(counted):
    """How many rows the tables hold that the first migration made."""
    made = re.findall(r'create_table\(\s*"(\w+)"', (HOUSE / THE_FIRST).read_text("utf-8"))
    return {name: number for name, number in counted.items() if name in made}


def test_more_codes_lose_nobody_and_none_that_is_used_is_taken_away(app, at_city, at_county):
    """A CHECK of a table that others refer to is another: back and forth everybody stays."""
    before = in_first(counts(app))
    assert all(before[name] for name in ("lesion", "result", "tumour", "sighting", "covering"))
    with app.app_context():
        flask_migrate.downgrade(revision="0001")
        for code in ("'ng'", "'8010/3'"):
            column = "lst" if code == "'ng'" else "morphology"
            with pytest.raises(IntegrityError), db.engine.begin() as connection:
                connection.exec_driver_sql(
                    f"UPDATE {'lesion' if column == 'lst' else 'tumour'} SET {column} = {code}"  # noqa: S608
                )
        flask_migrate.upgrade()
        assert in_first(counts(app)) == before
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE lesion SET lst = 'ng'")
            connection.exec_driver_sql("UPDATE result SET morphology = '8010/3'")
            connection.exec_driver_sql("UPDATE tumour SET morphology = '8010/3'")
        with pytest.raises((SystemExit, IntegrityError)):
            flask_migrate.downgrade(revision="0001")
        with db.engine.connect() as connection:
            assert set(connection.exec_driver_sql("SELECT lst FROM lesion").scalars()) == {"ng"}
            assert MigrationContext.configure(connection).get_current_revision() != "0001"
    assert in_first(counts(app)) == before


def test_search_words_written_whole_are_found_by_half(app, at_city):
    halved = ScriptDirectory(str(HOUSE / "migrations")).get_revision("0008")
    with app.app_context():
        with db.engine.connect() as connection:
            before = connection.exec_driver_sql("SELECT id, digest FROM search_token ORDER BY id").all()
        flask_migrate.downgrade(revision=halved.down_revision)
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE search_token SET digest = digest || digest")
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            after = connection.exec_driver_sql("SELECT id, digest FROM search_token ORDER BY id").all()
    assert before and after == before


REBUILD = '''"""Rebuild the tables that others refer to."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = {head!r}


def upgrade():
    for table in ("person", "examination", "lesion", "centre", "enrolment"):
        with op.batch_alter_table(table, recreate="auto") as batch:
            batch.add_column(sa.Column("made_up", sa.String(20), nullable=True))
            batch.alter_column("id", existing_type=sa.Integer(), nullable=False)
    {more}


def downgrade():
    pass
'''


@pytest.fixture
def with_another(app, tmp_path):
    """Run the migrations of a copy of the folder that has one more, which rebuilds what others refer to."""

    def run(more=""):
        folder = tmp_path / "migrations"
        for path in (HOUSE / "migrations").rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                copy = folder / path.relative_to(HOUSE / "migrations")
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        head = ScriptDirectory(str(HOUSE / "migrations")).get_current_head()
        (folder / "versions" / "9999_rebuild.py").write_text(REBUILD.format(head=head, more=more))
        with app.app_context():
            flask_migrate.upgrade(directory=str(folder))

    return run


def test_a_rebuilt_table_loses_nobody(app, at_city, at_county, with_another):
    before = counts(app)
    assert all(before[name] for name in ("person", "lesion", "result", "follow_up", "audit_entry"))
    with_another()
    assert counts(app) == before
    with app.app_context(), db.engine.connect() as connection:
        assert "made_up" in {column["name"] for column in inspect(connection).get_columns("person")}
        if db.engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []


def test_a_migration_that_orphans_a_row_changes_nothing(app, at_city, with_another):
    before = counts(app)
    with pytest.raises((SystemExit, IntegrityError)):
        with_another(more='op.execute("DELETE FROM person")')
    assert counts(app) == before
    with app.app_context(), db.engine.connect() as connection:
        assert "made_up" not in {column["name"] for column in inspect(connection).get_columns("person")}


def test_a_migration_that_fails_half_way_changes_nothing(app, at_city, with_another):
    before = counts(app)
    with pytest.raises(Exception, match="no_such_table"):
        with_another(more='op.execute("UPDATE no_such_table SET x = 1")')
    assert counts(app) == before
    with app.app_context(), db.engine.connect() as connection:
        assert "made_up" not in {column["name"] for column in inspect(connection).get_columns("centre")}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_without_the_cure_a_rebuild_on_sqlite_refuses_or_loses(app, at_city, engine):
    """The pragma inside a transaction does nothing: a table that others refer to cannot be dropped."""
    with app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            connection.exec_driver_sql("DROP TABLE person")
    assert counts(app)["person"] == 1


def test_upgrade_needs_nothing_but_the_command(tmp_path, keys):
    """`flask db upgrade` on an empty place makes the file and every table."""
    settings = {"DATABASE": f"sqlite:///{tmp_path}/new.sqlite", "KEYS": keys, "AUDIT_HEADS": tmp_path / "h"}
    app = create_app(settings)
    told = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert told.exit_code == 0, told.output
    bare = create_engine(settings["DATABASE"])
    with bare.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar() == 0
    bare.dispose()
    close(app)


def test_serving_waits_for_the_migrations(tmp_path, keys):
    settings = {"DATABASE": f"sqlite:///{tmp_path}/new.sqlite", "KEYS": keys, "AUDIT_HEADS": tmp_path / "h"}
    app = create_app(settings)
    told = app.test_cli_runner().invoke(args=["serve"])
    assert told.exit_code == 1
    assert "flask db upgrade" in told.output
    close(app)
