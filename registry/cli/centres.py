"""`flask centres`: the alliance's member hospitals, from the command line."""

import click
from flask.cli import with_appcontext

from registry.cli.operator import operator_scope
from registry.cli.table import table
from registry.codes.alliance import CentreKind, CentrePlace
from registry.label import Label
from registry.queries.staff import alliance
from registry.rules.problem import Invalid
from registry.services.staff import accounts


@click.group("centres", invoke_without_command=True)
@click.pass_context
@with_appcontext
def command(context: click.Context) -> None:
    """The member hospitals; alone, a list of them.

    \b
    Example:
      flask centres
      flask centres add 370001 --name 示例市人民医院 --kind city --place lead
    """
    if context.invoked_subcommand is None:
        context.invoke(listed)


@command.command("list")
@with_appcontext
def listed() -> None:
    """Every centre, its kind, its place in the alliance and its staff.

    \b
    Example:
      flask centres list
    """
    operator_scope()
    staff = alliance.staff_counts()
    rows = [
        (
            centre.code, centre.label, centre.kind.label, centre.place.label, str(staff.get(centre.id, 0)),
            Label("在用", "active") if centre.active else Label("停用", "closed"),
        )
        for centre in alliance.centres()
    ]  # fmt: skip
    head = (
        Label("代码", "code"), Label("名称", "name"), Label("类别", "kind"), Label("联盟身份", "place"),
        Label("人员", "staff"), Label("状态", "state"),
    )  # fmt: skip
    click.echo(table(head, rows, empty=Label("还没有中心", "no centres yet")))


@command.command("add")
@click.argument("code")
@click.option("--name", required=True, help="Chinese name.")
@click.option("--name-en", help="English name.")
@click.option("--kind", type=click.Choice([kind.code for kind in CentreKind]), required=True)
@click.option(
    "--place", type=click.Choice([place.code for place in CentrePlace]), default="member", show_default=True
)
@click.option("--region", help="Region code (GB/T 2260), 6 digits.")
@with_appcontext
def add(code: str, name: str, name_en: str | None, kind: str, place: str, region: str | None) -> None:
    """Admit a member hospital.

    \b
    Example:
      flask centres add 370002 --name 甲县人民医院 --kind county
    """
    operator_scope()
    try:
        added = accounts.add_centre(
            code=code,
            name_zh=name,
            name_en=name_en,
            kind=CentreKind(kind),
            place=CentrePlace(place),
            region=region,
        )
    except Invalid as wrong:
        raise click.ClickException("; ".join(str(problem.message) for problem in wrong.problems)) from wrong
    click.echo(
        Label("已添加：%(code)s %(name)s", "added: %(code)s %(name)s")
        % {"code": added.code, "name": added.label}
    )
