"""Under whose name the command line acts."""

import getpass

import click

from registry.access import Permission, Scope, act_as
from registry.extensions import db
from registry.label import Label
from registry.models import Centre


def operator_scope(centre: str | None = None) -> Scope:
    """Act as the operator of this machine, for one centre (by its code) or for all of them.

    The trail names the account of the operating system. Whoever runs commands holds the database
    and the key file already, so every permission but that of recording elsewhere comes with it.
    """
    actor = f"cli:{getpass.getuser()}"
    act_as(Scope(None, actor, may=frozenset(Permission), everywhere=True))
    centres = dict(db.session.execute(db.select(Centre.code, Centre.id)).all())
    if centre is not None and centre not in centres:
        known = ", ".join(sorted(centres)) or str(Label("一个也没有", "none at all"))
        told = Label("没有机构 %(code)s；已有：%(known)s", "no centre %(code)s; there are: %(known)s")
        raise click.BadParameter(str(told % {"code": centre, "known": known}), param_hint="--centre")
    chosen = frozenset(centres.values()) if centre is None else frozenset({centres[centre]})
    scope = Scope(None, actor, chosen, frozenset(Permission), everywhere=centre is None, place=centre)
    act_as(scope)
    return scope
