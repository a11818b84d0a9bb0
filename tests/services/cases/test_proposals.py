"""Codes read from words: proposed beside the record, taken in by a person, found anew with each change."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from registry.codes.desk import ReadingState, TextSource
from registry.codes.lesion import Organ, Paris, Site
from registry.codes.pathology import Method, Vienna, ViennaVersion, WhoType
from registry.extensions import db
from registry.models import Covering, Lesion, Reading, Result, Specimen
from registry.rules.problem import Invalid
from registry.services.cases import recording
from registry.services.cases.confirming import (
    confirm,
    confirm_alike,
    reject,
    reject_alike,
)
from registry.services.cases.proposals import rows_for
from registry.services.unit import Overtaken, change

OPEN, CONFIRMED, REJECTED, STALE = ReadingState
POLYPS = "回盲部见1枚0.5cm Is息肉，乙状结肠见一1.2cm Ip息肉"
ANTRUM = "胃窦前壁见一0.8cm×0.6cm 0-IIa病变"


@pytest.fixture
def desk(acting, book):
    """A doctor at the city hospital, and somebody to examine."""
    with acting("endoscopist", "city"):
        yield SimpleNamespace(**vars(book), person=book.enrol().person_id, readings=readings, again=again)


def readings(state=OPEN):
    db.session.expire_all()
    wanted = select(Reading).where(Reading.state == state).order_by(Reading.id)
    return list(db.session.scalars(wanted))


def codes(reading, state=OPEN):
    return {each.field: each.value for each in reading.proposals if each.state is state}


def again(case, **changes):
    """The case saved once more with some columns of the examination changed."""
    parts = {
        "lesions": [{"id": one.id} for one in case.lesions],
        "specimens": [{"id": one.id} for one in case.specimens],
    }
    examination = {"type": case.type, "performed_on": case.performed_on, **changes}
    return recording.record_case(person_id=case.person_id, examination=examination, existing=case, **parts)


def biopsied(
    desk, wording, *, lesions=({"site": "C16.3"},), covers=(1,), kind="ogd", method="forceps", **more
):
    """A case with one specimen whose report is words only: the case and its reading."""
    case = desk.examine(
        desk.person, "2026-03-02", kind=kind, lesions=list(lesions),
        specimens=[{"method": method, "lesions": list(covers)}], **more,
    )  # fmt: skip
    desk.report(case.specimens[0], "2026-03-05", wording=wording)
    return case


# ---- what is proposed --------------------------------------------------------------------------------


@pytest.mark.usefixtures("desk")
def test_rows_point_at_their_words_and_name_what_they_are_of():
    found = rows_for(
        findings=ANTRUM,
        upper=True,
        lesions={1: {"site": Site.ANTRUM}},
        reports=[
            {"wording": "（胃窦）低级别上皮内瘤变", "method": Method.FORCEPS, "lesions": [1], "results": []}
        ],
    )
    seen, tissue = found
    assert (seen["source"], seen["lesion"], seen["report"], seen["part"]) == (TextSource.FINDINGS, 1, None, 1)
    assert {one["field"] for one in seen["proposals"]} == {"lesion.wall", "lesion.size_mm", "lesion.paris"}
    size = next(one for one in seen["proposals"] if one["field"] == "lesion.size_mm")
    assert (size["value"], ANTRUM[size["begins"] : size["ends"]], size["rule"]) == (
        "8",
        "0.8cm×0.6cm",
        "size",
    )
    assert (tissue["source"], tissue["report"], tissue["lesion"]) == (TextSource.WORDING, 0, 1)
    assert (tissue["organ"], tissue["worst"], tissue["cancer"]) == (Organ.STOMACH, Vienna.LOW_GRADE, False)
    assert tissue["weight"] > seen["weight"]


@pytest.mark.usefixtures("desk")
def test_what_the_record_holds_is_not_proposed():
    held = {"site": Site.ANTRUM, "wall": "anterior", "size_mm": 8, "paris": Paris.IIA}
    [row] = rows_for(findings=ANTRUM, upper=True, lesions={1: {**held, "size_mm": 12}})
    assert [(one["field"], one["value"]) for one in row["proposals"]] == [
        ("lesion.wall", "anterior"),
        ("lesion.size_mm", "8"),
    ]


@pytest.mark.usefixtures("desk")
def test_the_same_words_are_alike_in_any_text_and_the_order_of_weight_is_that_of_harm():
    wordings = [
        "（胃窦）粘膜慢性炎",
        "管状腺瘤",
        "（胃角）高级别上皮内瘤变",
        "（贲门）低分化腺癌",
        "管状腺瘤",
    ]
    reports = [{"wording": wording, "method": Method.FORCEPS} for wording in wordings]
    rows = rows_for(reports=reports)
    weights = [row["weight"] for row in rows]
    assert weights[3] > weights[2] > weights[1] > weights[0]
    assert rows[1]["alike"] == rows[4]["alike"] != rows[2]["alike"]
    assert len({row["alike"] for row in rows}) == 4


@pytest.mark.usefixtures("desk")
def test_a_biopsy_gives_no_depth_to_count():
    wording = "（胃窦）腺癌，浸润至黏膜下层"
    [row] = rows_for(reports=[{"wording": wording, "method": Method.FORCEPS}])
    assert (row["cancer"], row["deepest"]) == (True, None)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("text", [None, "", "未见明显异常", "食管未见异常，胃窦未见肿物"])
def test_nothing_said_is_nothing_proposed(text):
    assert rows_for(findings=text, diagnosis=text, upper=True, reports=[{"wording": text}]) == []


# ---- which lesion ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("lesions", "tied"),
    [
        ({}, [None, None]),
        ({1: {"site": Site.SIGMOID}}, [None, 1]),
        ({1: {"site": Site.SIGMOID}, 2: {"site": Site.CAECUM}}, [2, 1]),
        ({1: {"site": Site.SIGMOID, "size_mm": 4}, 2: {"site": Site.SIGMOID, "size_mm": 12}}, [None, 2]),
        ({1: {"site": Site.SIGMOID}, 2: {"site": Site.SIGMOID}}, [None, None]),
        ({1: {"site": Site.RECTUM}}, [None, None]),
        ({1: {"site": None}}, [None, None]),
        ({1: {"site": None, "size_mm": 5}}, [1, None]),
    ],
)
def test_a_part_is_tied_to_the_one_lesion_that_fits(lesions, tied):
    rows = rows_for(findings=POLYPS, upper=False, lesions=lesions)
    assert [row["lesion"] for row in rows] == tied


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("wording", "lesions", "covered", "tied"),
    [
        ("管状腺瘤", {1: {}, 2: {}}, [2], 2),
        ("管状腺瘤", {1: {}, 2: {}}, [1, 2], None),
        ("管状腺瘤", {1: {}}, [], 1),
        ("（胃角）低级别上皮内瘤变", {1: {"site": Site.ANTRUM}, 2: {"site": Site.LESSER_CURVE}}, [1, 2], 2),
        ("（贲门）腺癌", {1: {"site": Site.ANTRUM}}, [1], None),
        ("（胃窦）粘膜慢性炎", {1: {"site": Site.ANTRUM}}, [], None),
    ],
)
def test_a_result_is_tied_to_what_its_specimen_covers(wording, lesions, covered, tied):
    [row] = rows_for(reports=[{"wording": wording, "lesions": covered}], lesions=lesions)
    assert row["lesion"] == tied


# ---- found anew --------------------------------------------------------------------------------------


def test_saving_a_text_proposes_and_leaves_no_entry_of_its_own(desk, audit_entries):
    case = desk.examine(desk.person, "2026-03-02", findings=ANTRUM)
    [reading] = desk.readings()
    assert (reading.examination_id, reading.centre_id, reading.lesion_id) == (case.id, case.centre_id, None)
    assert codes(reading)["lesion.site"] == "C16.3"
    assert {entry.subject for entry in audit_entries("case.")} & {"reading", "proposal"} == set()


def test_saving_again_changes_nothing(desk):
    case = desk.examine(desk.person, "2026-03-02", findings=ANTRUM, lesions=[{"site": "C16.3"}])
    [before] = desk.readings()
    marked = (before.id, before.lesion_id, [each.id for each in before.proposals])
    desk.again(case, photos=3)
    [after] = desk.readings()
    assert (after.id, after.lesion_id, [each.id for each in after.proposals]) == marked
    assert desk.readings(STALE) == []


def test_a_changed_text_makes_the_old_reading_stale_and_is_read_anew(desk):
    case = desk.examine(desk.person, "2026-03-02", findings=ANTRUM)
    desk.again(case, findings=ANTRUM.replace("0.8", "1.8"))
    [old], [new] = desk.readings(STALE), desk.readings()
    assert (codes(old, STALE)["lesion.size_mm"], codes(new)["lesion.size_mm"]) == ("8", "18")
    desk.again(case, findings=None)
    assert desk.readings() == []


def test_what_somebody_enters_needs_no_confirmation(desk):
    case = desk.examine(desk.person, "2026-03-02", findings=ANTRUM, lesions=[{"site": "C16.3"}])
    recording.record_case(
        person_id=desk.person,
        examination={"type": "ogd", "performed_on": case.performed_on},
        existing=case,
        lesions=[{"id": case.lesions[0].id, "size_mm": 8, "paris": "0-IIa", "wall": "posterior"}],
    )
    [reading] = desk.readings()
    assert codes(reading) == {"lesion.wall": "anterior"}  # it differs: that is for somebody to choose


def test_a_lesion_removed_leaves_its_reading_untied(desk):
    case = desk.examine(desk.person, "2026-03-02", findings=ANTRUM, lesions=[{"site": "C16.3"}])
    assert desk.readings()[0].lesion_id == case.lesions[0].id
    recording.record_case(
        person_id=desk.person,
        examination={"type": "ogd", "performed_on": case.performed_on},
        existing=case,
    )
    [reading] = desk.readings()
    assert reading.lesion_id is None
    assert codes(reading)["lesion.site"] == "C16.3"


def test_a_revised_report_makes_what_was_read_of_the_first_stale(desk):
    case = biopsied(desk, "（胃窦）低级别上皮内瘤变")
    [first] = desk.readings()
    desk.report(
        case.specimens[0], "2026-03-09", wording="（胃窦）高级别上皮内瘤变",
        supersedes=case.specimens[0].reports[0], reason="会诊",
    )  # fmt: skip
    [now] = desk.readings()
    assert (first.state, now.worst.carcinoma, now.worst.high_grade) == (STALE, False, True)


# ---- confirmed ---------------------------------------------------------------------------------------


def test_confirming_completes_the_lesion_and_the_trail_names_the_rule(desk, audit_entries):
    case = desk.examine(desk.person, "2026-03-02", findings=ANTRUM, lesions=[{"site": "C16.3"}])
    [reading] = desk.readings()
    confirm(reading, seen=case.version)
    [lesion] = case.lesions
    assert (lesion.size_mm, lesion.paris, lesion.wall.code) == (8, Paris.IIA, "anterior")
    assert reading.state is CONFIRMED
    entries = audit_entries("reading.confirm")
    assert {entry.subject for entry in entries} == {"lesion", "reading", "proposal"}
    assert all("paris.prefixed" in entry.reason for entry in entries)
    assert desk.readings() == []


def test_confirming_makes_a_lesion_where_there_is_none(desk):
    case = desk.examine(desk.person, "2026-03-02", kind="colonoscopy", findings=POLYPS)
    for reading in desk.readings():
        confirm(reading)
    found = [(one.number, one.site, one.size_mm, one.paris) for one in _lesions(case)]
    assert found == [(1, Site.CAECUM, 5, Paris.IS), (2, Site.SIGMOID, 12, Paris.IP)]
    assert desk.readings() == []


def test_two_polyps_at_one_site_become_two_lesions(desk):
    text = "乙状结肠见一0.4cm Is息肉，乙状结肠另见一1.0cm Ip息肉"
    case = desk.examine(desk.person, "2026-03-02", kind="colonoscopy", findings=text)
    first, second = desk.readings()
    confirm(first)
    confirm(second)
    assert [one.size_mm for one in _lesions(case)] == [4, 10]


def test_confirming_codes_the_report_and_settles_lesion_and_tumour(desk):
    case = biopsied(desk, "（胃窦）中分化腺癌", method="esd")
    [reading] = desk.readings()
    assert case.lesions[0].cancer is None
    confirm(reading)
    [result] = db.session.scalars(select(Result))
    assert (result.lesion_id, result.who_type, result.differentiation.code) == (
        case.lesions[0].id,
        WhoType.ADENOCARCINOMA,
        "moderate",
    )
    assert (case.lesions[0].cancer, [one.invasive for one in desk.tumours(desk.person)]) == (True, [True])
    assert len(case.specimens[0].reports) == 1  # coding is no revision
    assert case.specimens[0].reports[0].supersedes_id is None


def test_a_category_confirmed_says_which_version_it_is_of(desk):
    biopsied(desk, "（胃窦）低级别上皮内瘤变")
    confirm(desk.readings()[0])
    [result] = db.session.scalars(select(Result))
    assert (result.vienna, result.vienna_version) == (Vienna.LOW_GRADE, ViennaVersion.DIXON_2002)


def test_tissue_of_a_growth_without_a_lesion_makes_one_that_its_specimen_covers(desk):
    case = biopsied(desk, "（升结肠）管状腺瘤", lesions=(), covers=(), kind="colonoscopy")
    confirm(desk.readings()[0])
    [lesion] = _lesions(case)
    assert (lesion.site, lesion.adenoma, lesion.sampled) == (Site.ASCENDING, True, True)
    [covering] = db.session.scalars(select(Covering))
    assert (covering.lesion_id, covering.specimen_id) == (lesion.id, case.specimens[0].id)


def test_tissue_of_the_mucosa_belongs_to_no_lesion(desk):
    case = biopsied(desk, "（胃窦）粘膜慢性炎，中度萎缩", lesions=(), covers=())
    confirm(desk.readings()[0])
    [result] = db.session.scalars(select(Result))
    assert (result.lesion_id, result.origin, result.finding.code) == (None, "胃窦", "gastritis")
    assert _lesions(case) == []


def test_a_background_is_confirmed(desk):
    case = desk.examine(desk.person, "2026-03-02", diagnosis="慢性萎缩性胃炎（C-2）")
    confirm(desk.readings()[0])
    db.session.expire_all()
    assert case.background.kimura.code == "C-2"


def test_the_same_thing_said_twice_is_confirmed_once(desk):
    case = desk.examine(desk.person, "2026-03-02", findings=ANTRUM, diagnosis="胃窦0-IIa病变")
    confirm(desk.readings()[0])
    assert desk.readings() == []
    assert len(_lesions(case)) == 1


# ---- what stands in the way --------------------------------------------------------------------------


def test_a_value_that_somebody_entered_is_never_overwritten_on_the_way(desk):
    entered = {"site": "C16.3", "size_mm": 12}
    case = desk.examine(desk.person, "2026-03-02", findings=ANTRUM, lesions=[entered])
    [reading] = desk.readings()
    confirm(reading)
    assert (case.lesions[0].size_mm, case.lesions[0].paris) == (12, Paris.IIA)
    [left] = desk.readings()
    assert codes(left) == {"lesion.size_mm": "8"}
    [size] = [each for each in left.proposals if each.state is OPEN]
    with pytest.raises(Invalid) as wrong:
        confirm(left, proposal_id=size.id)
    assert [problem.field for problem in wrong.value.problems] == ["lesion.size_mm"]
    confirm(left, proposal_id=size.id, instead=True)
    assert (case.lesions[0].size_mm, desk.readings()) == (8, [])


def test_a_result_that_somebody_entered_stays(desk):
    case = desk.examine(
        desk.person,
        "2026-03-02",
        lesions=[{"site": "C16.3"}],
        specimens=[{"method": "forceps", "lesions": [1]}],
    )
    typed = {"lesion_id": case.lesions[0].id, "vienna": "4.2"}
    desk.report(case.specimens[0], "2026-03-05", typed, wording="（胃窦）低级别上皮内瘤变")
    confirm(desk.readings()[0])
    [result] = db.session.scalars(select(Result))
    assert (result.vienna.code, result.who_type) == ("4.2", WhoType.GLANDULAR_DYSPLASIA)
    assert codes(desk.readings()[0]) == {"result.vienna": "3"}


def test_where_several_lesions_may_be_meant_somebody_chooses(desk):
    two = [{"site": "C18.7"}, {"site": "C18.7"}]
    case = biopsied(desk, "（乙状结肠）管状腺瘤", lesions=two, covers=(1, 2), kind="colonoscopy")
    [reading] = desk.readings()
    with pytest.raises(Invalid) as wrong:
        confirm(reading)
    assert [problem.field for problem in wrong.value.problems] == ["lesion"]
    assert list(db.session.scalars(select(Result))) == []
    confirm(reading, lesion=2)
    assert [one.adenoma for one in _lesions(case)] == [None, True]


def test_a_lesion_that_is_not_there_cannot_be_chosen(desk):
    biopsied(desk, "（胃窦）低级别上皮内瘤变")
    with pytest.raises(Invalid):
        confirm(desk.readings()[0], lesion=7)


def test_a_new_lesion_may_be_meant_though_one_would_fit(desk):
    case = desk.examine(desk.person, "2026-03-02", findings=ANTRUM, lesions=[{"site": "C16.3"}])
    confirm(desk.readings()[0], lesion=0)
    assert [one.size_mm for one in _lesions(case)] == [None, 8]


def test_what_the_rules_refuse_stays_open(desk):
    case = biopsied(desk, "（胃窦）腺癌，整块切除", method="esd", covers=(1,))
    specimen = db.session.get_one(Specimen, case.specimens[0].id)
    with change("test.pieces") as unit:
        unit.edit(specimen).pieces = 3
    with pytest.raises(Invalid) as wrong:
        confirm(desk.readings()[0])
    assert [problem.field for problem in wrong.value.problems] == ["en_bloc"]
    assert len(desk.readings()) == 1
    assert list(db.session.scalars(select(Result))) == []


def test_what_is_unlikely_is_taken_and_told(desk):
    desk.examine(desk.person, "2026-03-02", kind="colonoscopy", findings="横结肠见一0.8cm LST-G-H")
    assert [flag.field for flag in confirm(desk.readings()[0])] == ["lst"]
    case = biopsied(desk, "（胃窦）管状腺瘤", lesions=[{"site": "C16.3", "lst": "g_h", "size_mm": 5}])
    assert case.lesions[0].size_mm == 5
    assert confirm(desk.readings()[0]) == []  # the lesion was unlikely before


def test_a_reading_is_confirmed_once(desk):
    desk.examine(desk.person, "2026-03-02", findings=ANTRUM)
    [reading] = desk.readings()
    confirm(reading)
    with pytest.raises(Invalid):
        confirm(reading)
    with pytest.raises(Invalid):
        reject(reading)


def test_who_saw_an_older_version_changes_nothing(desk):
    case = desk.examine(desk.person, "2026-03-02", findings=ANTRUM)
    seen = case.version
    desk.again(case, photos=4)
    for judge in (confirm, reject):
        with pytest.raises(Overtaken):
            judge(desk.readings()[0], seen=seen)
    assert len(desk.readings()) == 1


# ---- rejected, and many at once ----------------------------------------------------------------------


def test_what_was_rejected_is_not_proposed_again(desk):
    case = desk.examine(desk.person, "2026-03-02", findings=ANTRUM)
    [reading] = desk.readings()
    [size] = [each for each in reading.proposals if each.field == "lesion.size_mm"]
    reject(reading, proposal_id=size.id)
    assert "lesion.size_mm" not in codes(desk.readings()[0])
    desk.again(case, findings=f"{ANTRUM}。")
    [now] = desk.readings()
    assert "lesion.size_mm" not in codes(now)
    reject(now)
    desk.again(case, findings=f"{ANTRUM}。 ")
    assert desk.readings() == []


def test_alike_are_confirmed_together_and_what_is_refused_stays(desk):
    two = [{"site": "C16.3"}, {"site": "C16.3"}]
    biopsied(desk, "管状腺瘤")
    biopsied(desk, "管状腺瘤", lesions=two, covers=(1, 2))
    biopsied(desk, "管状腺瘤")
    told = confirm_alike([one.id for one in desk.readings()])
    assert (told.done, [reading_id for reading_id, _ in told.refused]) == (2, [desk.readings()[0].id])
    assert [one.vienna.code for one in db.session.scalars(select(Result))] == ["3", "3"]
    assert reject_alike([one.id for one in desk.readings()]).done == 1
    assert desk.readings() == []


def test_another_centres_readings_do_not_exist(desk, acting):
    desk.examine(desk.person, "2026-03-02", findings=ANTRUM)
    [reading] = desk.readings()
    with acting("endoscopist", "county_a"):
        assert db.session.get(Reading, reading.id) is None
        assert confirm_alike([reading.id]).done == 0


def _lesions(case):
    db.session.expire_all()
    return list(
        db.session.scalars(select(Lesion).where(Lesion.examination_id == case.id).order_by(Lesion.number))
    )
