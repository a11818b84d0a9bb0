"""When a person's survival starts and ends, in whole days, and who is left out and why."""

from dataclasses import dataclass
from datetime import date

from registry.codes.code_set import CodeSet
from registry.codes.person import Precision, Vital
from registry.codes.tumour import Basis
from registry.rules.dates import PartialDate, partial


class Excluded(
    CodeSet, source="ENCR recommendations for survival; Parkin & Hakulinen 1991, IARC Sci Publ 95"
):
    """Why a tumour has no survival time. The number left out is always shown."""

    DCO = "dco", "仅有死亡证明", "Death certificate only"
    AUTOPSY = "autopsy", "尸检发现", "First found at autopsy"
    NO_START = "no_start", "起点日期不明", "Start not known"
    AFTER_CLOSING = "after_closing", "起点在截止日期之后", "Starts after the closing date"
    NO_DEATH_DATE = "no_death_date", "已死亡，日期不明", "Dead, date not known"
    BACKWARDS = "backwards", "终点早于起点", "Ends before it starts"


@dataclass(frozen=True)
class Followed:
    """Whole days followed and whether death ended them; or why not (`excluded`)."""

    days: int | None = None
    dead: bool | None = None
    excluded: Excluded | None = None


def start(
    *,
    invasive_on: date | None,
    incidence_on: date | None = None,
    incidence_precision: Precision | None = None,
) -> PartialDate | None:
    """The day survival starts.

    That is the day the tissue was taken that first proved invasive cancer – so HGIN on biopsy and
    cancer at ESD start at the ESD –, else the incidence date. For the curve of non-invasive
    neoplasia pass the day that was first proved instead.
    """
    return partial(invasive_on) or partial(incidence_on, incidence_precision)


def follow(
    started: PartialDate | date | None,
    *,
    vital: Vital | None = None,
    died_on: date | None = None,
    died_precision: Precision | None = None,
    last_alive_on: date | None = None,
    linked_until: date | None = None,
    closing_on: date | None = None,
    basis: Basis | None = None,
) -> Followed:
    """Days from start to death or censoring.

    Parameters
    ----------
    started : PartialDate, date or None
        See `start`. A month counts from its 15th, a year from 1 July, but never so that the time is
        negative or ends before the person was last known alive.
    last_alive_on : date or None
        Last contact. The start itself is one, since tissue was taken from a living person.
    linked_until : date or None
        Up to when a death list was linked.
    closing_on : date or None
        Nothing later counts; None for the day up to which a death list was linked. Who is not known
        dead is censored there only if the list reaches it, otherwise at the last contact: mixing
        the two inflates survival.

    Returns
    -------
    Followed
        Deaths on the day of the start are kept, with 0 days.

    >>> follow(date(2024, 1, 1), vital=Vital.DEAD, died_on=date(2024, 1, 31))
    Followed(days=30, dead=True, excluded=None)
    """
    if basis is Basis.DCO:
        return Followed(excluded=Excluded.DCO)
    if basis is Basis.AUTOPSY:
        return Followed(excluded=Excluded.AUTOPSY)
    if started is None:
        return Followed(excluded=Excluded.NO_START)
    begin = started if isinstance(started, PartialDate) else PartialDate(started)
    closing = closing_on or linked_until
    if closing is not None and begin.first > closing:
        return Followed(excluded=Excluded.AFTER_CLOSING)
    died = partial(died_on, died_precision)
    if died is None and vital is Vital.DEAD:
        return Followed(excluded=Excluded.NO_DEATH_DATE)
    if died is not None:
        return _until_death(begin, died, last_alive_on, closing)
    linked = linked_until is not None and closing is not None and linked_until >= closing
    end = closing if linked else last_alive_on
    if end is not None and closing is not None:
        end = min(end, closing)
    if end is None:
        return Followed(days=0, dead=False)
    return Followed(days=max(0, (end - _no_later(begin, end)).days), dead=False)


def _until_death(
    begin: PartialDate, died: PartialDate, last_alive_on: date | None, closing: date | None
) -> Followed:
    if died.last < begin.first:
        return Followed(excluded=Excluded.BACKWARDS)
    end = died.middle
    if died.precision is not Precision.DAY and last_alive_on is not None:
        end = min(max(end, last_alive_on), max(died.last, end))
    day = _no_later(begin, end)
    end = max(end, day)
    if closing is not None and end > closing:
        return Followed(days=max(0, (closing - _no_later(begin, closing)).days), dead=False)
    return Followed(days=(end - day).days, dead=True)


def _no_later(begin: PartialDate, end: date) -> date:
    """The middle of what is known of the start, moved forward in time no further than the end."""
    return max(begin.first, min(begin.middle, end))
