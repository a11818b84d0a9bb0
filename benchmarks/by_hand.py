"""What the tallies are measured against: the same counts by the SQL of by_hand.sql, put together here."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from sqlalchemy import text

NOT_MET, UNKNOWN, AWAITED, MET = range(4)
Counts = dict[tuple[str, int], list[int]]
BY_ROW = ("CDEI-04", "CDEI-05", "CDEI-06", "CDEI-07")
DETECTED = ("CDEI-14", "EARLY-OESOPHAGUS", "EARLY-STOMACH", "EARLY-COLORECTUM")
PROVED = ("CDEI-12", "CDEI-13", "CDEI-15", "CDEI-16")
WRITTEN = (*BY_ROW, "CDEI-11", *DETECTED, *PROVED)  # the indicators that have their SQL by hand


def statements() -> dict[str, str]:
    """The statements of by_hand.sql by the name that stands over each."""
    parts = (Path(__file__).parent / "by_hand.sql").read_text("utf-8").split("\n\n")
    named = (part.strip().partition("\n") for part in parts[1:])
    return {name.removeprefix("-- "): body.rstrip(";\n") for name, _, body in named if body}


def count(session: Any) -> Counts:
    """(indicator, centre) → [not met, unknown, awaited, met], those in WRITTEN."""
    counts: Counts = defaultdict(lambda: [0, 0, 0, 0])
    written = statements()

    def rows(name: str) -> Any:
        return session.execute(text(written[name])).all()

    for centre, every, clear, *threes in rows("examinations"):
        counts["CDEI-11", centre] = [clear, every - clear, 0, 0]
        for place, key in enumerate(BY_ROW):
            eligible, met, not_met = threes[3 * place : 3 * place + 3]
            counts[key, centre] = [not_met, eligible - met - not_met, 0, met]
    for centre, upper, lower in rows("persons"):
        for key, number in zip(DETECTED, (lower, upper, upper, lower), strict=True):
            counts[key, centre][NOT_MET] = number
    for key in (*DETECTED, *PROVED):
        for centre, state, number in rows(key):
            counts[key, centre][state] += number
            if key in DETECTED:
                counts[key, centre][NOT_MET] -= number
    for centre, state, clear, number in rows("events"):
        counts["CDEI-11", centre][state] += number
        counts["CDEI-11", centre][NOT_MET if clear else UNKNOWN] -= number
    for centre, state, number in rows("operated"):
        counts["CDEI-06", centre][state] -= number
    rows("specimens")  # how many are reported decides what is provisional
    return counts
