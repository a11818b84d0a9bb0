"""Met, not met, awaited, unknown: the state of one record, and of a person with several.

Awaited is not unknown. No tissue taken is not met; tissue taken and its report not back is awaited,
and a rate with too many of those is provisional.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from registry.codes.code_set import CodeSet

REPORTED_ENOUGH = 0.95


class State(CodeSet, source="The registry"):
    """What one record, or one person, says about an indicator."""

    MET = "met", "符合", "Met"
    AWAITED = "awaited", "待病理", "Awaited"
    UNKNOWN = "unknown", "不详", "Unknown"
    NOT_MET = "not_met", "不符合", "Not met"
    NOT_ELIGIBLE = "not_eligible", "不计入", "Not eligible"


@dataclass(frozen=True)
class Tally:
    """How many records are in each state. `eligible` is all but those not eligible."""

    met: int = 0
    awaited: int = 0
    unknown: int = 0
    not_met: int = 0

    @property
    def eligible(self) -> int:
        return self.met + self.awaited + self.unknown + self.not_met

    @property
    def known(self) -> int:
        return self.met + self.not_met


def state(
    *,
    eligible: bool | None = True,
    met: bool | None,
    sampled: bool | None = None,
    awaited: bool | None = False,
) -> State:
    """The state of one record.

    Parameters
    ----------
    eligible : bool or None
        Whether the record belongs in the denominator; None while that is itself not known.
    met : bool or None
        Whether the criterion is met, as far as anything is known today.
    sampled : bool or None
        Whether tissue was taken; False turns "not known" into "not met", because nothing can come.
        None for criteria that pathology does not decide.
    awaited : bool or None
        Whether a report is still to come that could change the answer.
    """
    if eligible is False:
        return State.NOT_ELIGIBLE
    if met and eligible:
        return State.MET
    if awaited:
        return State.AWAITED
    if eligible is None:
        return State.UNKNOWN
    if met is False or sampled is False:
        return State.NOT_MET
    return State.UNKNOWN


def of_person(states: Iterable[State]) -> State:
    """One person, once: any met is met; else any awaited; else any unknown; else not met.

    >>> of_person([State.NOT_MET, State.AWAITED]).code, of_person([State.NOT_ELIGIBLE]).code
    ('awaited', 'not_eligible')
    """
    return min(states, key=lambda one: one.rank, default=State.NOT_ELIGIBLE)


def tally(states: Iterable[State]) -> Tally:
    """Count states; those not eligible are left out."""
    counted = Counter(states)
    return Tally(counted[State.MET], counted[State.AWAITED], counted[State.UNKNOWN], counted[State.NOT_MET])


def provisional(reported: int, specimens: int) -> bool:
    """Whether fewer than 95 % of a period's specimens are reported, so that a rate shows bounds only.

    >>> provisional(94, 100), provisional(95, 100), provisional(0, 0)
    (True, False, False)
    """
    if not 0 <= reported <= specimens:
        raise ValueError(f"{reported} of {specimens} specimens reported")
    return reported < REPORTED_ENOUGH * specimens
