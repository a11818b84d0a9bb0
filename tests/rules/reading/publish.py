"""Writes down how well texts are read: a page for people, and figures that the review list shows."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from registry.rules.reading import FIELDS, RULES
from registry.stats.proportions import wilson
from tests.rules.reading.score import CANCER, HOUSE, MEASURED, ROUNDS, SETS, Score, Tally, score, sentences

TOLD = HOUSE / "docs" / "reading.md"
PAGE = Path(__file__).with_name("page.md")
ORDER = (*(name for name in FIELDS if name.startswith("result.")), CANCER)
ORDER += tuple(name for name in FIELDS if not name.startswith("result."))
DECIDED = (
    "vienna.low",
    "vienna.high",
    "vienna.in-situ",
    "vienna.intramucosal",
    "vienna.adenoma",
    "vienna.depth",
    "impression.borrmann",
    "margins",
    "vessels.none",
    "type.hyperplastic",
    "finding.gastritis",
    "site.angulus",
    "site.cardia",
    "site.caecum",
)


def measured() -> str:
    """The figures as TOML: per field what sentences showed that its rules had not seen, and all of them."""
    first, now = score(ROUNDS, first=True), score(SETS)
    lines = [
        "# Written by python -m tests.rules.reading.score from its labelled sentences; do not edit.",
        "# precision, recall, n: read for the first time, by rules that had not seen the sentence.",
        "# …_now: all sentences, by the rules as they stand. n counts the values that are truly there.",
    ]
    for name in ORDER:
        if name not in first.fields:
            continue  # no unseen sentence held one: nothing is known
        tallies = (("", first.fields[name]), ("_now", now.fields.get(name, Tally())))
        lines += ["", f'["{name}"]']
        for ending, tally in tallies:
            for figure in ("precision", "recall"):
                value = getattr(tally, figure)
                if not math.isnan(value):
                    lines.append(f"{figure}{ending} = {value:.4f}")
            lines.append(f"n{ending} = {tally.true}")
    return "\n".join(lines) + "\n"


def page() -> str:
    """docs/reading.md."""
    first, now = score(ROUNDS, first=True), score(SETS)
    everything = list(sentences())
    unseen = sum(one["set"] in ROUNDS for one in everything)
    return PAGE.read_text(encoding="utf-8").format(
        all=len(everything),
        unseen=unseen,
        written=len(everything) - unseen,
        rounds=len(ROUNDS),
        each=", ".join(str(sum(one["set"] == name for one in everything)) for name in ROUNDS),
        silent=now.silent,
        broken=now.broken_silence,
        first_silent=first.silent,
        first_broken=first.broken_silence,
        rules=len(RULES),
        cancer=CANCER,
        table="\n".join(_rows(first, now)),
        decided="\n".join(_decided()),
        missed="\n".join(_missed(now)),
    )


def _rows(first: Score, now: Score) -> Iterable[str]:
    for name in ORDER:
        unseen, all_ = first.fields.get(name, Tally()), now.fields.get(name, Tally())
        if all_.true or all_.proposed:
            told = f"**{name}**" if name in {CANCER, "result.vienna"} else f"`{name}`"
            yield f"| {told} | {_figures(unseen)} | {_figures(all_)} |"


def _figures(tally: Tally) -> str:
    precision = _share(tally.right, tally.proposed)
    return f"{precision} | {_share(tally.right, tally.true)} | {tally.true}"


def _share(part: int, whole: int) -> str:
    if not whole:
        return "–"
    low, high = wilson(part, whole)
    return f"{part / whole:.3f} ({float(low):.2f}–{float(high):.2f})"


def _decided() -> Iterable[str]:
    for key in DECIDED:
        rule = RULES[key]
        value: Any = rule.value
        code = value.code if hasattr(value, "code") else "–"
        signed = rule.checked or "awaiting sign-off"
        yield f"| `{key}` | {code} | {rule.source} | {signed} |"


def _missed(now: Score) -> Iterable[str]:
    for text, expected, found in now.wrong:
        yield f"- {text} – labelled {_brief(expected)}, read {_brief(found)}"


def _brief(parts: Iterable[Any]) -> str:
    said = ["; ".join(f"{key}={value}" for key, value in part.items() if key != "kind") for part in parts]
    return f"`{' / '.join(said)}`" if said else "nothing"


def publish() -> None:
    """Write both."""
    MEASURED.write_text(measured(), encoding="utf-8")
    TOLD.write_text(page(), encoding="utf-8")
