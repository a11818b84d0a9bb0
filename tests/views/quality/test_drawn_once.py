"""A page with a figure draws nothing; its figure is drawn once for the same numbers, and anew for others."""

import re
from collections import OrderedDict
from html import unescape

import pytest
from matplotlib.figure import Figure

from registry.extensions import db
from registry.models import Examination
from registry.reports import figures
from registry.services.unit import change
from tests.counted import case

PERIOD = "from=2001&to=2001-12"
PAGES = (
    f"/quality?indicator=CDEI-07&by=centre&{PERIOD}",
    f"/quality/funnel?indicator=CDEI-07&{PERIOD}",
    f"/quality/chart?indicator=CDEI-07&{PERIOD}",
    "/survival?by=organ",
)


@pytest.fixture
def saved(monkeypatch):
    """The figures that Matplotlib saved, none being kept from another test."""
    made = []
    save = Figure.savefig

    def noting(figure, *given, **options):
        made.append(figure)
        return save(figure, *given, **options)

    monkeypatch.setattr(Figure, "savefig", noting)
    monkeypatch.setattr(figures, "_kept", OrderedDict())
    return made


@pytest.fixture
def records(acting, alliance):
    """Colonoscopies of two months at two centres, and tumours that were followed."""
    tumour = {"organ": "stomach", "invasive": True, "followed_days": 400, "dead": True}
    for key, met in (("city", 22), ("county_a", 12)):
        with acting("endoscopist", key), change("test.cases") as unit:
            for place in range(2):
                for number in range(24):
                    minutes = 8 if number < met else 4
                    tumours = [tumour] if number < 10 else []
                    case(
                        unit,
                        alliance.place(key).id,
                        place,
                        kind="colonoscopy",
                        withdrawal_min=minutes,
                        tumours=tumours,
                    )


@pytest.mark.parametrize("page", PAGES)
def test_a_page_draws_nothing_and_its_figure_is_drawn_once(sign_in, records, acting, saved, page):
    browser = sign_in("quality_reviewer", None)
    shown = browser.get(page)
    assert shown.status_code == 200
    figure = unescape(re.findall(r'<img[^>]*src="([^"]*figure\.svg[^"]*)"', shown.text)[0])
    assert saved == []
    first = browser.get(figure)
    assert first.status_code == 200
    assert len(saved) == 1
    assert browser.get(figure).data == first.data
    assert len(saved) == 1


def test_a_changed_case_is_in_the_next_figure(sign_in, records, acting, saved):
    browser = sign_in("quality_reviewer", None)
    address = f"/quality/figure.svg?indicator=CDEI-07&by=centre&{PERIOD}"
    before = browser.get(address).data
    with acting("endoscopist", "city"), change("test.case") as unit:
        wrong = db.session.scalars(db.select(Examination).where(Examination.withdrawal_min < 6)).first()
        unit.edit(wrong).withdrawal_min = 9
    assert browser.get(address).data != before
    assert len(saved) == 2
