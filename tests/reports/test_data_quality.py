"""Where a figure of data quality stands against its threshold, and what it shows of how sure that is."""

from datetime import date

import pytest

from registry.indicators.checks import check_called
from registry.reports import data_quality as reports
from registry.reports.data_quality import Standing, data_quality
from registry.services.unit import change
from tests.counted import case

SITE = check_called("complete.lesion.site")  # 95 %


@pytest.mark.parametrize(
    ("judged", "fine", "standing"),
    [
        (0, 0, Standing.NOTHING),
        (3, 3, Standing.MEETS),
        (1, 0, Standing.TOO_FEW),
        (9, 0, Standing.TOO_FEW),
        (10, 0, Standing.BELOW),
        (10, 8, Standing.BELOW),  # up to 94.3 % by Wilson
        (10, 9, Standing.TOO_FEW),
        (20, 19, Standing.MEETS),  # 95 % itself
        (100, 94, Standing.TOO_FEW),  # up to 97.2 %
        (1000, 900, Standing.BELOW),
        (100_000, 94_999, Standing.TOO_FEW),
    ],
)
def test_below_means_that_the_whole_interval_lies_below_and_that_there_are_enough(judged, fine, standing):
    one = reports._figure(SITE, None, reports.ALL, judged, fine)
    assert (one.standing, one.failing) == (standing, judged - fine)
    assert (one.share is None) is (one.lower is None) is (judged == 0)


def test_houses_add_up_and_those_below_are_counted(acting, alliance):
    for key, sited in (("city", 12), ("county_a", 2)):
        with acting("endoscopist", key), change("test.cases") as unit:
            lesions = [{"site": "C16.3"} if number < sited else {} for number in range(12)]
            case(unit, alliance.place(key).id, lesions=lesions)
    with acting("quality_reviewer", None):
        found = data_quality([SITE], today=date(2001, 12, 31))
    assert [(one.centre, one.fine, one.judged, one.standing) for one in found.by_centre] == [
        ("370002", 2, 12, Standing.BELOW),
        ("370001", 12, 12, Standing.MEETS),
    ]
    (together,) = found.together
    assert (together.fine, together.judged, together.below, together.centres) == (14, 24, 1, 2)
    assert together.as_dict()["threshold_source"]
    assert round(together.share, 6) == round(14 / 24, 6)
