"""What stands out in an endoscopist's records: counted, held against chance, and told in a sentence."""

from collections.abc import Mapping
from dataclasses import replace

from registry.codes.endoscopy import ExaminationType
from registry.codes.integrity import IntegrityKind
from registry.indicators.checks.timely import ENTRY_OR_MEMORY, MEMORY_DAYS
from registry.label import Label
from registry.queries.review import integrity as queries
from registry.queries.review.integrity import LONG_TEXT, House, Longest
from registry.reports.papers.periods import days_of, moved
from registry.reports.rates.shown import figure, p_value
from registry.rules.integrity import STANDS_OUT, Look, Signal, judged
from registry.stats.heaping import heap
from registry.stats.peers import beside_peers
from registry.stats.runs import run_of, run_over_days

MONTHS = 6
FEWEST_TIMES = 20  # withdrawals of 4 to 8 minutes
FEWEST_IN_ORDER = 50  # examinations of one kind
FEWEST_KNOWN = 20  # findings, or entries, of the person and of each peer
FEWEST_PEERS = 5  # as on the monthly card: with fewer the peers' share would tell who
FEWEST_ALIKE = 5
TYPES = {
    IntegrityKind.NORMAL_RUN_UPPER: (ExaminationType.OGD,),
    IntegrityKind.NORMAL_RUN_COLON: (ExaminationType.COLONOSCOPY,),
}
# What else a count may be taken for.
REMARKS = {IntegrityKind.LATE_ENTRY: ENTRY_OR_MEMORY}
FEW = {
    IntegrityKind.SIX_MINUTES: Label(
        f"4–8 分钟的退镜不足 {FEWEST_TIMES} 次", f"fewer than {FEWEST_TIMES} withdrawals of 4 to 8 minutes"
    ),
    **dict.fromkeys(
        (IntegrityKind.NORMAL_RUN_UPPER, IntegrityKind.NORMAL_RUN_COLON),
        Label(f"不足 {FEWEST_IN_ORDER} 次检查", f"fewer than {FEWEST_IN_ORDER} examinations"),
    ),
    **dict.fromkeys(
        (IntegrityKind.SAME_WORDS, IntegrityKind.LATE_ENTRY),
        Label(
            f"本人不足 {FEWEST_KNOWN} 份，或可比的同行不足 {FEWEST_PEERS} 位",
            f"fewer than {FEWEST_KNOWN} of the own, or than {FEWEST_PEERS} peers to compare with",
        ),
    ),
}


def house_of(centre_id: int, month: str) -> House:
    """A centre over the six months that end with this one.

    Raises
    ------
    ValueError
        If it is no month.
    """
    end = days_of("monthly", month)[1]
    return House(centre_id, days_of("monthly", moved("monthly", month, 1 - MONTHS))[0], end)


def signals(house: House, *, operator_id: int | None = None) -> list[Signal]:
    """Every count of every endoscopist of a house, or of one; by person, kinds in their order.

    Peers are those of the same house and days. True counts: for the person concerned, or to be kept.
    """
    looked_at = replace(house, operator_id=operator_id)
    runs = {kind: queries.normal_runs(looked_at, types) for kind, types in TYPES.items()}
    times = queries.minutes(looked_at)
    shares = {
        IntegrityKind.SAME_WORDS: queries.same_words(house),
        IntegrityKind.LATE_ENTRY: queries.late_entries(house),
    }
    persons = {*times}.union(*runs.values(), *shares.values())
    found: list[Signal] = []
    for who in sorted(persons if operator_id is None else persons & {operator_id}):
        if who in times:
            found.append(_heaped(house, who, times[who]))
        found += [_in_a_row(house, kind, who, of[who]) for kind, of in runs.items() if who in of]
        found += [_beside(house, kind, who, of) for kind, of in shares.items() if who in of]
    return found


def _heaped(house: House, who: int, counts: list[int]) -> Signal:
    one = heap(counts)
    few = one.among < FEWEST_TIMES
    said = Label(
        "记录退镜 4–8 分钟的 %(known)s 次结肠镜中，%(counted)s 次（%(share)s %%）为 6 分钟；"
        "平滑的分布至多有 %(expected)s %%，仅凭机遇达到或超过这么多的可能：P %(p)s。",
        "Of %(known)s colonoscopies withdrawn in 4 to 8 minutes, %(counted)s (%(share)s %%) took 6; "
        "a smooth distribution has at most %(expected)s %%, and chance brings as many or more: P %(p)s.",
    ) % {
        "known": one.among,
        "counted": one.there,
        "share": figure(one.share),
        "expected": f"{one.expected * 100:g}",
        "p": _p(one.p),
    }
    return _signal(house, IntegrityKind.SIX_MINUTES, who, one.there, one.among, one.p, few=few, said=said)


def _in_a_row(house: House, kind: IntegrityKind, who: int, longest: Longest) -> Signal:
    one = run_of(longest.run, longest.normal, longest.total)
    p = one.p
    if longest.total >= FEWEST_IN_ORDER and p < STANDS_OUT:  # days may differ: then only a row of days tells
        days = queries.normal_days(replace(house, operator_id=who), TYPES[kind])
        p = max(p, run_over_days(longest.run, [normal for normal, _ in days], [all_ for _, all_ in days]))
    said = Label(
        "按时间先后的 %(total)s 次检查（体检除外）中，%(normal)s 次没有病变也没有取材，"
        "其中最长连续 %(run)s 次（%(first)s 至 %(last)s）；同样这些检查任意排列，"
        "最长的一串平均 %(expected)s 次；次序任意、或整日调换而达到或超过 %(run)s 次的可能：P %(p)s。",
        "Of %(total)s examinations in the order of time, check-ups apart, %(normal)s had neither lesion "
        "nor tissue, at most %(run)s in a row (%(first)s to %(last)s); the same examinations in any order "
        "have a longest row of %(expected)s on average. One of %(run)s or more, in any order or with whole "
        "days changing places: P %(p)s.",
    ) % {
        "total": longest.total,
        "normal": longest.normal,
        "run": longest.run,
        "first": longest.first,
        "last": longest.last,
        "expected": f"{one.expected:.1f}",
        "p": _p(p),
    }
    few = longest.total < FEWEST_IN_ORDER
    return _signal(house, kind, who, longest.run, longest.total, p, few=few, said=said)


_SHARES = {
    IntegrityKind.SAME_WORDS: Label(
        f"有病变或取材、所见超过 {LONG_TEXT} 字的 %(known)s 份中，%(counted)s 份（%(share)s %%）"
        "与自己的另一份一字不差（科室通用语除外）",
        f"Of %(known)s findings longer than {LONG_TEXT} characters, with a lesion or tissue, %(counted)s "
        "(%(share)s %%) are to the letter another of the own (phrases of the house apart)",
    ),
    IntegrityKind.LATE_ENTRY: Label(
        f"由人录入的 %(known)s 次检查中，%(counted)s 次（%(share)s %%）在检查 {MEMORY_DAYS} 天以后才录入",
        "Of %(known)s examinations that somebody typed in, %(counted)s (%(share)s %%) were entered more "
        f"than {MEMORY_DAYS} days later",
    ),
}


def _beside(house: House, kind: IntegrityKind, who: int, of: Mapping[int, tuple[int, int]]) -> Signal:
    met, known = of[who]
    others = [counts for other, counts in of.items() if other != who and counts[1] >= FEWEST_KNOWN]
    values = {"known": known, "counted": met, "share": figure(met / known)}
    if known < FEWEST_KNOWN or len(others) < FEWEST_PEERS:
        return _signal(house, kind, who, met, known, 1.0, few=True, said=FEW[kind])
    one = beside_peers(met, known, [hits for hits, _ in others], [total for _, total in others])
    said = Label(
        "%(told)s；同中心 %(peers)s 位同行合计 %(expected)s %%，再来一位同行达到或超过本人的可能：P %(p)s。",
        "%(told)s; %(peers)s peers of the house together have %(expected)s %%, and one more peer would have "
        "as many or more: P %(p)s.",
    ) % {
        "told": _SHARES[kind] % values,
        "peers": len(others),
        "expected": figure(one.expected),
        "p": _p(one.p),
    }
    return _signal(house, kind, who, met, known, one.p, few=False, said=said, least=FEWEST_ALIKE)


def _signal(
    house: House,
    kind: IntegrityKind,
    who: int,
    counted: int,
    known: int,
    p: float,
    *,
    few: bool,
    said: Label,
    least: int = 0,
) -> Signal:
    look = judged(p, few=few, counted=counted, least=least)
    if look is Look.TOO_FEW:
        said = Label("%(few)s，不作判断。", "Too few to say: %(few)s.") % {"few": FEW[kind]}
    days = (house.start, house.end)
    return Signal(
        kind, house.centre_id, who, *days, counted, known, None if look is Look.TOO_FEW else p, look, said
    )


def _p(p: float) -> str:
    """A p value after its letter.

    >>> _p(0.2), _p(0.0000001)
    ('= 0.200', '< 0.001')
    """
    written = p_value(p)
    return f"< {written[1:]}" if written.startswith("<") else f"= {written}"
