"""Every refusal and every flag, each by the sentence of the data dictionary that asks for it."""

from datetime import date
from typing import Any

import pytest

from registry.codes.endoscopy import ExaminationType, Extent
from registry.codes.lesion import Borrmann, Impression, Jes, Jnet, Lst, Organ, Site
from registry.codes.outcome import Completeness, ContactOutcome, TreatmentType
from registry.codes.pathology import (
    Depth,
    Finding,
    Margin,
    Method,
    Morphology,
    Vienna,
    ViennaVersion,
    WhoType,
)
from registry.codes.person import Missing, Precision, Surgery, Vital
from registry.codes.tumour import Basis, MCategory, NCategory, StageGroup, SummaryStage, TCategory
from registry.rules import examination, lesion, outcome, person, report, risk, specimen, tumour

TODAY = date(2026, 11, 21)
DAY = date(2026, 3, 10)
REFUSE, FLAG = True, False


def said(problems: list[Any]) -> list[tuple[str, bool]]:
    return [(problem.field, problem.refuse) for problem in problems]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # Refuse: BBPS segment outside 0–3, total ≠ sum of three
        ({"bbps_right": 4}, [("bbps_right", REFUSE)]),
        ({"bbps_left": -1}, [("bbps_left", REFUSE)]),
        ({"bbps_right": 2, "bbps_transverse": 3, "bbps_left": 2, "bbps_total": 8}, [("bbps_total", REFUSE)]),
        ({"bbps_right": 2, "bbps_transverse": 3, "bbps_left": 2, "bbps_total": 7}, []),
        ({"bbps_total": 7}, []),
        ({"bbps_right": 3, "bbps_left": 3, "bbps_total": 5}, [("bbps_total", REFUSE)]),
        ({"bbps_right": 3, "bbps_left": 3, "bbps_total": 9}, []),
        (
            {
                "bbps_right_missing": Missing.NOT_APPLICABLE,
                "bbps_transverse": 2,
                "bbps_left": 2,
                "bbps_total": 7,
            },
            [("bbps_total", REFUSE)],
        ),
        # a segment not reached or resected is not applicable, never 0
        ({"bbps_right": 0, "extent": Extent.TRANSVERSE}, [("bbps_right", FLAG)]),
        ({"bbps_right": 0, "extent": Extent.CAECUM}, []),
        ({"bbps_transverse": 2, "extent": Extent.SPLENIC}, []),
        ({"bbps_transverse": 2, "extent": Extent.DESCENDING}, [("bbps_transverse", FLAG)]),
        ({"bbps_left": 2, "extent": Extent.SIGMOID}, []),
        ({"bbps_right": 2, "surgeries": [Surgery.RIGHT_COLECTOMY]}, [("bbps_right", FLAG)]),
        ({"bbps_right": 2, "surgeries": [Surgery.SIGMOID_COLECTOMY]}, []),
        ({"bbps_right": 2, "bbps_right_missing": Missing.NOT_DONE}, [("bbps_right_missing", FLAG)]),
        # Refuse: caecum reached with a more distal extent
        ({"caecum_reached": True, "extent": Extent.ASCENDING}, [("extent", REFUSE)]),
        ({"caecum_reached": True, "extent": Extent.D2}, [("extent", REFUSE)]),
        ({"caecum_reached": True, "extent": Extent.CAECUM}, []),
        ({"caecum_reached": True, "extent": Extent.TERMINAL_ILEUM}, []),
        ({"caecum_reached": True, "extent": Extent.ANASTOMOSIS}, []),
        ({"caecum_reached": False, "extent": Extent.CAECUM}, [("caecum_reached", FLAG)]),
        ({"caecum_reached": False, "caecum_photo": True}, [("caecum_photo", FLAG)]),
        # Refuse: birth after examination; a person dead before an examination
        ({"performed_on": DAY, "born_on": date(2026, 3, 11)}, [("performed_on", REFUSE)]),
        (
            {"performed_on": DAY, "born_on": date(2026, 3, 1), "born_precision": Precision.YEAR},
            [("age", FLAG)],
        ),
        ({"performed_on": DAY, "died_on": date(2026, 3, 9)}, [("performed_on", REFUSE)]),
        ({"performed_on": DAY, "died_on": DAY}, []),
        ({"performed_on": DAY, "died_on": date(2026, 3, 1), "died_precision": Precision.MONTH}, []),
        (
            {"performed_on": DAY, "died_on": date(2026, 2, 1), "died_precision": Precision.MONTH},
            [("performed_on", REFUSE)],
        ),
        ({"performed_on": date(2026, 11, 22), "today": TODAY}, [("performed_on", REFUSE)]),
        # Warn and flag: withdrawal <2 or >60 min, age <18 or >100
        ({"withdrawal_min": 1.9}, [("withdrawal_min", FLAG)]),
        ({"withdrawal_min": 2}, []),
        ({"withdrawal_min": 60}, []),
        ({"withdrawal_min": 61}, [("withdrawal_min", FLAG)]),
        ({"age": 17}, [("age", FLAG)]),
        ({"age": 18}, []),
        ({"age": 100}, []),
        ({"age": 101}, [("age", FLAG)]),
        ({"performed_on": DAY, "born_on": date(2010, 3, 10)}, [("age", FLAG)]),
        ({}, []),
    ],
)
def test_examination(facts: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert said(examination.check(**facts)) == expected


def test_prague_c_cannot_exceed_m() -> None:
    """Refuse: Prague C>M."""
    assert said(examination.check_background(prague_c=3, prague_m=2)) == [("prague_c", REFUSE)]
    assert examination.check_background(prague_c=2, prague_m=2) == []
    assert examination.check_background(prague_c=2) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # Refuse: en bloc with pieces >1
        ({"en_bloc": True, "pieces": 2}, [("en_bloc", REFUSE)]),
        ({"en_bloc": True, "pieces": 1}, []),
        ({"en_bloc": False, "pieces": 3}, []),
        ({"pieces": 3}, []),
        ({"en_bloc": True, "method": Method.PEMR}, [("en_bloc", FLAG)]),
        ({"taken_on": DAY, "performed_on": date(2026, 3, 11)}, [("taken_on", FLAG)]),
        ({"taken_on": DAY, "died_on": date(2026, 3, 9)}, [("taken_on", REFUSE)]),
        ({"taken_on": date(2026, 11, 22), "today": TODAY}, [("taken_on", REFUSE)]),
    ],
)
def test_specimen(facts: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert said(specimen.check(**facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # Warn and flag: topography outside the examined organ
        ({"site": Site.SIGMOID, "examination_type": ExaminationType.OGD}, [("site", FLAG)]),
        ({"site": Site.ANTRUM, "examination_type": ExaminationType.COLONOSCOPY}, [("site", FLAG)]),
        ({"site": Site.DUODENUM, "examination_type": ExaminationType.OGD}, []),
        ({"site": Site.ANAL_CANAL, "examination_type": ExaminationType.SIGMOIDOSCOPY}, []),
        ({"site": Site.ANTRUM, "examination_type": ExaminationType.CAPSULE}, []),
        # Warn and flag: size >150 mm
        ({"size_mm": 151}, [("size_mm", FLAG)]),
        ({"size_mm": 150}, []),
        ({"size_mm": 20, "size_mm_upper": 10}, [("size_mm_upper", REFUSE)]),
        # Borrmann 1–4 for advanced
        ({"borrmann": Borrmann.ULCERATIVE, "impression": Impression.EARLY}, [("borrmann", FLAG)]),
        ({"borrmann": Borrmann.ULCERATIVE, "impression": Impression.ADVANCED}, []),
        ({"lst": Lst.PSEUDODEPRESSED, "size_mm": 9}, [("lst", FLAG)]),
        ({"lst": Lst.PSEUDODEPRESSED, "site": Site.CARDIA}, [("lst", FLAG)]),
        ({"jnet": Jnet.TYPE_2A, "site": Site.RECTUM}, []),
        ({"jes": Jes.B1, "site": Site.RECTUM}, [("jes", FLAG)]),
        # Warn and flag: adenoma flag without adenoma histology
        ({"adenoma": True, "histology": [WhoType.HYPERPLASTIC_POLYP]}, [("adenoma", FLAG)]),
        ({"adenoma": True, "histology": []}, [("adenoma", FLAG)]),
        ({"adenoma": True, "histology": [WhoType.TUBULAR_ADENOMA]}, []),
        ({"adenoma": True, "histology": [Morphology.TUBULAR_ADENOMA_HIGH_GRADE]}, []),
        ({"adenoma": True}, []),
    ],
)
def test_lesion(facts: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert said(lesion.check(**facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # Refuse: report before the tissue was taken
        ({"taken_on": DAY, "reported_on": date(2026, 3, 9)}, [("reported_on", REFUSE)]),
        ({"taken_on": DAY, "reported_on": DAY}, []),
        ({"taken_on": DAY, "received_on": date(2026, 3, 9)}, [("received_on", REFUSE)]),
        ({"reported_on": date(2026, 11, 22), "today": TODAY}, [("reported_on", REFUSE)]),
        # Warn and flag: report >30 d
        ({"taken_on": DAY, "reported_on": date(2026, 4, 9)}, []),
        ({"taken_on": DAY, "reported_on": date(2026, 4, 10)}, [("reported_on", FLAG)]),
    ],
)
def test_report(facts: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert said(report.check(**facts)) == expected


ORIGINAL, REVISED = ViennaVersion.SCHLEMPER_2000, ViennaVersion.DIXON_2002


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # Refuse: VM1 or HM1 with R0 in one report
        ({"r0": True, "vertical_margin": Margin.INVOLVED}, [("vertical_margin", REFUSE)]),
        ({"r0": True, "horizontal_margin": Margin.INVOLVED}, [("horizontal_margin", REFUSE)]),
        ({"r0": True, "horizontal_margin": Margin.UNCERTAIN}, [("horizontal_margin", FLAG)]),
        ({"r0": True, "horizontal_margin": Margin.CLEAR, "vertical_margin": Margin.CLEAR}, []),
        ({"r0": False, "vertical_margin": Margin.INVOLVED}, []),
        ({"vertical_margin": Margin.INVOLVED}, []),
        # Warn and flag: Vienna 5 with depth mucosal (original Vienna)
        ({"vienna": Vienna.SUBMUCOSAL, "depth": Depth.M}, [("vienna", FLAG)]),
        ({"vienna": Vienna.INTRAMUCOSAL_ORIGINAL, "depth": Depth.M}, [("vienna", FLAG)]),
        ({"vienna": Vienna.INTRAMUCOSAL_ORIGINAL, "vienna_version": ORIGINAL, "depth": Depth.M}, []),
        ({"vienna": Vienna.INTRAMUCOSAL, "vienna_version": REVISED, "depth": Depth.M}, []),
        ({"vienna": Vienna.INTRAMUCOSAL_ORIGINAL, "vienna_version": REVISED}, [("vienna", FLAG)]),
        ({"vienna": Vienna.INTRAMUCOSAL, "vienna_version": ORIGINAL}, [("vienna", FLAG)]),
        ({"vienna": Vienna.INTRAMUCOSAL, "depth": Depth.SM1, "depth_um": 300}, [("depth", FLAG)]),
        ({"vienna": Vienna.CARCINOMA_IN_SITU, "depth": Depth.MP}, [("depth", FLAG)]),
        # Warn and flag: submucosal depth without µm
        ({"depth": Depth.SM1, "method": Method.ESD}, [("depth_um", FLAG)]),
        ({"depth": Depth.SM1, "depth_um": 300, "method": Method.ESD, "organ": Organ.STOMACH}, []),
        (
            {"depth": Depth.SM1, "depth_um": 600, "method": Method.ESD, "organ": Organ.STOMACH},
            [("depth_um", FLAG)],
        ),
        (
            {"depth": Depth.SM2, "depth_um": 400, "method": Method.ESD, "organ": Organ.STOMACH},
            [("depth_um", FLAG)],
        ),
        ({"depth": Depth.M, "depth_um": 100, "method": Method.ESD}, [("depth_um", FLAG)]),
        ({"depth": Depth.MP, "method": Method.SURGERY}, []),
        # A biopsy alone cannot show depth
        ({"depth": Depth.SM, "method": Method.FORCEPS}, [("depth", FLAG)]),
        ({"depth": Depth.LPM, "method": Method.ESD, "organ": Organ.STOMACH}, [("depth", FLAG)]),
        ({"depth": Depth.LPM, "method": Method.ESD, "organ": Organ.OESOPHAGUS}, []),
        ({"size_mm": 200}, [("size_mm", FLAG)]),
        ({"who_type": WhoType.TUBULAR_ADENOMA, "morphology": Morphology.SERRATED}, [("who_type", FLAG)]),
        ({"who_type": WhoType.TUBULAR_ADENOMA, "morphology": Morphology.TUBULAR_ADENOMA}, []),
        ({"who_type": WhoType.ADENOCARCINOMA, "morphology": Morphology.ADENOMA}, [("morphology", FLAG)]),
        ({"finding": Finding.NO_RESIDUAL, "vienna": Vienna.LOW_GRADE}, [("vienna", FLAG)]),
        ({"finding": Finding.NEOPLASIA, "vienna": Vienna.NEGATIVE}, [("vienna", FLAG)]),
        ({"finding": Finding.GASTRITIS, "vienna": Vienna.NEGATIVE}, []),
        ({"finding": Finding.LYMPHOMA, "vienna": Vienna.NEGATIVE}, []),
    ],
)
def test_result(facts: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert said(report.check_result(**facts)) == expected


def test_problems_of_a_result_carry_its_place() -> None:
    problems = report.check(
        method=Method.FORCEPS,
        results=[{}, {"depth": Depth.SM}, {"r0": True, "vertical_margin": Margin.INVOLVED}],
    )
    assert said(problems) == [("results-1-depth", FLAG), ("results-2-vertical_margin", REFUSE)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # Warn and flag: colorectal intramucosal with T≥1
        ({"organ": Organ.COLON, "deepest": Depth.M, "t": TCategory.T1}, [("t", FLAG)]),
        ({"organ": Organ.COLON, "deepest": Depth.M, "t": TCategory.TIS}, []),
        ({"organ": Organ.COLON, "deepest": Depth.SM1, "t": TCategory.T1}, []),
        ({"organ": Organ.STOMACH, "deepest": Depth.M, "t": TCategory.T1A}, []),
        ({"morphology": Morphology.SQUAMOUS_HIGH_GRADE, "t": TCategory.T1}, [("t", FLAG)]),
        ({"organ": Organ.STOMACH, "topography": Site.SIGMOID}, [("topography", FLAG)]),
        ({"organ": Organ.RECTUM, "topography": Site.RECTOSIGMOID}, []),
        ({"m": MCategory.M1, "stage_group": StageGroup.IIIA}, [("stage_group", FLAG)]),
        ({"m": MCategory.M1, "stage_group": StageGroup.IVB}, []),
        ({"m": MCategory.M1A, "summary_stage": SummaryStage.REGIONAL}, [("summary_stage", FLAG)]),
        ({"n": NCategory.N2, "summary_stage": SummaryStage.LOCALISED}, [("summary_stage", FLAG)]),
        ({"n": NCategory.NX, "summary_stage": SummaryStage.LOCALISED}, []),
        ({"m": MCategory.MX, "stage_group": StageGroup.X, "summary_stage": SummaryStage.UNKNOWN}, []),
        ({"incidence_on": DAY, "died_on": date(2026, 3, 9)}, [("incidence_on", REFUSE)]),
        ({"incidence_on": DAY, "died_on": date(2026, 3, 9), "basis": Basis.AUTOPSY}, []),
        ({"incidence_on": DAY, "born_on": date(2026, 4, 1)}, [("incidence_on", REFUSE)]),
    ],
)
def test_tumour(facts: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert said(tumour.check(**facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # Refuse: a person dead before a treatment
        ({"started_on": DAY, "died_on": date(2026, 3, 9)}, [("started_on", REFUSE)]),
        ({"started_on": DAY, "died_on": date(2026, 3, 1), "died_precision": Precision.MONTH}, []),
        ({"started_on": DAY, "started_precision": Precision.MONTH, "died_on": date(2026, 3, 2)}, []),
        ({"type": TreatmentType.SURGERY, "refused": True}, []),
        ({"refused": True, "completeness": Completeness.COMPLETE}, [("refused", FLAG)]),
    ],
)
def test_treatment(facts: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert said(outcome.check_treatment(**facts)) == expected


DIED = {"died_on": date(2026, 3, 9)}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # an alive contact after death is a conflict to resolve, both kept
        ({"contacted_on": DAY, "outcome": ContactOutcome.ALIVE, **DIED}, [("contacted_on", FLAG)]),
        ({"contacted_on": DAY, "vital": Vital.ALIVE, **DIED}, [("contacted_on", FLAG)]),
        ({"contacted_on": DAY, "outcome": ContactOutcome.DIED, **DIED}, []),
        ({"contacted_on": DAY, "outcome": ContactOutcome.NO_ANSWER, **DIED}, []),
        ({"contacted_on": DAY, "outcome": ContactOutcome.DIED, "vital": Vital.ALIVE}, [("vital", FLAG)]),
        ({"contacted_on": DAY, "outcome": ContactOutcome.ALIVE, "vital": Vital.DEAD}, [("vital", FLAG)]),
        ({"contacted_on": DAY, "next_due_on": DAY}, [("next_due_on", FLAG)]),
        ({"contacted_on": DAY, "next_due_on": date(2027, 3, 10)}, []),
        ({"contacted_on": date(2026, 11, 22), "today": TODAY}, [("contacted_on", REFUSE)]),
    ],
)
def test_follow_up(facts: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert said(outcome.check_follow_up(**facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"vital": Vital.ALIVE, "as_of": DAY, **DIED}, [("as_of", FLAG)]),
        ({"vital": Vital.ALIVE, "as_of": DAY, "died_on": DAY}, []),
        ({"vital": Vital.DEAD, "as_of": DAY, "last_alive_on": date(2026, 3, 11)}, [("as_of", FLAG)]),
        ({"vital": Vital.DEAD, "as_of": date(2026, 11, 22), "today": TODAY}, [("as_of", REFUSE)]),
        ({"complete_until": date(2026, 12, 31), "today": TODAY}, [("complete_until", REFUSE)]),
    ],
)
def test_vital_status(facts: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert said(outcome.check_vital(**facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"born_on": date(2026, 11, 22), "today": TODAY}, [("born_on", REFUSE)]),
        ({"died_on": date(2026, 11, 22), "today": TODAY}, [("died_on", REFUSE)]),
        ({"born_on": DAY, "died_on": date(2026, 3, 9)}, [("died_on", REFUSE)]),
        ({"died_on": date(2026, 3, 9), "last_alive_on": DAY}, [("died_on", FLAG)]),
        ({"died_on": DAY, "vital": Vital.ALIVE}, [("vital", FLAG)]),
        ({"born_on": date(1960, 1, 1), "died_on": DAY, "vital": Vital.DEAD, "last_alive_on": DAY}, []),
    ],
)
def test_person(facts: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert said(person.check(**facts)) == expected


def test_a_pepsinogen_ratio_above_30_is_flagged() -> None:
    """Warn and flag: PGR>30."""
    assert said(risk.check(pepsinogen_ratio=30.1)) == [("pepsinogen_ratio", FLAG)]
    assert risk.check(pepsinogen_ratio=30) == []
    assert said(risk.check(assessed_on=date(2026, 11, 22), today=TODAY)) == [("assessed_on", REFUSE)]


def test_metachronous_is_more_than_twelve_months_after_the_first() -> None:
    assert not outcome.metachronous(date(2024, 2, 29), date(2025, 2, 28))
    assert outcome.metachronous(date(2024, 2, 29), date(2025, 3, 1))
    assert not outcome.metachronous(date(2024, 5, 1), date(2024, 12, 31))
    assert outcome.metachronous(date(2024, 12, 31), date(2026, 1, 1))
