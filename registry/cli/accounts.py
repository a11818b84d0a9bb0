"""`flask users`: the accounts, from the command line."""

import click
from flask.cli import with_appcontext

from registry.access import ALLIANCE_ROLES
from registry.cli.operator import operator_scope
from registry.cli.table import table
from registry.codes.alliance import Role
from registry.label import LANGUAGES, Label
from registry.queries.staff import alliance
from registry.rules.problem import Invalid
from registry.services.staff import accounts

ROLES = [role.code for role in Role]


@click.group("users", invoke_without_command=True)
@click.pass_context
@with_appcontext
def command(context: click.Context) -> None:
    """The people who sign in; alone, a list of them.

    \b
    Example:
      flask users
      flask users add zhang --name 张医师 --role endoscopist --centre 370001
    """
    if context.invoked_subcommand is None:
        context.invoke(listed)


@command.command("list")
@with_appcontext
def listed() -> None:
    """Every account, its roles and its state.

    \b
    Example:
      flask users list
    """
    operator_scope()
    rows = [
        (
            user.username,
            user.name,
            "; ".join(
                f"{held.role.label} {held.centre.code if held.centre else ''}".strip()
                for held in user.appointments
            ),
            _state(user.active, user.provisional),
        )
        for user in alliance.users()
    ]
    head = (Label("用户名", "user"), Label("姓名", "name"), Label("角色", "roles"), Label("状态", "state"))
    click.echo(table(head, rows, empty=Label("还没有账号", "no accounts yet")))


def _state(active: bool, provisional: bool) -> Label:
    if not active:
        return Label("停用", "closed")
    return Label("等待首次登录", "awaits first sign-in") if provisional else Label("在用", "active")


@command.command("add")
@click.argument("username")
@click.option("--name", required=True, help="As colleagues read it.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--centre", help="Code of the centre; none for a role of the whole alliance.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="zh", show_default=True)
@with_appcontext
def add(username: str, name: str, role: str, centre: str | None, language: str) -> None:
    """Open an account; prints its one-time password, which is stored nowhere.

    \b
    Example:
      flask users add zhang --name 张医师 --role endoscopist --centre 370001
    """
    operator_scope()
    chosen = Role(role)
    if (chosen in ALLIANCE_ROLES) == bool(centre):
        raise click.UsageError(
            str(
                Label(
                    "中心角色要给 --centre，联盟角色不给",
                    "a role at a centre needs --centre, one of the alliance takes none",
                )
            )
        )
    found = alliance.centre_coded(centre) if centre else None
    if centre and found is None:
        raise click.BadParameter(str(Label("没有这个中心", "there is no such centre")), param_hint="--centre")
    try:
        _, password = accounts.add_user(
            username=username, name=name, roles=[(chosen, found.id if found else None)], language=language
        )
    except Invalid as wrong:
        raise click.ClickException("; ".join(str(problem.message) for problem in wrong.problems)) from wrong
    _tell(username, password)


@command.command("reset")
@click.argument("username")
@with_appcontext
def reset(username: str) -> None:
    """A new one-time password; the old one and every open session end.

    \b
    Example:
      flask users reset zhang
    """
    operator_scope()
    _tell(username, accounts.reset_password(_account(username)))


@command.command("lock")
@click.argument("username")
@with_appcontext
def lock(username: str) -> None:
    """Close an account and end its sessions.

    \b
    Example:
      flask users lock zhang
    """
    operator_scope()
    accounts.close_account(_account(username))
    click.echo(Label("已停用：%(user)s", "closed: %(user)s") % {"user": username})


@command.command("unlock")
@click.argument("username")
@with_appcontext
def unlock(username: str) -> None:
    """Open an account again, and forget its failed attempts.

    \b
    Example:
      flask users unlock zhang
    """
    operator_scope()
    accounts.open_account(_account(username))
    click.echo(Label("已启用：%(user)s", "open: %(user)s") % {"user": username})


def _account(username: str) -> "accounts.User":
    found = accounts.find_user(username)
    if found is None:
        raise click.ClickException(str(Label("没有这个用户", "there is no such user")))
    return found


def _tell(username: str, password: str) -> None:
    told = Label("%(user)s 的一次性密码：%(password)s", "one-time password of %(user)s: %(password)s")
    click.echo(told % {"user": username, "password": password})
