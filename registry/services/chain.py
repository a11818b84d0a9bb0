"""The audit chain: each entry's hash is an HMAC over the previous hash and the entry.

The key lives outside the database, so whoever can write to the tables cannot forge a link. The
chain's head is also written to a file out of the database's reach, or a cut-off tail would not show.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from enum import Enum
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from registry import keyring
from registry.access import Scope
from registry.models import AuditEntry

GENESIS = "0" * 64
_table = cast(Table, AuditEntry.__table__)
_SIGNED = (
    "seq", "at", "actor_id", "actor", "place", "centre_id", "action", "kind",
    "subject", "subject_id", "person_id", "changes", "reason",
)  # fmt: skip


def plain(value: Any) -> Any:
    """A stored value as JSON can hold it; ciphertext as hex."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)


def append(session: Session, scope: Scope | None, entries: list[dict[str, Any]]) -> None:
    """Write entries at the end of the chain, inside the caller's write transaction.

    Each entry names action and kind, and where they apply subject, subject_id, person_id, centre_id,
    changes (a dict) and reason.
    """
    if not entries:
        return
    last = session.execute(select(_table.c.seq, _table.c.hash).order_by(_table.c.seq.desc()).limit(1)).first()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    at = datetime.now(UTC).replace(tzinfo=UTC)
    rows = []
    for entry in entries:
        seq += 1
        row = {
            "seq": seq,
            "at": at,
            "actor_id": scope.actor_id if scope else None,
            "actor": scope.actor if scope else "registry",
            "place": scope.place if scope else None,
            "centre_id": scope.centre_id if scope else None,
            **dict.fromkeys(("subject", "subject_id", "person_id", "reason")),
            **entry,
            "changes": canonical(entry["changes"]) if entry.get("changes") else None,
            "previous": previous,
        }
        previous = row["hash"] = keyring.current().chain(previous, _signed(row))
        rows.append(row)
    session.execute(insert(_table), rows)


def _signed(row: Any) -> bytes:
    return canonical([row[name] for name in _SIGNED]).encode()


def seal(ring: keyring.KeyRing, entry: AuditEntry) -> str:
    """The hash that an entry must have under this ring."""
    row = {name: getattr(entry, name) for name in _SIGNED}
    return ring.chain(entry.previous, _signed(row))


def broken_links(session: Session, anchors: dict[int, str] | None = None) -> Iterator[tuple[int, str]]:
    """Walk the whole chain; yield (sequence number, what is wrong) for each fault, in order.

    `anchors` are heads noted earlier outside the database, sequence number → hash: a chain that
    no longer reaches one of them has lost its tail.
    """
    ring = keyring.current()
    remaining = dict(anchors or {})
    expected, previous = 1, GENESIS
    for row in session.execute(
        select(_table).order_by(_table.c.seq).execution_options(yield_per=2000)
    ).mappings():
        if row["seq"] != expected:
            yield expected, "missing"
        if row["previous"] != previous:
            yield row["seq"], "does not follow the entry before it"
        if ring.chain(row["previous"], _signed(row)) != row["hash"]:
            yield row["seq"], "altered"
        if remaining.pop(row["seq"], row["hash"]) != row["hash"]:
            yield row["seq"], "differs from the head noted outside the database"
        expected, previous = row["seq"] + 1, row["hash"]
    for seq in sorted(remaining):
        yield seq, "was noted outside the database and is gone"


def head(session: Session) -> tuple[int, str]:
    """The last link: sequence number and hash; (0, zeros) for an empty trail."""
    last = session.execute(select(_table.c.seq, _table.c.hash).order_by(_table.c.seq.desc()).limit(1)).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


def note_head(path: Path, seq: int, digest: str, *, today: date | None = None) -> None:
    """Append the head to the file of heads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{today or datetime.now(UTC).date()} {seq} {digest}\n")


def noted_heads(path: Path) -> dict[int, str]:
    """The heads noted so far; empty when none was."""
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text("ascii").splitlines() if line.strip())
    return {int(seq): digest for _, seq, digest in lines if int(seq)}
