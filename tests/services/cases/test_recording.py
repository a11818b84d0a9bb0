"""A case is stored whole or not at all, edited by one at a time, and keeps what pathology rests on."""

from datetime import date

import pytest
from sqlalchemy import func, select

from registry.access import Forbidden, unscoped
from registry.codes.pathology import Vienna
from registry.codes.person import Missing
from registry.extensions import db
from registry.models import (
    AuditEntry,
    Background,
    Examination,
    FollowUp,
    Lesion,
    Person,
    Specimen,
)
from registry.queries.record.cases import case, earlier_lesions, last_case_defaults, next_due_of
from registry.rules.problem import Invalid, Unaccepted
from registry.services.unit import Overtaken


def fields(error):
    return [problem.field for problem in error.value.problems]


def count(model):
    with unscoped("audit chain"):
        return db.session.scalar(select(func.count()).select_from(model))


def test_several_lesions(acting, book, alliance):
    with acting("endoscopist", "county_a") as scope:
        person = book.enrol().person
        seen = book.examine(
            person.id,
            "2026-03-02",
            lesions=[
                {"site": "C16.3", "size_mm": 12, "paris": "0-IIc", "impression": "early"},
                {"site": "C15.4", "size_mm": 8},
                {"site": "C16.0"},
            ],
            background={"kimura": "C-2"},
            operator_id=alliance.expert,
        )
        assert [lesion.number for lesion in seen.lesions] == [1, 2, 3]
        assert {lesion.centre_id for lesion in seen.lesions} == {alliance.county_a.id}
        assert (seen.age, seen.recorder_id, seen.version) == (66, scope.actor_id, 1)
        assert seen.background.kimura.code == "C-2"
        assert not any(lesion.sampled or lesion.awaited for lesion in seen.lesions)
        assert book.tumours(person.id) == []


def test_several_biopsies_of_one_lesion(acting, book):
    with acting():
        person_id = book.enrol().person_id
        seen = book.examine(
            person_id,
            "2026-03-02",
            lesions=[{"site": "C16.3"}],
            specimens=[{"method": "forceps", "lesions": [1]}, {"method": "forceps", "lesions": [1]}],
        )
        first, second = seen.specimens
        [lesion] = seen.lesions
        assert [first.letter, second.letter] == ["A", "B"]
        assert (lesion.sampled, lesion.awaited) == (True, True)
        book.report(first, "2026-03-05", {"lesion_id": lesion.id, "vienna": "3"})
        assert (lesion.worst, lesion.awaited, first.reported) == (Vienna.LOW_GRADE, True, True)
        book.report(second, "2026-03-06", {"lesion_id": lesion.id, "vienna": "4.2"})
        assert (lesion.worst, lesion.awaited) == (Vienna.CARCINOMA_IN_SITU, False)


def test_background_biopsies_are_of_no_lesion(acting, book):
    with acting():
        person_id = book.enrol().person_id
        seen = book.examine(
            person_id,
            "2026-03-02",
            lesions=[{"site": "C16.3"}],
            specimens=[{"method": "forceps", "pieces": 5, "origin": "悉尼"}],
            background={"sydney_sites": 5},
        )
        [sydney] = seen.specimens
        assert sydney.lesions == []
        book.report(
            sydney,
            "2026-03-05",
            {"origin": "胃窦", "finding": "gastritis"},
            {"origin": "胃体", "vienna": "5.2", "morphology": "8140/3"},
        )
        [lesion] = seen.lesions
        assert (lesion.sampled, lesion.worst, lesion.cancer) == (False, None, None)
        assert [result.lesion_id for result in sydney.reports[0].results] == [None, None]


def test_one_esd_over_two_lesions(acting, book):
    with acting():
        person_id = book.enrol().person_id
        seen = book.examine(
            person_id,
            "2026-03-02",
            kind="therapeutic_upper",
            lesions=[{"site": "C16.3"}, {"site": "C16.3"}],
            specimens=[{"method": "esd", "lesions": [1, 2], "pieces": 1, "en_bloc": True}],
        )
        [specimen] = seen.specimens
        one, two = seen.lesions
        assert specimen.lesions == [one, two]
        book.report(
            specimen,
            "2026-03-09",
            {"lesion_id": one.id, "vienna": "4.4", "depth": "M"},
            {"lesion_id": two.id, "vienna": "3"},
        )
        assert (one.worst, one.cancer, two.worst, two.cancer) == (
            Vienna.INTRAMUCOSAL,
            True,
            Vienna.LOW_GRADE,
            False,
        )
        assert len(book.tumours(person_id)) == 1


def test_an_invalid_second_lesion_leaves_nothing_behind(acting, book):
    with acting():
        person_id = book.enrol().person_id
        before = {model: count(model) for model in (Examination, Lesion, Specimen, AuditEntry)}
        with pytest.raises(Invalid) as refused:
            book.examine(
                person_id, "2026-03-02", lesions=[{"site": "C16.3"}, {"size_mm": 20, "size_mm_upper": 10}]
            )
        assert fields(refused) == ["lesions-1-size_mm_upper"]
        with pytest.raises(Invalid) as refused:
            book.examine(person_id, "2026-03-02", lesions=[{"size_mm": 5}, {"size_mm": 999, "site": "X"}])
        assert fields(refused) == ["lesions-1-size_mm", "lesions-1-site"]
        assert {model: count(model) for model in before} == before


def test_impossible_and_unlikely_values_carry_the_path_of_their_field(acting, book):
    with acting():
        person_id = book.enrol().person_id
        with pytest.raises(Invalid) as refused:
            book.examine(
                person_id,
                "2026-03-02",
                kind="colonoscopy",
                bbps_right=2,
                bbps_transverse=2,
                bbps_left=2,
                bbps_total=9,
                specimens=[{"method": "esd", "pieces": 3, "en_bloc": True}],
                background={"prague_c": 3, "prague_m": 1},
            )
        assert fields(refused) == ["examination-bbps_total", "background-prague_c", "specimens-0-en_bloc"]
        with pytest.raises(Invalid) as refused:
            book.examine(person_id, "1950-03-02")
        assert fields(refused) == ["examination-performed_on"]


def test_a_warning_is_asked_about_then_kept_with_its_reason(acting, book):
    with acting():
        person_id = book.enrol().person_id
        odd = {"kind": "colonoscopy", "withdrawal_min": 90}
        with pytest.raises(Unaccepted) as asked:
            book.examine(person_id, "2026-03-02", **odd, ask=True)
        [problem] = asked.value.problems
        assert problem.field == "examination-withdrawal_min"
        assert count(Examination) == 0
        accepted = [{"field": problem.field, "clause": problem.key, "reason": "多枚息肉切除"}]
        seen = book.examine(person_id, "2026-03-02", **odd, ask=True, accepted=accepted)
        assert [(flag.field, flag.reason) for flag in seen.accepted] == [(problem.field, "多枚息肉切除")]
        edited = book.examine(person_id, "2026-03-02", **odd, ask=True, existing=seen, seen=seen.version)
        assert len(edited.accepted) == 1
        book.examine(
            person_id, "2026-03-02", withdrawal_min=9, kind="colonoscopy", existing=seen, seen=seen.version
        )
        assert seen.accepted == []
        assert book.examine(person_id, "2026-03-03", **odd).accepted == []


def test_an_examination_saved_twice_is_asked_about(acting, book):
    with acting():
        person_id = book.enrol().person_id
        book.examine(person_id, "2026-03-02", ask=True)
        with pytest.raises(Unaccepted) as asked:
            book.examine(person_id, "2026-03-02", ask=True)
        assert fields(asked) == ["examination-type"]
        assert count(Examination) == 1
        [problem] = asked.value.problems
        accepted = [{"field": problem.field, "clause": problem.key, "reason": "上午未完成，下午重做"}]
        book.examine(person_id, "2026-03-02", ask=True, accepted=accepted)
        book.examine(person_id, "2026-03-02", kind="colonoscopy", ask=True)
        book.examine(person_id, "2026-03-03", ask=True)
        assert count(Examination) == 4


def test_nothing_that_is_derived_can_be_given(acting, book):
    with acting():
        person_id = book.enrol().person_id
        for lesion in ({"worst": "5.2"}, {"cancer": True}, {"awaited": False}):
            with pytest.raises(TypeError):
                book.examine(person_id, "2026-03-02", lesions=[lesion])


def test_an_edit_changes_adds_and_removes(acting, book, audit_entries):
    with acting():
        person_id = book.enrol().person_id
        seen = book.examine(
            person_id,
            "2026-03-02",
            lesions=[{"site": "C16.3"}, {"site": "C16.2"}],
            specimens=[{"method": "forceps", "lesions": [2]}],
            adverse_events=[{"kind": "bleeding"}],
        )
        assert seen.any_adverse_event is True
        keep, drop = (lesion.id for lesion in seen.lesions)
        version = seen.version
        book.examine(
            person_id,
            "2026-03-02",
            lesions=[{"id": keep, "size_mm": 9}, {"site": "C16.0"}],
            specimens=[{"id": seen.specimens[0].id, "lesions": [1]}],
            adverse_events=[],
            existing=seen,
            seen=version,
            reason="补录",
        )
        assert seen.version == version + 1
        assert [(lesion.number, lesion.site.code, lesion.size_mm) for lesion in seen.lesions] == [
            (1, "C16.3", 9),
            (2, "C16.0", None),
        ]
        assert seen.specimens[0].lesions == [seen.lesions[0]]
        assert seen.adverse_events == []
        assert (seen.lesions[0].sampled, seen.lesions[1].sampled) == (True, False)
        assert db.session.get(Lesion, drop) is None
    entries = [entry for entry in audit_entries("case.amend") if entry.subject == "lesion"]
    assert {(entry.kind, entry.subject_id, entry.reason) for entry in entries} >= {
        ("update", keep, "补录"),
        ("delete", drop, "补录"),
    }


def test_what_pathology_rests_on_is_not_removed(acting, book):
    with acting():
        person_id = book.enrol().person_id
        lesion = book.biopsy(person_id, "2026-03-02", "2026-03-05", vienna="3")
        seen = lesion.examination
        with pytest.raises(Invalid) as refused:
            book.examine(person_id, "2026-03-02", existing=seen, seen=seen.version)
        assert fields(refused) == ["lesions", "specimens"]
        with pytest.raises(Invalid) as refused:
            book.examine(
                person_id,
                "2026-03-02",
                lesions=[{"id": lesion.id}],
                specimens=[{"id": seen.specimens[0].id, "lesions": []}],
                existing=seen,
                seen=seen.version,
            )
        assert fields(refused) == ["specimens-0-lesions"]


def test_two_editors_the_second_is_told(acting, book):
    with acting():
        person_id = book.enrol().person_id
        seen = book.examine(person_id, "2026-03-02", lesions=[{"site": "C16.3"}])
        version = seen.version
        rows = [{"id": seen.lesions[0].id, "size_mm": 9}]
        book.examine(person_id, "2026-03-02", lesions=rows, existing=seen, seen=version)
        rows[0]["size_mm"] = 30
        with pytest.raises(Overtaken) as told:
            book.examine(person_id, "2026-03-02", lesions=rows, existing=seen, seen=version)
        assert (told.value.seen, told.value.now) == (version, version + 1)
        assert db.session.get_one(Lesion, seen.lesions[0].id).size_mm == 9


def test_a_repeat_continues_an_incomplete_colonoscopy(acting, book):
    with acting():
        person_id, other_id = book.enrol().person_id, book.enrol(4).person_id
        first = book.examine(
            person_id,
            "2026-03-02",
            kind="colonoscopy",
            caecum_reached=False,
            extent="splenic",
            incomplete_reason="poor_preparation",
            bbps_left=1,
            bbps_right_missing="not_applicable",
        )
        assert first.bbps_right_missing is Missing.NOT_APPLICABLE
        again = book.examine(
            person_id, "2026-03-05", kind="colonoscopy", caecum_reached=True, continues_id=first.id
        )
        assert again.continues_id == first.id
        with pytest.raises(Invalid) as refused:
            book.examine(other_id, "2026-03-06", kind="colonoscopy", continues_id=first.id)
        assert fields(refused) == ["examination-continues_id"]
        with pytest.raises(Invalid) as refused:
            book.examine(person_id, "2026-03-07", kind="colonoscopy", caecum_reached=True, extent="sigmoid")
        assert fields(refused) == ["examination-extent"]


def test_the_dead_are_not_examined(acting, book):
    from registry.services.course.outcome import vital_status

    with acting():
        person_id = book.enrol().person_id
        vital_status(
            person_id, vital="dead", as_of=date(2025, 3, 1), as_of_precision="month", source="family"
        )
        book.examine(person_id, "2025-03-31")
        with pytest.raises(Invalid) as refused:
            book.examine(person_id, "2025-04-01")
        assert fields(refused) == ["examination-performed_on"]


def test_the_same_as_must_be_an_earlier_lesion_of_the_person(acting, book):
    with acting():
        person_id, other_id = book.enrol().person_id, book.enrol(4).person_id
        foreign = book.biopsy(other_id, "2026-01-02", "2026-01-05", vienna="3")
        later = book.biopsy(person_id, "2026-05-02", "2026-05-05", vienna="3")
        for wrong in (foreign.id, later.id, 10_000):
            with pytest.raises(Invalid) as refused:
                book.examine(person_id, "2026-03-02", lesions=[{"site": "C16.3", "same_as_id": wrong}])
            assert fields(refused) == ["lesions-0-same_as_id"]


def test_what_is_due_next_replaces_what_was_due_for_the_same_tract(acting, book):
    with acting():
        person_id = book.enrol().person_id
        upper = {"next_due_on": date(2026, 9, 1), "next_due_what": "ogd", "next_due_reason": "LGIN 6 个月"}
        first = book.examine(person_id, "2026-03-02", next_due=upper)
        lower = {"next_due_on": date(2029, 3, 1), "next_due_what": "colonoscopy"}
        book.examine(person_id, "2026-03-03", kind="colonoscopy", next_due=lower)
        due = next_due_of(first)
        assert (due.contacted_on, due.mode.code, due.outcome.code, due.settled) == (
            date(2026, 3, 2),
            "clinic",
            "attended",
            False,
        )
        second = book.examine(person_id, "2026-09-05", next_due=upper | {"next_due_on": date(2027, 9, 1)})
        assert next_due_of(first).settled is True
        still = db.session.scalars(select(FollowUp).where(FollowUp.settled.is_(False))).all()
        assert sorted(row.next_due_on.year for row in still) == [2027, 2029]
        moved = upper | {"next_due_on": date(2028, 1, 1)}
        book.examine(person_id, "2026-09-05", next_due=moved, existing=second, seen=second.version)
        assert next_due_of(second).next_due_on == date(2028, 1, 1)
        assert count(FollowUp) == 3


def test_a_case_belongs_to_its_centre(acting, book):
    with acting("endoscopist", "county_a"):
        person_id = book.enrol().person_id
        examination_id = book.examine(person_id, "2026-03-02").id
    with acting("endoscopist", "county_b"):
        assert case(examination_id) is None
        with pytest.raises(Forbidden):
            book.examine(person_id, "2026-03-03")
    with acting("quality_reviewer", None):
        assert case(examination_id).id == examination_id
        with pytest.raises(Forbidden):
            book.examine(person_id, "2026-03-03")


def test_the_next_form_takes_over_who_and_how_never_what_was_seen(acting, book, alliance):
    with acting("endoscopist", "city") as scope:
        assert last_case_defaults() == {}
        person_id = book.enrol().person_id
        book.examine(
            person_id, "2026-03-02", operator_id=scope.actor_id, sedation="sedation", withdrawal_min=7.5
        )
        found = last_case_defaults()
        assert found["operator_id"] == scope.actor_id
        assert found["sedation"].code == "sedation"
        assert set(found) == {"operator_id", "supervisor_id", "sedation", "scope"}
    with acting("recorder", "city"):
        assert last_case_defaults() == {}


def test_earlier_lesions_are_offered_from_everywhere_in_words(acting, book):
    with acting("endoscopist", "county_a"):
        person_id = book.enrol().person_id
        there = book.biopsy(person_id, "2026-01-05", "2026-01-09", vienna="4.1").id
    with acting("endoscopist", "city"):
        book.enrol()
        own = book.biopsy(person_id, "2026-02-05", "2026-02-09", vienna="3")
        own_id, examination_id = own.id, own.examination_id
        offered = earlier_lesions(person_id)
        assert [lesion_id for lesion_id, _ in offered] == [own_id, there]
        assert "甲县人民医院" in offered[1][1].zh
        assert "County A Hospital" in offered[1][1].en
        assert [lesion_id for lesion_id, _ in earlier_lesions(person_id, examination_id)] == [there]


def test_an_emptied_background_is_removed_and_an_absent_one_left_alone(acting, book):
    with acting():
        person_id = book.enrol().person_id
        seen = book.examine(person_id, "2026-03-02", background={"kimura": "O-1"})
        book.examine(person_id, "2026-03-02", existing=seen, seen=seen.version)
        assert seen.background.kimura.code == "O-1"
        book.examine(person_id, "2026-03-02", background={"kimura": None}, existing=seen, seen=seen.version)
        assert count(Background) == 0


def test_a_corrected_birth_date_corrects_ages_everywhere(acting, book):
    from registry.services.people.enrolling import amend

    with acting("endoscopist", "county_a"):
        person_id = book.enrol(None, born_on=date(1960, 1, 1)).person_id
        assert book.examine(person_id, "2026-03-02").age == 66
    with acting("endoscopist", "city"):
        enrolment = book.enrol(None, person_id=person_id, reason="转诊")
        amend(enrolment, seen=enrolment.version, reason="核对户口本", born_on=date(1970, 1, 1))
        assert db.session.get_one(Person, person_id).born_on == date(1970, 1, 1)
        with pytest.raises(Invalid):
            amend(enrolment, seen=enrolment.version, reason="笔误", born_on=date(2026, 3, 3))
    with acting("endoscopist", "county_a"):
        assert db.session.scalar(select(Examination.age)) == 56
