"""Centres, accounts and codes from a list: whole rows, the same rules, and twice is once."""

import pytest
from sqlalchemy import func, select

from registry.access import unscoped
from registry.codes.desk import SourceKind
from registry.extensions import db
from registry.models import Appointment, Centre, SourceCode, User
from registry.services.staff import accounts, bulk, sign_in
from registry.services.staff.bulk import Entry
from registry.services.staff.source_words import staff_of


def centre(line=2, **cells):
    return Entry(
        "centres",
        line,
        {"code": "370009", "name_zh": "丁县医院", "kind": "县级", "place": "成员单位"} | cells,
    )


def user(line=2, **cells):
    return Entry(
        "users", line, {"username": "zhang", "name": "张医师", "role": "内镜医师", "centre": "370002"} | cells
    )


def code(line=2, **cells):
    return Entry(
        "codes", line, {"centre": "370002", "kind": "医师", "code": "D01", "username": "zhang"} | cells
    )


def counts(outcome):
    return {fate: number for fate, number in outcome.counts().items() if number}


def found(statement):
    with unscoped("source codes"):
        return db.session.scalars(statement).all()


def problems(rows):
    return [(row.entry.sheet, row.entry.line, problem.field) for row in rows for problem in row.problems]


@pytest.fixture
def administrator(acting):
    with acting("alliance_admin") as scope:
        yield scope


@pytest.fixture
def manager(acting):
    with acting("centre_manager", "county_a") as scope:
        yield scope


EVERYTHING = [centre(), user(centre="370009"), user(3, role="录入员"), code(centre="370009")]


def test_a_list_makes_centre_account_and_code(administrator):
    outcome = bulk.apply(EVERYTHING)
    assert counts(outcome) == {"new": 4}
    ((username, name, password),) = outcome.passwords
    assert (username, name) == ("zhang", "张医师")
    made = accounts.find_user("zhang")
    assert made.provisional
    assert sign_in.argon.verify(made.password_hash, password)
    assert {(held.role.code, held.centre.code) for held in made.appointments} == {
        ("endoscopist", "370009"),
        ("recorder", "370002"),
    }
    (stored,) = found(select(SourceCode))
    assert (stored.kind, stored.code, stored.user_id) == (SourceKind.DOCTOR, "D01", made.id)


def test_the_same_list_again_changes_nothing(administrator, audit_entries):
    bulk.apply(EVERYTHING)
    before = len(audit_entries())
    again = bulk.apply(list(reversed(EVERYTHING)))
    assert (counts(again), again.passwords) == ({"unchanged": 4}, [])
    assert len(audit_entries()) == before


def test_looking_over_writes_nothing(administrator, audit_entries):
    assert [row.fate for row in bulk.judge(EVERYTHING)] == ["new"] * 4
    assert audit_entries() == []


def test_a_changed_list_changes_what_it_says_and_no_more(administrator):
    bulk.apply(EVERYTHING)
    changed = [
        centre(name_zh="丁县中心医院", active="否"),
        user(name="张主任", centre="370009"),
        user(3, name="张主任", role="中心管理员"),
        code(centre="370009", meaning="张主任", active="否"),
    ]
    assert counts(bulk.apply(changed)) == {"updated": 4}
    made = accounts.find_user("zhang")
    assert (made.name, len(made.appointments)) == ("张主任", 3)
    stored = db.session.scalar(select(Centre).where(Centre.code == "370009"))
    assert (stored.name_zh, stored.active) == ("丁县中心医院", False)
    (kept,) = found(select(SourceCode))
    assert (kept.meaning, kept.active) == ("张主任", False)


def test_an_account_is_closed_and_opened_by_the_list(administrator):
    bulk.apply([user()])
    bulk.apply([user(active="否")])
    assert not accounts.find_user("zhang").active
    bulk.apply([user(active="是")])
    assert accounts.find_user("zhang").active


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (user(username="two words"), "username"),
        (user(username=""), "username"),
        (user(name="名" * 41), "name"),
        (user(role="院长"), "role"),
        (user(centre="999"), "centre"),
        (user(role="审计员"), "centre"),
        (user(language="法语"), "language"),
        (user(active="也许"), "active"),
        (centre(kind="大医院"), "kind"),
        (centre(region="37"), "region"),
        (centre(name_zh=""), "name_zh"),
        (code(kind="护士"), "kind"),
        (code(username="nobody"), "username"),
        (code(code=""), "code"),
    ],
)
def test_a_wrong_cell_is_named_and_its_row_left_out(administrator, entry, field):
    outcome = bulk.apply([entry])
    assert field in {name for _, _, name in problems(outcome.rows)}
    assert counts(outcome) == {"refused": 1}
    assert accounts.find_user("zhang") is None


def test_an_account_with_one_wrong_role_is_not_made_with_the_others(administrator):
    outcome = bulk.apply([user(), user(3, role="院长")])
    assert counts(outcome) == {"refused": 2}
    assert accounts.find_user("zhang") is None


def test_a_good_row_stands_beside_a_wrong_one(administrator):
    outcome = bulk.apply([user(), user(3, username="li", role="院长")])
    assert counts(outcome) == {"new": 1, "refused": 1}


def test_a_row_twice_is_said(administrator):
    assert problems(bulk.judge([user(), user(3)])) == [("users", 3, "row")]


def test_a_manager_looks_after_the_own_house(manager):
    outcome = bulk.apply([user(centre=""), code(centre="")])
    assert counts(outcome) == {"new": 2}
    assert staff_of(manager.centre_id).operator("D01") == accounts.find_user("zhang").id


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (centre(), "code"),
        (user(centre="370003"), "centre"),
        (user(role="联盟管理员", centre=""), "role"),
        (user(username="recorder.city"), "username"),
        (code(centre="370003", username=""), "centre"),
    ],
)
def test_a_manager_changes_no_other_house(manager, entry, field):
    assert problems(bulk.apply([entry]).rows) == [(entry.sheet, 2, field)]


def test_nobody_closes_the_own_account(manager):
    own = user(username="centre_manager.county_a", name="钱中心管理员", role="中心管理员", active="否")
    assert problems(bulk.apply([own]).rows)
    assert accounts.find_user("centre_manager.county_a").active


def test_who_records_only_changes_nobody(acting):
    with acting("recorder", "county_a"), pytest.raises(PermissionError):
        bulk.apply([user()])
    with acting("alliance_admin"):
        assert db.session.scalar(select(func.count()).select_from(Appointment)) > 0
        assert db.session.scalar(select(User).where(User.username == "zhang")) is None
