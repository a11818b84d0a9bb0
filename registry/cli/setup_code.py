"""`flask setup-code`: the one-time code for the first administrator of a fresh registry."""

import click
from flask.cli import with_appcontext

from registry.label import Label
from registry.services.staff import accounts


@click.command("setup-code")
@with_appcontext
def command() -> None:
    """Print a code that makes the first administrator; earlier codes end. Says so when there are accounts.

    \b
    Example:
      flask setup-code
    """
    code = accounts.setup_code()
    if code is None:
        click.echo(Label("已有账号，请直接登录。", "There are accounts already: sign in."))
        return
    click.echo(Label("设置码：%(code)s", "Set-up code: %(code)s") % {"code": code})
    click.echo(
        Label(
            "打开登记系统，用它建立第一位管理员。",
            "Open the registry and make the first administrator with it.",
        )
    )
