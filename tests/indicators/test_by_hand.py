"""The SQL by hand that the tallies are measured against judges tables of cases as they do.

The benchmark insists on it over a made-up alliance; these are the cases that nobody is made up with.
"""

from datetime import date

import pytest

from benchmarks import by_hand
from benchmarks.everything import BY_CENTRE_AND_MONTH
from registry.access import unscoped
from registry.extensions import db
from registry.indicators import INDICATORS
from registry.queries.counting.tallies import tally
from registry.services.unit import change
from tests.counted import case
from tests.indicators import test_alliance, test_follow_up, test_programme

MODULES = {"alliance": test_alliance, "programme": test_programme, "follow-up": test_follow_up}
PERIOD = {"start": date(2000, 1, 1), "end": date(2020, 12, 31)}


@pytest.mark.parametrize("which", MODULES)
def test_every_case_is_counted_alike(which, acting, alliance, engine):
    """By centre and month, a case a month: every state of each indicator."""
    tables = MODULES[which].CASES
    cases = [given for table in tables.values() for given, _ in table]
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place, given in enumerate(cases):
            case(unit, alliance.city.id, place, **given)
    written = [INDICATORS[key] for key in tables if key in by_hand.WRITTEN]
    with acting("quality_reviewer", None):
        found = tally(written, by=BY_CENTRE_AND_MONTH, **PERIOD)
        with unscoped("tallies"):
            theirs = by_hand.count(db.session, engine, *PERIOD.values())
    ours = {(one.indicator.key, int(one.group.code)): list(one.counts.values()) for one in found}
    keys = {one.key for one in written}
    nothing = [0, 0, 0, 0]
    pairs = {
        at: (ours.get(at, nothing), theirs.get(at, nothing))
        for at in ours.keys() | theirs.keys()
        if at[0] in keys
    }
    assert {at: both for at, both in pairs.items() if both[0] != both[1]} == {}
    assert {key for (key, _), counts in ours.items() if any(counts)} == keys
