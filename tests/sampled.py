"""A closed month, and samples drawn from it that somebody may enter again."""

import pytest

from registry.codes.lesion import Paris
from registry.codes.pathology import Vienna
from registry.indicators import INDICATORS
from registry.services.review import closed_months
from registry.services.review.reabstraction import draw
from registry.services.unit import change
from tests.counted import case

ONE = [INDICATORS["CDEI-07"]]
MONTH = "2001-01"


@pytest.fixture
def closed(acting, alliance):
    """24 colonoscopies of the city, done by its endoscopist and entered by its recorder; the month closed."""
    who = {"operator_id": alliance.user("endoscopist"), "recorder_id": alliance.user("recorder")}
    with acting("recorder"), change("test.cases") as unit:
        for number in range(24):
            lesions = [{"size_mm": 8, "paris": Paris("0-IIa"), "worst": Vienna("3")}] * (number % 2)
            facts = {"caecum_reached": True, "withdrawal_min": 7, "bbps_total": 6, "sedation": "none"}
            case(
                unit, alliance.city.id, 0, kind="colonoscopy", number=f"C-{number}", lesions=lesions,
                **who, **facts,
            )  # fmt: skip
        case(unit, alliance.city.id, 1, kind="colonoscopy")
    with acting("quality_reviewer"):
        closed_months.close(MONTH, ONE)


@pytest.fixture
def samples(acting, closed):
    """Who was drawn, by centre: ids of samples."""
    with acting("quality_reviewer"):
        return {one.centre_id: one.id for one in draw(MONTH, seed="a seed")}
