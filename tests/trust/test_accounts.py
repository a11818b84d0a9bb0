"""Who may open, change and close which accounts; and the same from the command line."""

import pytest
from sqlalchemy import select

from registry.access import Forbidden
from registry.codes.alliance import Role
from registry.extensions import db
from registry.models import Appointment, Centre, User
from registry.rules import passwords
from registry.rules.problem import Invalid
from registry.services.staff import accounts


def user(alliance, role, centre=None):
    return db.session.get_one(User, alliance.user(role, centre))


# ---- a manager's reach -------------------------------------------------------------------------------


def test_a_manager_opens_accounts_at_the_own_centre(acting, alliance):
    with acting("centre_manager", "county_a"):
        made, password = accounts.add_user(
            username="Qian", name="钱医师", roles=[(Role.ENDOSCOPIST, alliance.county_a.id)]
        )
        assert (made.username, made.provisional, len(password)) == ("qian", True, 19)


@pytest.mark.parametrize(
    ("role", "place"), [(Role.RECORDER, "city"), (Role.AUDITOR, None), (Role.ALLIANCE_ADMIN, None)]
)
def test_a_manager_opens_none_elsewhere_and_none_of_the_alliance(acting, alliance, role, place):
    centre = alliance.place(place).id if place else None
    with acting("centre_manager", "county_a"):
        with pytest.raises(Forbidden):
            accounts.add_user(username="qian", name="钱", roles=[(role, centre)])
        assert accounts.find_user("qian") is None


def test_a_manager_changes_no_account_that_also_works_elsewhere(acting, alliance):
    """Whoever resets a visiting expert's password could enter the other house."""
    with acting("centre_manager", "county_a"):
        expert = db.session.get_one(User, alliance.expert)
        for verb in (accounts.reset_password, accounts.close_account, accounts.open_account):
            with pytest.raises(Forbidden):
                verb(expert)
        for role, place in (("alliance_admin", None), ("endoscopist", "city")):
            with pytest.raises(Forbidden):
                accounts.reset_password(user(alliance, role, place))


def test_a_manager_does_not_promote(acting, alliance):
    with acting("centre_manager", "county_a"), pytest.raises(Forbidden):
        accounts.appoint(user(alliance, "recorder", "county_a"), Role.ALLIANCE_ADMIN, None)


@pytest.mark.parametrize("role", ["recorder", "endoscopist", "quality_reviewer", "researcher", "auditor"])
def test_others_change_no_accounts(acting, alliance, role):
    with acting(role):
        other = user(alliance, "recorder", "county_b")
        for attempt in (accounts.reset_password, accounts.close_account):
            with pytest.raises(Forbidden):
                attempt(other)
        with pytest.raises(Forbidden):
            accounts.add_user(username="x", name="某", roles=[(Role.RECORDER, alliance.city.id)])


def test_only_the_administrator_changes_centres(acting, alliance):
    from registry.codes.alliance import CentreKind, CentrePlace

    for role in ("centre_manager", "endoscopist", "auditor"):
        with acting(role), pytest.raises(Forbidden):
            accounts.add_centre(code="1", name_zh="一", kind=CentreKind.COUNTY, place=CentrePlace.MEMBER)


def test_nobody_closes_the_own_account_or_takes_the_own_role(acting, alliance):
    with acting("alliance_admin"):
        self = user(alliance, "alliance_admin")
        with pytest.raises(Forbidden):
            accounts.close_account(self)
        with pytest.raises(Forbidden):
            accounts.dismiss(self.appointments[0])


def test_a_closed_centre_is_no_place_to_work(sign_in, alliance, client):
    sign_in("alliance_admin").post(
        f"/admin/centres/{alliance.county_b.id}",
        data={"name_zh": "乙县人民医院", "kind": "county", "place": "member", "version": "1"},
    )
    assert sign_in("recorder", "county_b").get("/start").location == "/places"


def test_names_are_taken_once_whatever_their_case(acting, alliance):
    with acting("alliance_admin"), pytest.raises(Invalid) as wrong:
        accounts.add_user(username=" AUDITOR ", name="某", roles=[(Role.AUDITOR, None)])
    assert [problem.field for problem in wrong.value.problems] == ["username"]


def test_an_account_cannot_be_written_past_the_services(acting, alliance):
    from registry.services.unit import change

    with acting("centre_manager", "county_a"):
        with pytest.raises(Forbidden), change("sneak") as unit:
            unit.add(
                Appointment(user_id=alliance.user("recorder", "county_a"), centre_id=None, role=Role.AUDITOR)
            )
        assert not db.session.scalars(
            select(Appointment).where(
                Appointment.user_id == alliance.user("recorder", "county_a"), Appointment.role == Role.AUDITOR
            )
        ).all()


# ---- passwords ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "mlps3", "asvs5"),
    [
        ("short-1A", False, False),
        ("Long-enough-1", True, True),
        ("alllowercaseletters", False, True),
        ("Ten-chars1", True, False),
        ("正确的马电池订书钉蓝天", False, False),
        ("正确的马电池订书钉蓝天白云-1", False, True),
        ("Password@123456", False, False),
        ("Admin!!20262026", False, False),
        ("123456789012-", False, False),
        ("x" * 300 + "A-1", False, False),
        ("zhang-is-my-Name1", False, False),
        (" Leading and trailing 1 ", True, True),
        ("A1-" + "x" * 100, True, True),
    ],
)
def test_password_profiles(chosen, mlps3, asvs5):
    for profile, good in (("mlps3", mlps3), ("asvs5", asvs5)):
        assert (passwords.password(chosen, profile=profile, username="zhang") == []) is good, profile


def test_a_one_time_password_is_read_out_without_mistakes():
    assert {len(accounts.one_time()) for _ in range(20)} == {19}
    assert len({accounts.one_time() for _ in range(50)}) == 50
    assert not set("".join(accounts.one_time() for _ in range(50))) & set("ilo01")


# ---- the command line --------------------------------------------------------------------------------


@pytest.fixture
def run(app):
    """Run a command; gives its output and fails when it did not say what it should."""

    def command(*args, fails=False):
        told = app.test_cli_runner().invoke(args=args)
        assert (told.exit_code != 0) is fails, told.output
        return told.output

    return command


def test_centres_and_users_from_the_command_line(run, app):
    assert "还没有中心" in run("centres")
    run("centres", "add", "370001", "--name", "示例市人民医院", "--kind", "city", "--place", "lead")
    listed = run("centres").splitlines()
    assert len(listed) == 2
    assert "370001" in listed[1]
    assert "牵头单位" in listed[1]
    password = run("users", "add", "zhang", "--name", "张医师", "--role", "endoscopist", "--centre", "370001")
    assert "zhang 的一次性密码" in password
    assert "等待首次登录" in run("users")
    run("users", "lock", "zhang")
    assert "停用" in run("users", "list")
    run("users", "unlock", "zhang")
    assert run("users", "reset", "zhang") != password
    client = app.test_client()
    new = run("users", "reset", "zhang").strip().rpartition("：")[2]
    assert client.post("/sign-in", data={"username": "zhang", "password": new}).location == "/start"
    assert client.get("/start").location == "/me/password"
    trail = run("audit", "show", "--limit", "50")
    assert "cli:" in trail
    assert "argon2" not in trail


def test_commands_say_what_is_wrong(run):
    assert "--centre" in run("users", "add", "a", "--name", "甲", "--role", "recorder", fails=True)
    assert "--centre" in run(
        "users", "add", "a", "--name", "甲", "--role", "recorder", "--centre", "9", fails=True
    )
    run("users", "add", "a", "--name", "甲", "--role", "auditor", "--centre", "9", fails=True)
    run("users", "reset", "nobody", fails=True)
    run("centres", "add", "1", "--name", "一", "--kind", "county")
    assert "代码" in run("centres", "add", "1", "--name", "二", "--kind", "county", fails=True)


def test_setup_code_is_shown_while_there_are_no_accounts(run, app):
    assert "设置码" in run("setup-code")
    run("users", "add", "a", "--name", "甲", "--role", "auditor")
    assert "已有账号" in run("setup-code")


def test_every_command_has_help_and_an_example(app):
    runner = app.test_cli_runner()

    def walk(command, *path):
        yield path, command
        for name, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, *path, name)

    ours = ("audit", "centres", "users", "keys", "setup-code", "serve")
    for name in ours:
        for path, command in walk(app.cli.commands[name], name):
            told = runner.invoke(args=[*path, "--help"]).output
            assert f"flask {name}" in told, path
            assert command.help
    assert db.session is not None
    assert Centre.__doc__
