"""What the tallies are measured against: the counts of every indicator by SQL written by hand, sql/*.sql.

It is written for nothing but this: by centre and month in one period, no other grouping, no scope, no
import under way, each definition that several sources share judged once. In the statements `$name` is a
condition of shared.sql, and these stand for what the engines spell differently or what would be long:
@month(day) a month as a number; @days(a, b) whole days from a to b; @on(day) a number that grows by 31 a
month; @later(day) the day after; @state(condition) 3 where it holds, 0 where it does not, 1 where nobody
knows; @counts(state) how many rows are in each state; @apart keeps an inner select from being worked out
anew for each of its uses.
"""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from sqlalchemy import TextClause, text

HERE = Path(__file__).parent / "sql"
Counts = dict[tuple[str, int], list[int]]
PREPARED = ("CDEI-05", "AGA-PREP", "ASGE-PREP", "ESGE-PREP", "UK-PREP")
REACHED = ("AGA-CIR", "ASGE-CIR", "ESGE-CIR", "UK-CIR", "BCSP-CIR")
PERFORATED = ("ASGE-PERFORATION", "BCSP-PERFORATION")
FOUND = (
    *("CDEI-14", "AGA-ADR", "ASGE-ADR", "ASGE-ADR.2015", "ASGE-ADR-FIT", "ESGE-ADR", "UK-ADR", "BCSP-ADR"),
    *("ASGE-SSLDR", "EARLY-OESOPHAGUS", "EARLY-STOMACH", "EARLY-COLORECTUM"),
    *("DETECTED-UPPER.direct", "DETECTED-LOWER.direct", "DETECTED-UPPER", "DETECTED-LOWER"),
)
# Which column of the statement "persons" each of FOUND is counted among.
AMONG = (1, 2, 3, 4, 5, 6, 7, 5, 3, 0, 0, 1, 8, 2, 9, 10)
# The indicators, in the order in which a statement counts them; several keys share one definition.
KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "examinations": (
        *(("CDEI-01",), ("UK-VOLUME",), ("UK-OGD-VOLUME",), ("CDEI-04",), PREPARED, ("CDEI-06",)),
        *(("CDEI-07",), ("CDEI-11",), REACHED, ("ESGE-DURATION",), ("ESGE-PHOTOS",), ("ESGE-EVENTS",)),
        *(("ESGE-7MIN",), ("ESGE-VISIBILITY",), PERFORATED, ("UK-OGD-PHOTOS",)),
    ),
    "normal": (("AGA-WITHDRAWAL", "UK-WITHDRAWAL"), ("ASGE-WITHDRAWAL",)),
    "background": (("ESGE-SEATTLE",), ("ESGE-MAPS",), ("ESGE-BARRETT",)),
    "specimens": (*(("UK-RETRIEVAL", "BCSP-RETRIEVAL"), ("PATHOLOGY-RETURN.specimens",), ("ESD-EN-BLOC",)),),
    "returned": (("PATHOLOGY-RETURN",),),
    "resections": (("CDEI-16", "ESD-R0"),),
    "harm": (("ESD-PERFORATION",), ("ESD-BLEEDING",), ("ESD-STRICTURE",), ("ASGE-BLEEDING", "BCSP-BLEEDING")),
    "rounds": (("PARTICIPATION",), ("DETECTED-INVITED",)),
    "tests": (("FIT-POSITIVE",), ("FIT-INADEQUATE",)),
    "positives": (
        *(("REFERRAL",), ("COLONOSCOPY-AFTER-FIT",), ("COLONOSCOPY-AFTER-FIT.all",)),
        *(("TIME-TO-COLONOSCOPY",), ("PPV-CANCER",), ("PPV-ADVANCED",)),
    ),
    "managed": (("MANAGED",),),
    "high_risk": (("GASTROSCOPY-AFTER-HIGH-RISK",), ("COLONOSCOPY-AFTER-HIGH-RISK",)),
    "plans": (
        *(("FOLLOW-UP",), ("LOST",), ("SURVEILLANCE",)),
        *(("FOLLOW-UP.entries",), ("LOST.entries",), ("SURVEILLANCE.entries",)),
    ),
    "tumours": (
        *(("CDEI-12", "CDEI-12.known"), ("CDEI-13", "CDEI-13.known"), ("CDEI-15", "CDEI-15.known")),
        *(("CDEI-12.hgin",), ("CDEI-13.hgin",), ("EARLY-STAGE",), ("TREATED",), ("TIME-TO-TREATMENT",)),
    ),
    "missed": (("PCCRC-3Y",), ("PEUGIC", "UK-OGD-MISSED"), ("PEUGIC.0",), ("INTERVAL-CRC",)),
}
WRITTEN = frozenset(key for shared in KEYS.values() for keys in shared for key in keys) | {*FOUND}


def count(session: Any, engine: str, start: Any, until: Any) -> Counts:
    """(indicator, centre * 1,000,000 + year * 100 + month) → [not met, unknown, awaited, met]."""
    counts: Counts = defaultdict(lambda: [0, 0, 0, 0])
    written = statements(engine)
    period = {"start": start, "until": until}

    def rows(name: str) -> Any:
        for centre, month, *numbers in session.execute(written[name], period):
            yield centre * 1_000_000 + month, numbers

    for name, shared in KEYS.items():
        for group, numbers in rows(name):
            for place, keys in enumerate(shared):
                states = numbers[4 * place : 4 * place + 4]
                for key in keys:
                    counts[key, group] = states
    _changed(counts, rows)
    for group, numbers in rows("persons"):
        for key, column in zip(FOUND, AMONG, strict=True):
            counts[key, group] = [numbers[column], 0, 0, 0]
    for group, numbers in rows("found"):
        for place, key in enumerate(FOUND):
            now, left_out = numbers[5 * place : 5 * place + 4], numbers[5 * place + 4]
            counts[key, group][0] -= sum(now) + left_out
            _add(counts[key, group], now)
    return counts


def _changed(counts: Counts, rows: Any) -> None:
    """Events and earlier operations replace what the examination alone says."""
    for group, numbers in rows("events"):
        for place, keys in enumerate((("CDEI-11",), PERFORATED)):
            states = counts[keys[0], group] = list(counts[keys[0], group])
            _add(states, numbers[4 * place : 4 * place + 4])
            _add(states, numbers[4 * place + 8 : 4 * place + 12], -1)
            for key in keys:
                counts[key, group] = states
    for group, numbers in rows("operated"):
        for place, keys in enumerate((("CDEI-06",), REACHED)):
            states = counts[keys[0], group] = list(counts[keys[0], group])
            _add(states, numbers[4 * place : 4 * place + 4], -1)
            for key in keys:
                counts[key, group] = states


def _add(states: list[int], more: list[int], times: int = 1) -> None:
    for place, number in enumerate(more):
        states[place] += times * number


@cache
def statements(engine: str) -> dict[str, TextClause]:
    """The statements of sql/*.sql by the name that stands over each, spelled for an engine."""
    shared = {name: " ".join(body.split()) for name, body in _parts("shared")}
    return {
        name: text(_spelled(Template(body).substitute(shared), engine, 5 if name == "found" else 4))
        for file in ("examinations", "tissue", "programme", "persons")
        for name, body in _parts(file)
    }


def _parts(file: str) -> list[tuple[str, str]]:
    parts = (HERE / f"{file}.sql").read_text("utf-8").split("\n\n")[1:]
    named = (part.strip().partition("\n") for part in parts)
    return [(re.findall(r"-- ([\w]+)", head)[0], body) for head, _, body in named]


def _spelled(body: str, engine: str, states: int) -> str:
    """A statement without the words that begin with @, those inside first."""
    lite = engine == "sqlite"
    body = body.replace("@apart", "LIMIT -1" if lite else "OFFSET 0")
    while found := list(re.finditer(r"@(\w+)\(", body)):
        last = found[-1]  # nothing inside it is left to spell
        given, end = _inside(body, last.end())
        said = _SPELLINGS[last[1]](given, lite, states)
        body = body[: last.start()] + said + body[end:]
    return body


def _inside(body: str, begin: int) -> tuple[list[str], int]:
    """What stands between this parenthesis and its partner, divided at commas; and where it ends."""
    depth, given, since = 1, [], begin
    for place in range(begin, len(body)):
        depth += {"(": 1, ")": -1}.get(body[place], 0)
        if depth == 0:
            return [*given, body[since:place]], place + 1
        if depth == 1 and body[place] == ",":
            given.append(body[since:place])
            since = place + 1
    raise ValueError("a parenthesis is not closed")


def _month(given: list[str], lite: bool, _states: int) -> str:
    (day,) = given
    if lite:
        return f"CAST(substr({day}, 1, 4) || substr({day}, 6, 2) AS INTEGER)"
    return f"CAST(extract(year FROM {day}) * 100 + extract(month FROM {day}) AS INTEGER)"


def _on(given: list[str], lite: bool, _states: int) -> str:
    (day,) = given
    if lite:
        return f"((substr({day}, 1, 4) * 12 + substr({day}, 6, 2)) * 31 + substr({day}, 9, 2))"
    parts = [f"extract({part} FROM {day})" for part in ("year", "month", "day")]
    return f"CAST(({parts[0]} * 12 + {parts[1]}) * 31 + {parts[2]} AS INTEGER)"


def _days(given: list[str], lite: bool, _states: int) -> str:
    first, second = ",".join(given[:1]), ",".join(given[1:])
    if lite:
        return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"
    return f"(({second})::date - ({first})::date)"


def _later(given: list[str], lite: bool, _states: int) -> str:
    (day,) = given
    return f"date({day}, '+1 day')" if lite else f"({day} + 1)"


def _state(given: list[str], _lite: bool, _states: int) -> str:
    condition = ",".join(given)
    return f"(CASE WHEN {condition} THEN 3 WHEN NOT ({condition}) THEN 0 ELSE 1 END)"


def _counts(given: list[str], _lite: bool, states: int) -> str:
    state = ",".join(given)
    return ", ".join(f"count(*) FILTER (WHERE {state} = {number})" for number in range(states))


_SPELLINGS = {
    "month": _month, "on": _on, "days": _days, "later": _later, "state": _state, "counts": _counts
}  # fmt: skip
