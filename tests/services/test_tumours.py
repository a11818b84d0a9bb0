"""From lesions to tumours: what counts, what is one and what is two, whose case it is, and survival."""

from datetime import date

import pytest

from registry.access import Forbidden
from registry.codes.outcome import TreatmentType
from registry.codes.pathology import Depth, Vienna
from registry.codes.tumour import Basis, DetectionMode
from registry.services import outcome, people, tumours


def test_a_county_biopsy_a_city_esd_and_a_county_follow_up_are_one_tumour(acting, alliance, book):
    with acting("endoscopist", "county_a") as county:
        person_id = book.enrol().person_id
        seen = book.biopsy(
            person_id, "2026-01-05", "2026-01-09", vienna="4.1", lesion={"impression": "early"}
        )
        first_id = seen.id
        tumour = book.tumours(person_id)[0]
        assert (tumour.invasive, tumour.noninvasive_on, tumour.invasive_on) == (False, date(2026, 1, 5), None)
        assert tumour.diagnosing_centre_id == alliance.county_a.id
        assert tumour.treating_centre_id is None

    with acting("endoscopist", "city"):
        assert book.enrol().person_id == person_id
        [line] = people.history_elsewhere(person_id)
        assert line.lesions[0].id == first_id
        resected = book.resect(
            person_id, "2026-02-02", "2026-02-10", lesion={"same_as_id": first_id}, vienna="5.2", depth="SM1", depth_um=300,
            morphology="8140/3",
        )  # fmt: skip
        assert resected.worst is Vienna.SUBMUCOSAL

    with acting("endoscopist", "county_a"):
        book.examine(person_id, "2026-08-03")
        [tumour] = book.tumours(person_id)
        assert tumour.sequence == 1
        assert tumour.centre_id == alliance.county_a.id
        assert (tumour.worst, tumour.deepest, tumour.invasive) == (Vienna.SUBMUCOSAL, Depth.SM1, True)
        assert (tumour.noninvasive_on, tumour.invasive_on) == (date(2026, 1, 5), date(2026, 2, 2))
        assert tumour.detecting_centre_id == alliance.county_a.id
        assert tumour.detected_on == date(2026, 1, 5)
        assert tumour.diagnosing_centre_id == tumour.treating_centre_id == alliance.city.id
        assert tumour.first_treatment is TreatmentType.ESD
        assert tumour.clinical_early is True
        assert (tumour.followed_days, tumour.dead) == (182, False)
        assert len(tumour.sightings) == 2
    assert county.centre_id == alliance.county_a.id
