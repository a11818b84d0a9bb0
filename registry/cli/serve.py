"""`flask serve`: the registry on a production server."""

from ipaddress import ip_address

import click
import waitress
from flask import Flask, current_app
from flask.cli import with_appcontext

from registry.exchange.worker import worker
from registry.label import Label
from registry.services import health
from registry.services.staff import accounts


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=8, show_default=True, help="How many requests at a time.")
@with_appcontext
def command(host: str, port: int, threads: int) -> None:
    """Serve the registry, once the database is migrated and the key file fits it.

    Only this machine reaches 127.0.0.1. For others put a proxy with a certificate before it.

    \b
    Example:
      flask serve --port 8080
    """
    check()
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    click.echo(Label("登记系统：%(address)s", "The registry: %(address)s") % {"address": address})
    if accounts.none_yet():
        click.echo(
            Label("下一步：在浏览器打开它，用设置码建立第一位管理员（flask setup-code 可再显示一个）。",
                  "Next: open it in a browser and make the first administrator with the set-up code "
                  "(flask setup-code shows another).")
        )  # fmt: skip
    else:
        click.echo(Label("在浏览器打开并登录。", "Open it in a browser and sign in."))
    click.echo(Label("按 Ctrl-C 停止。", "Ctrl-C stops it."))
    if not loopback(host) and not current_app.config["INSECURE_HTTP"]:
        click.echo(
            Label("注意：未经 HTTPS 代理，别的机器无法登录（Cookie 只走加密连接）。",
                  "Note: without an HTTPS proxy nobody on another machine can sign in."),
            err=True,
        )  # fmt: skip
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    run(app, host, port, threads)


def check() -> None:
    """Stop with a reason unless the database, its migrations and its keys fit together."""
    if not health.migrated():
        raise click.ClickException(
            str(Label("数据库还没有升级：请先运行 flask db upgrade", "run flask db upgrade first"))
        )
    if not health.keys_fit():
        told = Label(
            "密钥文件 %(path)s 不属于这个数据库", "the key file %(path)s does not belong to this database"
        )
        raise click.ClickException(str(told % {"path": current_app.config["KEYS"]}))


def run(app: Flask, host: str, port: int, threads: int) -> None:
    """Serve until interrupted. A proxy on this machine may say whether it is encrypted, and who asks."""
    largest = max(app.config["MAX_CONTENT_LENGTH"], app.config["IMPORT_MEGABYTES"] * 1024 * 1024)
    with app.app_context():
        health.measure_tables()
    worker(app).wake()  # what a process that died left under way is gone on with
    waitress.serve(
        app, host=host, port=port, threads=threads, ident=None, trusted_proxy="127.0.0.1",
        trusted_proxy_headers="x-forwarded-for x-forwarded-proto x-forwarded-host",
        clear_untrusted_proxy_headers=True, max_request_body_size=largest + 2 * 1024 * 1024,
        _quiet=True,
    )  # fmt: skip


def loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
