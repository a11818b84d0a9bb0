"""Proof that the trail is whole: every link, its numbering, and the heads noted outside the database."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from registry.access import unscoped
from registry.extensions import db
from registry.label import Label
from registry.services import chain

WORDS = {
    "missing": Label("缺失", "missing"),
    "altered": Label("内容被改", "altered"),
    "does not follow the entry before it": Label("与上一条不相接", "does not follow the entry before it"),
    "differs from the head noted outside the database": Label(
        "与库外记下的链头不符", "differs from the head noted outside the database"
    ),
    "was noted outside the database and is gone": Label(
        "库外记过，库内已无", "was noted outside the database and is gone"
    ),
}


@dataclass(frozen=True)
class Fault:
    """One entry that is not as it was written."""

    seq: int
    words: Label


def verify(heads: Path) -> tuple[int, list[Fault]]:
    """How many entries there are, and every fault, against the chain itself and a file of noted heads."""
    with unscoped("audit chain"):
        faults = [
            Fault(seq, WORDS[what])
            for seq, what in chain.broken_links(db.session(), chain.noted_heads(heads))
        ]
        count, _ = chain.head(db.session())
    db.session.rollback()
    return count, faults


def head() -> str:
    """The last link as a line of the file of heads: day, number, hash."""
    with unscoped("audit chain"):
        seq, digest = chain.head(db.session())
    db.session.rollback()
    return f"{datetime.now(UTC).date()} {seq} {digest}"
