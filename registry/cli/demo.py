"""`flask demo`: the registry with a made-up alliance, ready to be looked at."""

import json
from pathlib import Path

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import with_appcontext

from registry.cli import serve
from registry.cli.seed import fill
from registry.label import Label
from registry.services import health
from registry.services.made_up import demo
from registry.services.staff import accounts


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True)
@click.option("--examinations", default=8000, show_default=True, help="The size of the made-up alliance.")
@click.option("--no-serve", is_flag=True, help="Only prepare; start no server.")
@with_appcontext
def command(host: str, port: int, examinations: int, no_serve: bool) -> None:
    """Serve a made-up alliance, with a sign-in for each role printed here.

    Only on a database of its own: set REGISTRY_DEMO=1 and REGISTRY_DATABASE, or say `make demo`.

    \b
    Example:
      REGISTRY_DEMO=1 REGISTRY_DATABASE=sqlite:///demo.sqlite flask demo
    """
    if not current_app.config["DEMO"]:
        raise click.ClickException(
            str(
                Label(
                    "先设置 REGISTRY_DEMO=1 和单独的 REGISTRY_DATABASE",
                    "set REGISTRY_DEMO=1 and a REGISTRY_DATABASE of its own",
                )
            )
        )
    if not health.migrated():
        flask_migrate.upgrade()
    if demo.empty():
        click.echo(Label("正在编造一个联盟……", "Making up an alliance …"))
        fill(examinations, years=2, chance=1)
    elif not demo.made_up():
        raise click.ClickException(
            str(
                Label(
                    "这个数据库不是演示用的，未作任何改动",
                    "this database is no demonstration; nothing was changed",
                )
            )
        )
    _print_sign_ins(current_app.config["KEYS"].with_name("demo.signins"))
    if not no_serve:
        serve.check()
        click.echo(
            Label(
                f"打开 http://{host}:{port} 。按 Ctrl-C 停止。",
                f"Open http://{host}:{port} . Ctrl-C stops it.",
            )
        )
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        serve.run(app, host, port, threads=8)


def _print_sign_ins(path: Path) -> None:
    """One line per role; the passwords stay in a file, so that they are the same after a restart."""
    passwords: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if missing := [name for name in demo.SHOWN if name not in passwords]:
        passwords |= {name: accounts.one_time() for name in missing}
        path.write_text(json.dumps(passwords, indent=1), "utf-8")
        path.chmod(0o600)
    click.echo(Label("演示账号：", "Sign in as:"))
    for shown in demo.sign_ins(passwords):
        roles = " / ".join(str(role) for role in shown.roles)
        click.echo(f"  {shown.username:<17} {passwords[shown.username]:<20} {roles} · {shown.place}")
