"""Centres, accounts and source codes many at a time: judged row by row, then applied with the same rules.

Rows are plain texts by field; whoever reads the file is elsewhere. Rows of one user name are one
account with several roles. Nothing is taken away: a role, a code or a centre that a list does not
name stays. The same list again changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from registry.queries.staff import alliance
from registry.rules.problem import Invalid
from registry.services.staff import accounts, source_codes
from registry.services.staff.rows import SHEETS, Entry, Judged, judge
from registry.services.unit import change

__all__ = ["SHEETS", "Entry", "Judged", "Outcome", "apply", "judge"]


@dataclass
class Outcome:
    """What applying came to; `passwords` are user name, name and one-time password, kept nowhere else."""

    rows: list[Judged]
    passwords: list[tuple[str, str, str]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        fates = dict.fromkeys(("new", "updated", "unchanged", "refused"), 0)
        for row in self.rows:
            fates[row.fate] += 1
        return fates


def apply(entries: Iterable[Entry]) -> Outcome:
    """Store every sound row, each account whole or not at all; refused rows are left out and named."""
    outcome = Outcome(judge(entries))
    accounts_of: dict[str, list[Judged]] = {}
    for row in outcome.rows:
        if row.entry.sheet == "users":
            accounts_of.setdefault(row.values.get("username", ""), []).append(row)
    for rows in accounts_of.values():  # an account with one wrong role is not made with the others
        if any(row.fate == "refused" for row in rows):
            for row in rows:
                row.fate = "refused"
    for row in outcome.rows:
        if row.entry.sheet == "centres":
            _try([row], _keep_centre)
    for rows in accounts_of.values():
        _try(rows, lambda group: outcome.passwords.extend(_keep_account(group)))
    for row in outcome.rows:
        if row.entry.sheet == "codes":
            _try([row], _keep_code)
    return outcome


def _try(rows: list[Judged], store: Any) -> None:
    if rows and all(row.fate != "refused" for row in rows) and any(row.fate != "unchanged" for row in rows):
        try:
            store(rows)
        except Invalid as wrong:
            for row in rows:
                row.fate = "refused"
            rows[0].problems += wrong.problems


def _keep_centre(rows: list[Judged]) -> None:
    (row,) = rows
    values = {name: value for name, value in row.values.items() if value is not None}
    stored = alliance.centre_coded(values["code"])
    if stored is None:
        active = values.pop("active", True)
        stored = accounts.add_centre(**values)
        values = {"active": False} if not active else {}
    else:
        values.pop("code")
    if values and any(getattr(stored, name) != value for name, value in values.items()):
        accounts.change_centre(stored, seen=stored.version, **values)


def _keep_account(rows: list[Judged]) -> list[tuple[str, str, str]]:
    """Store one account with the roles of its rows; its one-time password where it is new."""
    first = rows[0].values
    roles = [(row.values["role"], _id_of(row.values["centre"])) for row in rows]
    stored = accounts.find_user(first["username"])
    if stored is None:
        named = {"username": first["username"], "name": first["name"], "language": first["language"] or "zh"}
        stored, password = accounts.add_user(roles=roles, **named)
        if first["active"] is False:
            accounts.close_account(stored)
        return [(named["username"], named["name"], password)]
    with change("user.change") as unit:
        unit.edit(stored)
        for name in ("name", "language"):
            if first[name] is not None:
                setattr(stored, name, first[name])
        held = {(one.role, one.centre_id) for one in stored.appointments}
        for role, centre_id in dict.fromkeys(roles):
            if (role, centre_id) not in held:
                accounts.appoint(stored, role, centre_id)
    if first["active"] is not None and first["active"] != stored.active:
        (accounts.open_account if first["active"] else accounts.close_account)(stored)
    return []


def _keep_code(rows: list[Judged]) -> None:
    (row,) = rows
    centre_id = _id_of(row.values["centre"])
    user = accounts.find_user(row.values["username"]) if row.values["username"] else None
    source_codes.keep_code(centre_id, row.values, user)


def _id_of(code: str | None) -> int | None:
    found = alliance.centre_coded(code) if code else None
    return found.id if found is not None else None
