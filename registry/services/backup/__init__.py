"""Backups: one file with everything but the keys, consistent under load, checked once it is written.

The file is a ZIP of the database's own copy and a manifest: when, of which engine, how many rows of
each table, the head of the audit chain, and the fingerprint of the key file, which stays apart.
"""

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from flask import current_app
from sqlalchemy import Connection, Engine, func, inspect, select, table
from sqlalchemy.orm import Session

from registry import keyring
from registry.access import open_ring, unscoped
from registry.extensions import db
from registry.keyring import Closed
from registry.label import Label
from registry.models import Base, PersonKey
from registry.services import chain
from registry.services.backup import postgresql, sqlite
from registry.services.unit import note

FORMAT = 1
DATA, MANIFEST = "database", "manifest.json"
CHUNK = 1 << 20
UNREADABLE = (  # what a ZIP whose bytes were changed can raise
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    KeyError,
    TypeError,
    ValueError,
    EOFError,
    RuntimeError,
)


class Unfit(RuntimeError):
    """A backup that cannot be trusted or used here; nothing was changed."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `head` is the audit chain's last link, `keys` the key file's fingerprint."""

    made_at: str
    engine: str
    counts: dict[str, int]
    head: tuple[int, str]
    keys: str
    sha256: str
    format: int = FORMAT


def fingerprint() -> str:
    """By which a key file is known without being shown; the same before and after a rotation."""
    return open_ring().digest("backup", "key file")[:16]


def make(path: Path) -> Manifest:
    """Write a backup and check it; `Unfit` when what was written does not verify, and no file is left."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        copy = Path(folder) / DATA
        with _engine_room().copied(db.engine, copy) as copied:
            counts, head = _verified(copied, chain.noted_heads(current_app.config["AUDIT_HEADS"]))
        manifest = Manifest(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            engine=db.engine.dialect.name,
            counts=counts,
            head=head,
            keys=fingerprint(),
            sha256=_digest(copy),
        )
        written = Path(folder) / "backup.zip"
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
            archive.write(copy, DATA)
        with unpacked(written):
            written.chmod(0o600)
        with written.open("rb") as file:
            os.fsync(file.fileno())
        written.replace(path)
    note({"action": "backup.make", "kind": "backup", "changes": {"head": [None, manifest.head[0]]}})
    return manifest


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Manifest, Path]]:
    """The manifest of a backup and its database copy in a temporary place; `Unfit` if damaged."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".restore-") as folder:
        copy = Path(folder) / DATA
        try:
            with zipfile.ZipFile(path) as archive:
                told = json.loads(archive.read(MANIFEST))
                manifest = Manifest(**told | {"head": tuple(told["head"])})
                with archive.open(DATA) as source, copy.open("wb") as target:
                    while part := source.read(CHUNK):
                        target.write(part)
        except UNREADABLE as wrong:
            told = Label("%(file)s 不是完好的备份", "%(file)s is no intact backup")
            raise Unfit(str(told % {"file": path.name})) from wrong
        if manifest.format != FORMAT or _digest(copy) != manifest.sha256:
            told = Label("%(file)s 的内容已损坏", "the content of %(file)s is damaged")
            raise Unfit(str(told % {"file": path.name}))
        yield manifest, copy


def occupied() -> bool:
    """Whether the present database holds anything."""
    names = _engine_room().tables(db.engine)
    with Session(db.engine) as session:
        return any(
            session.scalar(select(func.count()).select_from(known))
            for known in Base.metadata.sorted_tables
            if known.name in names
        )


def restore(path: Path) -> Manifest:
    """Put a backup in the place of the present database, in one step, and check what is there then.

    `Unfit`, changing nothing, when the backup is damaged, of another engine, or not of this key file.
    """
    with unpacked(path) as (manifest, copy):
        if manifest.engine != db.engine.dialect.name:
            told = Label(
                "备份来自 %(one)s，当前数据库是 %(other)s", "the backup is of %(one)s, this is %(other)s"
            )
            raise Unfit(str(told % {"one": manifest.engine, "other": db.engine.dialect.name}))
        if manifest.keys != fingerprint():
            told = Label("密钥文件不是这个备份的密钥文件", "the key file at hand is not that of this backup")
            raise Unfit(str(told))
        room = _engine_room()
        with room.opened(copy) as engine:
            if engine is not None:
                _same(_verified(engine, {}), manifest)
                _demand_keys(engine)
        db.session.remove()
        room.replace(db.engine, copy)
    _same(_verified(db.engine, {}), manifest)
    _demand_keys(db.engine)
    _set_heads_aside(manifest.head)
    note({"action": "backup.restore", "kind": "backup", "changes": {"head": [None, manifest.head[0]]}})
    return manifest


def _engine_room() -> ModuleType:
    return sqlite if db.engine.dialect.name == "sqlite" else postgresql


def _verified(copied: Engine | Connection, anchors: dict[int, str]) -> tuple[dict[str, int], tuple[int, str]]:
    """Row counts and the chain's head of a copy; `Unfit` where a link is broken."""
    keyring.use(open_ring())
    with unscoped("audit chain"), Session(copied) as session:
        if faults := list(chain.broken_links(session, anchors)):
            told = Label(
                "审计链在第 %(seq)s 条断裂：%(why)s", "the audit chain is broken at %(seq)s: %(why)s"
            )
            seq, why = faults[0]
            raise Unfit(str(told % {"seq": seq, "why": why}))
        counts = {
            name: session.scalar(select(func.count()).select_from(table(name))) or 0
            for name in sorted(inspect(copied).get_table_names())
        }
        return counts, chain.head(session)


def _same(found: tuple[dict[str, int], tuple[int, str]], manifest: Manifest) -> None:
    if found != (manifest.counts, manifest.head):
        raise Unfit(str(Label("内容与备份清单不符", "the content is not what the backup's list says")))


def _demand_keys(engine: Engine) -> None:
    """Every data key must open: after a rotation the old master key is needed for an old backup."""
    ring = open_ring()
    with Session(engine) as session:
        for wrapped in session.scalars(select(PersonKey.wrapped).where(PersonKey.wrapped.is_not(None))):
            try:
                ring.unwrap(bytes(wrapped or b""))
            except Closed as wrong:
                told = Label(
                    "密钥文件打不开备份中的数据密钥", "the key file does not open the backup's data keys"
                )
                raise Unfit(str(told)) from wrong


def _set_heads_aside(head: tuple[int, str]) -> None:
    """Heads noted after the backup cannot be reached any more; keep them in a file of their own."""
    path: Path = current_app.config["AUDIT_HEADS"]
    noted = chain.noted_heads(path)
    if any(seq > head[0] or (seq == head[0] and digest != head[1]) for seq, digest in noted.items()):
        path.replace(path.with_name(f"{path.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}"))
        current_app.extensions.pop("registry.heads", None)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
