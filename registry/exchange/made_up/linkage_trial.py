"""Linkage held against made-up lists whose truth is known: how much is found, and how much of it is true."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from registry.exchange.made_up.doubles import Made, register
from registry.rules.likeness.blocks import keys
from registry.rules.likeness.compare import compare
from registry.rules.likeness.weights import ASK_BITS, LINK_BITS

SEED, PEOPLE, TWICE, RELATED = 20_260_301, 16_000, 5_000, 3_000
CROWDED = 60
THRESHOLDS = (10.0, 12.5, ASK_BITS, 17.5, 20.0, 25.0, 30.0, LINK_BITS)


@dataclass
class Trial:
    """What came of one run: pairs compared, by truth; the bits of each, and how each came about."""

    records: int = 0
    truths: Counter[str] = field(default_factory=Counter)
    true_bits: list[tuple[float, str]] = field(default_factory=list)
    false_bits: list[tuple[float, str]] = field(default_factory=list)
    linked_wrongly: list[tuple[float, str]] = field(default_factory=list)
    linked_rightly: int = 0

    @property
    def doubles(self) -> int:
        return sum(self.truths.values())

    def at(self, bits: float) -> tuple[int, int, float, float]:
        """At a threshold: true pairs, false pairs, precision and recall as fractions."""
        right = sum(one >= bits for one, _ in self.true_bits)
        wrong = sum(one >= bits for one, _ in self.false_bits)
        return right, wrong, right / (right + wrong), right / self.doubles

    def recall_of(self, how: str, bits: float) -> float:
        """The part of those with this slip that is found at a threshold."""
        return sum(one >= bits and kind == how for one, kind in self.true_bits) / self.truths[how]


def run(seed: int = SEED, *, people: int = PEOPLE, twice: int = TWICE, related: int = RELATED) -> Trial:
    """Bring the made-up records together under their keys and compare whoever meets."""
    made = list(register(seed, people=people, twice=twice, related=related))
    trial = Trial(len(made), Counter(one.how for one in made if is_double(one)))
    for one, other in meetings(made):
        likeness = compare(one.told, other.told)
        same, how = one.truth == other.truth, other.how if other.how != "first" else one.how
        (trial.true_bits if same else trial.false_bits).append((likeness.bits, how))
        if likeness.links and same:
            trial.linked_rightly += 1
        elif likeness.links:
            trial.linked_wrongly.append((likeness.bits, how))
    return trial


def is_double(one: Made) -> bool:
    """Whether a record is somebody's second."""
    return one.how not in {"first", "twins", "twins of one sound", "father and son", "siblings", "couple"}


def meetings(made: Iterable[Made]) -> Iterator[tuple[Made, Made]]:
    """Every two records that share a key which is not crowded, once."""
    made = list(made)
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(made):
        told = one.told
        for key in keys(
            name=told.name,
            sex=told.sex,
            born_on=told.born_on,
            born_precision=told.born_precision,
            phone=told.phone,
        ):
            blocks[key].append(place)
    seen = {
        (first, second)
        for places in blocks.values()
        if len(places) <= CROWDED
        for at, first in enumerate(places)
        for second in places[at + 1 :]
    }
    return ((made[first], made[second]) for first, second in sorted(seen))


def table(trial: Trial) -> str:
    """The figures as docs/linkage.md shows them."""
    lines = [
        f"{trial.records:,} records, {trial.doubles:,} of them a person's second; "
        f"{len(trial.true_bits) + len(trial.false_bits):,} pairs met under a key.",
        "",
        "| Bits | True pairs | False pairs | Precision | Recall |",
        "|---:|---:|---:|---:|---:|",
    ]
    for bits in THRESHOLDS:
        right, wrong, precision, recall = trial.at(bits)
        name = {ASK_BITS: " (ask)", LINK_BITS: " (link)"}.get(bits, "")
        lines.append(f"| {bits:g}{name} | {right:,} | {wrong:,} | {precision:.3f} | {recall:.3f} |")
    lines += ["", "| Second record differs by | Pairs | Asked about |", "|---|---:|---:|"]
    lines += [
        f"| {how} | {count:,} | {trial.recall_of(how, ASK_BITS):.3f} |"
        for how, count in sorted(trial.truths.items())
    ]
    taken = Counter(how for bits, how in trial.false_bits if bits >= ASK_BITS)
    lines += ["", "| Two persons asked about all the same | Pairs |", "|---|---:|"]
    named = {"first": "namesakes and strangers"}
    lines += [f"| {named.get(how, how)} | {count:,} |" for how, count in sorted(taken.items())]
    lines += [
        "",
        f"Linked without asking (lists of deaths and registers only): {trial.linked_rightly:,} rightly, "
        f"{len(trial.linked_wrongly):,} wrongly.",
    ]
    return "\n".join(lines)
