"""From lesions to tumours: what counts, what is one and what is two, whose case it is, and survival."""

from datetime import date

import pytest

from registry.access import Forbidden
from registry.codes.outcome import TreatmentType
from registry.codes.pathology import Depth, Vienna
from registry.codes.tumour import Basis, DetectionMode
from registry.queries.record.cases import next_due_of
from registry.queries.survival import by_days
from registry.rules.problem import Invalid
from registry.services.course import outcome, tumours
from registry.services.people import enrolling


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
        [line] = enrolling.history_elsewhere(person_id)
        assert line.lesions[0].id == first_id
        said = {"vienna": "5.2", "depth": "SM1", "depth_um": 300, "morphology": "8140/3"}
        resected = book.resect(person_id, "2026-02-02", "2026-02-10", lesion={"same_as_id": first_id}, **said)
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


def test_synchronous_and_metachronous_cancers_are_tumours_of_their_own(acting, book):
    with acting():
        person_id = book.enrol().person_id
        seen = book.examine(
            person_id,
            "2022-03-02",
            lesions=[{"site": "C16.3"}, {"site": "C15.4"}],
            specimens=[{"method": "forceps", "lesions": [1]}, {"method": "forceps", "lesions": [2]}],
        )
        stomach, oesophagus = seen.lesions
        book.report(seen.specimens[1], "2022-03-05", {"lesion_id": oesophagus.id, "vienna": "4.2"})
        book.report(seen.specimens[0], "2022-03-06", {"lesion_id": stomach.id, "vienna": "4.4"})
        book.biopsy(person_id, "2024-05-02", "2024-05-08", site="C16.2", vienna="4.4")
        found = book.tumours(person_id)
        assert [(tumour.sequence, tumour.organ.code, tumour.invasive) for tumour in found] == [
            (1, "oesophagus", False),
            (2, "stomach", True),
            (3, "stomach", True),
        ]
        assert [tumour.followed_days for tumour in found] == [792, 792, 0]


def test_a_follow_up_that_finds_a_cancer_a_year_later_found_a_metachronous_one(acting, book):
    with acting():
        person_id = book.enrol().person_id
        book.biopsy(person_id, "2022-03-02", "2022-03-05", vienna="5.2")
        for on, later in (("2022-09-02", False), ("2023-03-03", True)):
            seen = book.examine(
                person_id,
                on,
                lesions=[{"site": "C16.2"}],
                specimens=[{"method": "forceps", "lesions": [1]}],
                next_due={"next_due_on": date(2030, 1, 1)},
            )
            book.report(seen.specimens[0], "2023-03-09", {"lesion_id": seen.lesions[0].id, "vienna": "4.4"})
            assert next_due_of(seen).metachronous is later


@pytest.mark.parametrize(
    ("site", "said", "counted", "invasive"),
    [
        ("C15.4", {"vienna": "4.1"}, True, False),
        ("C16.0", {"vienna": "3"}, False, None),
        ("C17.0", {"vienna": "4.2"}, True, False),
        ("C18.7", {"vienna": "4.1"}, False, None),
        ("C18.7", {"vienna": "4.4"}, True, False),  # Tis: a tumour, and not invasive
        ("C20.9", {"vienna": "5.2"}, True, True),
        ("C18.7", {"morphology": "8140/3"}, True, True),
        ("C16.3", {"finding": "gist", "morphology": "8936/3"}, False, None),
    ],
)
def test_what_counts_as_a_tumour(acting, book, site, said, counted, invasive):
    with acting():
        person_id = book.enrol().person_id
        book.biopsy(person_id, "2026-03-02", "2026-03-05", site=site, **said)
        found = book.tumours(person_id)
        assert len(found) == counted
        assert [tumour.invasive for tumour in found] == ([invasive] if counted else [])


def test_detection_is_where_it_was_first_called_suspect(acting, alliance, book):
    with acting("endoscopist", "county_b") as scope:
        person_id = book.enrol().person_id
        lesion = {"site": "C16.3", "impression": "advanced"}
        operator_id = scope.actor_id
        who = {"operator_id": operator_id, "indication": "screening_organised"}
        suspect = book.examine(person_id, "2026-01-02", lesions=[lesion], **who).lesions[0].id
    with acting("endoscopist", "city"):
        book.enrol()
        book.biopsy(person_id, "2026-01-20", "2026-01-22", lesion={"same_as_id": suspect}, vienna="5.2")
        [tumour] = book.tumours(person_id)
        assert (tumour.detecting_centre_id, tumour.detecting_operator_id) == (
            alliance.county_b.id,
            operator_id,
        )
        assert (tumour.detected_on, tumour.invasive_on) == (date(2026, 1, 2), date(2026, 1, 20))
        assert tumour.diagnosing_centre_id == tumour.centre_id == alliance.city.id
        assert tumour.clinical_early is False
        assert tumour.detection is DetectionMode.SCREEN
        assert tumour.basis is Basis.HISTOLOGY_PRIMARY


def test_another_centre_settles_facts_of_a_tumour_but_may_not_stage_it(acting, book, audit_entries):
    with acting("endoscopist", "county_a"):
        person_id = book.enrol().person_id
        first = book.biopsy(person_id, "2026-01-05", "2026-01-09", vienna="4.1").id
        [tumour] = book.tumours(person_id)
        version = tumour.version
    with acting("endoscopist", "city"):
        book.enrol()
        book.resect(
            person_id, "2026-02-02", "2026-02-10", lesion={"same_as_id": first}, vienna="4.4", depth="M"
        )
        [tumour] = book.tumours(person_id)
        assert tumour.version > version
        with pytest.raises(Forbidden):
            tumours.stage(tumour, seen=tumour.version, t="T1a")
    with acting("endoscopist", "county_a"):
        [tumour] = book.tumours(person_id)
        tumours.stage(tumour, seen=tumour.version, t="T1a", stage_edition="uicc8", stage_prefix="p")
        assert tumour.t.code == "T1a"
    settled = [entry for entry in audit_entries("report.record") if entry.subject == "tumour"]
    assert {entry.kind for entry in settled} == {"create", "update"}


def test_a_link_made_later_joins_two_tumours_and_taking_it_away_parts_them(acting, book):
    with acting():
        person_id = book.enrol().person_id
        one = book.biopsy(person_id, "2026-01-05", "2026-01-09", vienna="4.2")
        two = book.biopsy(person_id, "2026-02-05", "2026-02-09", vienna="4.4")
        assert [tumour.sequence for tumour in book.tumours(person_id)] == [1, 2]

        def link(to):
            seen = two.examination
            book.examine(
                person_id,
                "2026-02-05",
                lesions=[{"id": two.id, "same_as_id": to}],
                specimens=[{"id": seen.specimens[0].id}],
                existing=seen,
                seen=seen.version,
            )

        link(one.id)
        [tumour] = book.tumours(person_id)
        assert (tumour.sequence, tumour.invasive, len(tumour.sightings)) == (1, True, 2)
        link(None)
        first, second = book.tumours(person_id)
        assert (first.invasive, second.invasive) == (False, True)
        tumours.stage(second, seen=second.version, summary_stage="localised")
        link(one.id)
        first, second = book.tumours(person_id)
        assert (first.invasive, len(first.sightings)) == (True, 2)
        assert (second.summary_stage.code, second.invasive, second.worst) == ("localised", None, None)


def test_an_unknown_stage_is_an_answer_and_a_register_needs_no_lesion(acting, book):
    with acting():
        person_id = book.enrol().person_id
        tumour = tumours.record_tumour(
            person_id,
            organ="colon",
            topography="C18.9",
            invasive=True,
            incidence_on=date(2020, 5, 1),
            incidence_precision="month",
            summary_stage="unknown",
        )
        outcome.vital_status(person_id, vital="dead", as_of=date(2021, 5, 15), source="register")
        assert tumour.summary_stage.code == "unknown"
        assert (tumour.followed_days, tumour.dead, tumour.invasive) == (365, True, True)
        tumours.stage(tumour, seen=tumour.version, t="TX", n="NX", stage_group="X", stage_edition="uicc8")
        assert (tumour.t.code, tumour.topography.code, tumour.worst) == ("TX", "C18.9", None)
        assert tumours.record_tumour(person_id, organ="rectum").sequence == 2


def test_a_refused_treatment_is_kept_and_treats_nothing(acting, book):
    with acting():
        person_id = book.enrol().person_id
        book.biopsy(person_id, "2026-01-05", "2026-01-09", vienna="5.2")
        [tumour] = book.tumours(person_id)
        refused = tumours.treat(tumour, type="surgery", refused=True, started_on=date(2026, 2, 1))
        assert (refused.refused, tumour.treating_centre_id, tumour.first_treatment) == (
            True,
            None,
            TreatmentType.NONE,
        )
        assert tumour.followed_days == 0  # nobody saw the person on the day of the refusal
        given = tumours.treat(tumour, type="chemotherapy", started_on=date(2026, 3, 1), intent="palliative")
        assert (tumour.first_treatment, tumour.treating_centre_id) == (
            TreatmentType.CHEMOTHERAPY,
            tumour.centre_id,
        )
        assert tumour.followed_days == 55
        tumours.treat(tumour, existing=given, seen=given.version, completeness="incomplete")
        assert given.completeness.code == "incomplete"


def test_the_dead_are_not_treated(acting, book):
    with acting():
        person = book.enrol().person
        outcome.vital_status(person.id, vital="dead", as_of=date(2026, 1, 5), source="family")
        with pytest.raises(Invalid) as told:
            tumours.treat(person, type="surgery", started_on=date(2026, 1, 6))
        assert [problem.field for problem in told.value.problems] == ["started_on"]


def test_cells_alone_are_cytology_and_tissue_is_histology(acting, book):
    """IARC basis of diagnosis: brushings are 5, histology of the primary is 7."""
    with acting():
        person_id = book.enrol().person_id
        brushed = book.examine(
            person_id,
            "2026-01-05",
            lesions=[{"site": "C15.4"}],
            specimens=[{"method": "brush", "lesions": [1]}],
        )
        book.report(
            brushed.specimens[0],
            "2026-01-06",
            {"lesion_id": brushed.lesions[0].id, "who_type": "squamous_carcinoma"},
        )
        assert [one.basis for one in book.tumours(person_id)] == [Basis.CYTOLOGY]
        again = {"same_as_id": brushed.lesions[0].id}
        book.biopsy(person_id, "2026-01-12", "2026-01-15", site="C15.4", lesion=again, vienna="5.2")
        assert [one.basis for one in book.tumours(person_id)] == [Basis.HISTOLOGY_PRIMARY]


def test_a_treatment_of_unknown_kind_is_not_a_refused_one(acting, book):
    with acting():
        person_id = book.enrol().person_id
        book.biopsy(person_id, "2026-01-05", "2026-01-09", vienna="5.2")
        [tumour] = book.tumours(person_id)
        tumours.treat(tumour, started_on=date(2026, 2, 1))
        assert tumour.first_treatment is None
        tumours.treat(tumour, type="surgery", refused=True)
        assert tumour.first_treatment is None


def test_colorectal_intramucosal_carcinoma_with_t1_is_stored_and_doubted(acting, book):
    """Section 2, warn and flag: colorectal intramucosal with T≥1."""
    with acting():
        person_id = book.enrol().person_id
        book.resect(person_id, "2026-02-05", "2026-02-09", site="C18.7", vienna="4.4", depth="M")
        [tumour] = book.tumours(person_id)
        assert tumours.doubts(tumour) == []
        tumours.stage(tumour, seen=tumour.version, t="T1")
        assert [problem.field for problem in tumours.doubts(tumour)] == ["t"]


def test_a_cancer_that_a_second_reading_withdrew_is_on_no_curve_and_not_lost(acting, book):
    """Section 2, which pathology counts: a superseded report never counts, whichever way it is revised."""

    def curves():
        found = [by_days.followed(invasive=invasive) for invasive in (True, False)]
        return [(sum(int(group.weight.sum()) for group in one.groups), one.not_followed) for one in found]

    with acting():
        person_id = book.enrol().person_id
        lesion = book.biopsy(person_id, "2026-01-05", "2026-01-09", vienna="4.4")
        [specimen] = lesion.examination.specimens
        for vienna, expected in (
            ("3", [(0, 0), (0, 0)]),
            ("4.2", [(0, 0), (1, 0)]),
            ("5.2", [(1, 0), (0, 0)]),
        ):
            said = {"lesion_id": lesion.id, "vienna": vienna}
            book.report(specimen, "2026-01-20", said, supersedes=specimen.reports[-1], reason="复核")
            assert curves() == expected
