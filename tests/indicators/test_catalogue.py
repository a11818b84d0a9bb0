"""Every indicator of every set: complete in what it declares, counted in every grouping on either engine."""

from datetime import date

import pytest

from registry.indicators import INDICATORS, UNCONFIRMED
from registry.queries.grouping import GROUPINGS
from registry.queries.tallies import tally
from registry.services.unit import change
from tests.counted import case

EVERY = [*INDICATORS.values(), *UNCONFIRMED.values()]


@pytest.mark.parametrize("by", [None, *GROUPINGS])
def test_every_indicator_is_counted_in_every_grouping(by, acting, alliance):
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            case(
                unit, alliance.city.id, lesions=[{}], tumours=[{}], specimens=[{}], events=[{"kind": "other"}]
            )
            case(unit, alliance.city.id, kind="colonoscopy", withdrawal_min=7)
        found = tally(EVERY, by=by)
        assert {one.indicator.key for one in found} == {one.key for one in EVERY}
        assert {one.met for one in found if one.indicator.key == "UK-WITHDRAWAL"} <= {0, 1}
    with acting("quality_reviewer", None):
        assert len(tally(EVERY, by=by, start=date(2001, 1, 1))) == len(found)
