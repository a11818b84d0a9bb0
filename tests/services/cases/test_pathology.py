"""What reports prove: revisions, upgrades, no residual, and what a report may not say."""

from datetime import date

import pytest

from registry.codes.pathology import Depth, Vienna
from registry.rules.problem import Invalid, Unaccepted
from registry.services.unit import Overtaken


def fields(error):
    return [problem.field for problem in error.value.problems]


@pytest.fixture
def seen(acting, book):
    """A biopsied lesion of the stomach, not reported yet."""
    with acting():
        yield book.examine(
            book.enrol().person_id,
            "2026-03-02",
            lesions=[{"site": "C16.3"}],
            specimens=[{"method": "forceps", "lesions": [1]}],
        )


def test_a_revised_report_counts_and_the_superseded_one_stays_readable(seen, book):
    [specimen], [lesion] = seen.specimens, seen.lesions
    first = book.report(
        specimen, "2026-03-05", {"lesion_id": lesion.id, "vienna": "5.2", "morphology": "8140/3"}
    )
    [tumour] = book.tumours(seen.person_id)
    assert (lesion.cancer, tumour.invasive, tumour.invasive_on) == (True, True, date(2026, 3, 2))
    revised = book.report(
        specimen,
        "2026-03-12",
        {"lesion_id": lesion.id, "vienna": "3"},
        supersedes=first,
        reason="会诊改为低级别",
        seen=seen.version,
    )
    assert (first.current, revised.current, revised.supersedes_id) == (False, True, first.id)
    assert first.results[0].vienna is Vienna.SUBMUCOSAL
    assert (lesion.worst, lesion.cancer) == (Vienna.LOW_GRADE, False)
    # The tumour's row stays; its facts prove nothing any more, so no rate and no curve counts it.
    [kept] = book.tumours(seen.person_id)
    assert kept.id == tumour.id
    assert (kept.worst, kept.invasive, kept.invasive_on, kept.noninvasive_on) == (
        Vienna.LOW_GRADE,
        False,
        None,
        None,
    )
    assert (kept.incidence_on, kept.basis, kept.followed_days, kept.dead) == (None, None, None, None)
    book.report(
        specimen,
        "2026-03-20",
        {"lesion_id": lesion.id, "vienna": "4.4"},
        supersedes=revised,
        reason="再次会诊",
    )
    [again] = book.tumours(seen.person_id)
    assert (again.id, again.invasive) == (tumour.id, True)


def test_only_a_current_report_can_be_revised_and_with_a_reason(seen, book):
    [specimen], [lesion] = seen.specimens, seen.lesions
    said = {"lesion_id": lesion.id, "vienna": "3"}
    first = book.report(specimen, "2026-03-05", said)
    with pytest.raises(Invalid) as refused:
        book.report(specimen, "2026-03-06", said, supersedes=first)
    assert fields(refused) == ["reason"]
    book.report(specimen, "2026-03-06", said, supersedes=first, reason="补做免疫组化")
    with pytest.raises(Invalid) as refused:
        book.report(specimen, "2026-03-07", said, supersedes=first, reason="再改")
    assert fields(refused) == ["supersedes"]


def test_an_esd_upgrades_what_a_biopsy_showed(acting, book):
    with acting():
        person_id = book.enrol().person_id
        biopsied = book.biopsy(person_id, "2026-03-02", "2026-03-05", vienna="4.1", depth="M")
        assert (biopsied.worst, biopsied.deepest, biopsied.cancer) == (Vienna.ADENOMA_HIGH_GRADE, None, False)
        resected = book.resect(
            person_id,
            "2026-03-20",
            "2026-03-27",
            lesion={"same_as_id": biopsied.id},
            vienna="4.4",
            depth="M",
            differentiation="well",
            who_type="adenocarcinoma",
        )
        assert (resected.worst, resected.deepest, resected.cancer) == (Vienna.INTRAMUCOSAL, Depth.M, True)
        [tumour] = book.tumours(person_id)
        assert tumour.noninvasive_on == date(2026, 3, 2)
        assert tumour.invasive_on == tumour.incidence_on == date(2026, 3, 20)
        assert tumour.morphology.code == "8140/3"


def test_no_residual_never_erases_a_proven_cancer(acting, book):
    with acting():
        person_id = book.enrol().person_id
        biopsied = book.biopsy(person_id, "2026-03-02", "2026-03-05", vienna="4.4", morphology="8140/3")
        resected = book.resect(
            person_id, "2026-03-20", "2026-03-27", lesion={"same_as_id": biopsied.id}, finding="no_residual"
        )
        assert (resected.worst, resected.cancer) == (None, False)
        [tumour] = book.tumours(person_id)
        assert (tumour.worst, tumour.invasive, tumour.invasive_on) == (
            Vienna.INTRAMUCOSAL,
            True,
            date(2026, 3, 2),
        )


def test_a_cancer_from_forceps_has_no_depth(seen, book):
    [specimen], [lesion] = seen.specimens, seen.lesions
    book.report(
        specimen, "2026-03-05", {"lesion_id": lesion.id, "who_type": "adenocarcinoma", "depth": "SM2"}
    )
    assert (lesion.worst, lesion.deepest, lesion.cancer) == (None, None, True)


def test_tissue_that_is_awaited_or_lost(acting, book):
    with acting():
        person_id = book.enrol().person_id
        waiting = book.biopsy(person_id, "2026-03-02", "2026-03-05", vienna="4.2")
        seen = book.examine(
            person_id,
            "2026-03-20",
            lesions=[{"site": "C16.3", "same_as_id": waiting.id}],
            specimens=[{"method": "esd", "lesions": [1]}],
        )
        assert (seen.lesions[0].awaited, book.tumours(person_id)[0].awaited) == (True, True)
        rows = {
            "lesions": [{"id": seen.lesions[0].id}],
            "specimens": [{"id": seen.specimens[0].id, "retrieved": False}],
        }
        book.examine(person_id, "2026-03-20", **rows, existing=seen, seen=seen.version)
        assert (seen.lesions[0].awaited, seen.lesions[0].sampled) == (False, True)
        assert book.tumours(person_id)[0].awaited is False


def test_a_report_does_not_precede_its_tissue(seen, book):
    [specimen], [lesion] = seen.specimens, seen.lesions
    with pytest.raises(Invalid) as refused:
        book.report(specimen, "2026-03-01", {"lesion_id": lesion.id, "vienna": "3"})
    assert fields(refused) == ["reported_on"]
    assert specimen.reports == []
    book.report(specimen, "2026-03-03", {"lesion_id": lesion.id, "vienna": "3"})
    with pytest.raises(Invalid) as refused:
        book.examine(
            seen.person_id,
            "2026-03-02",
            lesions=[{"id": lesion.id}],
            specimens=[{"id": specimen.id, "taken_on": date(2026, 3, 4)}],
            existing=seen,
            seen=seen.version,
        )
    assert fields(refused) == ["specimens-0-taken_on"]


def test_a_result_is_about_a_lesion_of_its_specimen_and_does_not_contradict_itself(seen, book, acting):
    [specimen], [lesion] = seen.specimens, seen.lesions
    with pytest.raises(Invalid) as refused:
        book.report(specimen, "2026-03-05", {"lesion_id": lesion.id + 99, "vienna": "3"})
    assert fields(refused) == ["results-0-lesion_id"]
    said = {"lesion_id": lesion.id, "r0": True, "vertical_margin": "1"}
    with pytest.raises(Invalid) as refused:
        book.report(specimen, "2026-03-05", {"lesion_id": lesion.id, "vienna": "3"}, said)
    assert fields(refused) == ["results-1-vertical_margin"]
    with pytest.raises(Invalid) as refused:
        book.report(specimen, "2026-03-05")
    assert fields(refused) == ["results"]


def test_an_odd_report_is_accepted_with_a_reason_kept_beside_the_case(seen, book):
    [specimen], [lesion] = seen.specimens, seen.lesions
    said = {"lesion_id": lesion.id, "vienna": "4.4", "depth": "M"}
    with pytest.raises(Unaccepted) as asked:
        book.report(specimen, "2026-03-05", said, ask=True)
    [problem] = asked.value.problems
    accepted = [{"field": problem.field, "clause": problem.key, "reason": "按报告原文"}]
    told = book.report(specimen, "2026-03-05", said, ask=True, accepted=accepted)
    assert [(flag.field, flag.reason) for flag in seen.accepted] == [
        (f"report-{told.id}-results-0-depth", "按报告原文")
    ]
    rows = {"lesions": [{"id": lesion.id}], "specimens": [{"id": specimen.id}]}
    book.examine(seen.person_id, "2026-03-02", **rows, existing=seen, seen=seen.version)
    assert len(seen.accepted) == 1


def test_a_report_upon_a_case_that_moved_is_told(seen, book):
    [specimen], [lesion] = seen.specimens, seen.lesions
    version = seen.version
    book.report(specimen, "2026-03-05", {"lesion_id": lesion.id, "vienna": "3"}, seen=version)
    with pytest.raises(Overtaken):
        book.report(specimen, "2026-03-06", {"lesion_id": lesion.id, "vienna": "4.2"}, seen=version)
    assert len(specimen.reports) == 1
