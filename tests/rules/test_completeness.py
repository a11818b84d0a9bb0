"""What a complete case still needs: a list for the worklist, never a refusal."""

from registry.codes.endoscopy import ExaminationType, Extent, IncompleteReason, Indication, SiteSeen
from registry.codes.lesion import Impression, Organ, Paris, Site
from registry.codes.outcome import ContactOutcome
from registry.codes.pathology import Depth, Finding, Method, Vienna, ViennaVersion, WhoType
from registry.codes.person import Missing, Sex
from registry.codes.tumour import SummaryStage, TCategory
from registry.rules import completeness
from registry.rules.problem import Open


def fields(items: list[Open]) -> set[str]:
    assert all(item.label.zh and item.label.en for item in items)
    return {item.field for item in items}


def test_a_complete_gastroscopy_has_eleven_sites() -> None:
    """NHC 2022 CDEI-04."""
    start = {"type": ExaminationType.OGD, "operator_id": 1, "indication": Indication.SYMPTOMS}
    assert len(completeness.examination(**start)) == 11
    seen = dict.fromkeys(completeness.UPPER_SITES, SiteSeen.NOT_SEEN)
    assert completeness.examination(**start, **seen) == []
    assert completeness.examination(**start, incomplete_reason=IncompleteReason.STRICTURE) == []


def test_a_complete_colonoscopy() -> None:
    start = {"type": ExaminationType.COLONOSCOPY, "operator_id": 1, "indication": Indication.SYMPTOMS}
    prepared = {"bbps_right": 2, "bbps_transverse": 2, "bbps_left": 3}
    assert fields(completeness.examination(**start)) == {
        "caecum_reached",
        "bbps_right",
        "bbps_transverse",
        "bbps_left",
        "withdrawal_min",
    }
    assert fields(completeness.examination(**start, **prepared, caecum_reached=True)) == {
        "caecum_photo",
        "withdrawal_min",
    }
    assert (
        completeness.examination(
            **start, **prepared, caecum_reached=True, caecum_photo=False, withdrawal_min=7
        )
        == []
    )


def test_what_was_not_reached_or_has_a_reason_is_not_open() -> None:
    start = {"type": ExaminationType.COLONOSCOPY, "operator_id": 1, "indication": Indication.SYMPTOMS}
    assert fields(completeness.examination(**start, caecum_reached=False, extent=Extent.DESCENDING)) == {
        "incomplete_reason",
        "bbps_left",
    }
    excused = completeness.examination(
        **start,
        caecum_reached=True,
        caecum_photo=True,
        withdrawal_missing=Missing.NOT_MEASURED,
        bbps_right_missing=Missing.NOT_APPLICABLE,
        bbps_transverse=2,
        bbps_left=2,
    )
    assert excused == []


def test_therapy_asks_for_adverse_events_and_the_contact_at_30_days() -> None:
    """30-day contact: yes, no, unknown; unknown is not none."""
    items = completeness.examination(
        type=ExaminationType.THERAPEUTIC_UPPER, operator_id=1, indication=Indication.THERAPY
    )
    assert fields(items) == {"any_adverse_event", "contact_30d"}


def test_a_lesion_needs_place_size_shape_and_impression() -> None:
    assert fields(completeness.lesion()) == {"site", "size_mm", "impression", "paris"}
    assert "borrmann" in fields(completeness.lesion(impression=Impression.ADVANCED))
    whole = {"site": Site.ANTRUM, "paris": Paris.IIC, "impression": Impression.EARLY}
    assert completeness.lesion(**whole, size_mm=12) == []
    assert completeness.lesion(**whole, size_missing=Missing.NOT_MEASURED) == []


def test_a_specimen_waits_for_its_report_unless_it_was_lost() -> None:
    assert fields(completeness.specimen(method=Method.FORCEPS)) == {"pathology_number", "reported"}
    assert fields(completeness.specimen(method=Method.ESD, pathology_number="1")) == {
        "pieces",
        "en_bloc",
        "reported",
    }
    assert completeness.specimen(method=Method.COLD_SNARE, retrieved=False, en_bloc=True) == []


def test_a_resected_cancer_needs_everything_that_curability_asks() -> None:
    biopsy = completeness.result(
        method=Method.FORCEPS,
        vienna=Vienna.INTRAMUCOSAL,
        vienna_version=ViennaVersion.DIXON_2002,
        who_type=WhoType.ADENOCARCINOMA,
    )
    assert biopsy == []
    esd = completeness.result(
        method=Method.ESD, organ=Organ.STOMACH, who_type=WhoType.ADENOCARCINOMA, depth=Depth.SM1
    )
    assert fields(esd) == {
        "differentiation",
        "lymphatic",
        "venous",
        "horizontal_margin",
        "vertical_margin",
        "size_mm",
        "depth_um",
        "ulceration",
    }
    colon = completeness.result(
        method=Method.EMR, organ=Organ.COLON, vienna=Vienna.SUBMUCOSAL, depth=Depth.SM
    )
    assert {"budding", "depth_um", "vienna_version", "who_type"} <= fields(colon)


def test_a_result_says_something() -> None:
    assert fields(completeness.result()) == {"finding"}
    assert completeness.result(finding=Finding.NO_RESIDUAL) == []
    assert completeness.result(finding=Finding.INSUFFICIENT) == []
    assert fields(completeness.result(finding=Finding.NEOPLASIA)) == {"vienna", "who_type"}


def test_unknown_is_a_stage_but_an_empty_one_is_not() -> None:
    assert "stage_group" in fields(completeness.tumour())
    assert "stage_group" not in fields(completeness.tumour(summary_stage=SummaryStage.UNKNOWN))
    assert "stage_edition" in fields(completeness.tumour(t=TCategory.TX))


def test_a_person_needs_age_and_sex() -> None:
    assert fields(completeness.person(sex=Sex.NOT_STATED)) == {"sex", "born_on"}
    assert completeness.person(sex=Sex.MALE, born_on="1960-01-01") == []


def test_a_contact_needs_an_outcome_and_a_next_date_for_the_living() -> None:
    assert fields(completeness.follow_up()) == {"outcome"}
    assert fields(completeness.follow_up(outcome=ContactOutcome.BOOKED)) == {"next_due_on"}
    assert completeness.follow_up(outcome=ContactOutcome.DIED) == []
