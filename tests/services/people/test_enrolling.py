"""One person across the alliance: by the own document only, in each house under its own names."""

import threading
from datetime import date

import pytest
from sqlalchemy import func, select

from registry.access import Forbidden, Scope, act_as, unscoped
from registry.codes.alliance import Role
from registry.codes.person import Sex
from registry.extensions import db
from registry.models import Enrolment, IdentityDocument, Person, User
from registry.queries.record.people import enrolment_of, person_or_none, search
from registry.rules.problem import Invalid
from registry.services.people.enrolling import amend, enrol, history_elsewhere, match, open_elsewhere
from registry.services.unit import Overtaken


def fields(error):
    return [problem.field for problem in error.value.problems]


def paper(value, **more):
    return {"type": "resident_id", "value": value, **more}


def persons():
    with unscoped("document match"):
        return db.session.scalar(select(func.count()).select_from(Person))


def test_a_number_fills_in_sex_and_birth(acting, book):
    with acting():
        person = book.enrol(3).person
        assert (person.sex, person.born_on, person.born_precision.code) == (Sex.MALE, date(1960, 1, 1), "day")


def test_the_same_person_at_two_hospitals_is_one(acting, book, audit_entries):
    with acting("recorder", "county_a"):
        first = book.enrol(name="王芳", phone="13800000001")
        person_id = first.person_id
        assert match("resident_id", book.number(2)).enrolment.id == first.id
    with acting("recorder", "city"):
        found = match("resident_id", book.number(2).lower())
        assert (found.person_id, found.enrolment, found.elsewhere) == (person_id, None, True)
        assert person_or_none(person_id) is None
        here = book.enrol(name="王 芳")
        assert (here.person_id, here.name, here.phone) == (person_id, "王 芳", None)
        assert [each.id for each in db.session.scalars(select(Enrolment))] == [here.id]
        assert persons() == 1
    looks = [entry for entry in audit_entries() if entry.kind in {"look", "join"}]
    assert [(entry.kind, entry.person_id or entry.subject_id) for entry in looks] == [
        ("look", person_id),
        ("join", person_id),
    ]


def test_one_number_enrolled_at_two_centres_at_once_gives_one_person(app, alliance, book):
    ready = threading.Barrier(2)
    wrong = []

    def work(key):
        with app.app_context():
            user = db.session.get_one(User, alliance.user(Role.RECORDER, key))
            act_as(Scope.of(user, alliance.place(key).id, key))
            ready.wait()
            try:
                book.enrol(name="王芳")
            except Exception as error:  # noqa: BLE001 – told to the test below
                wrong.append(error)

    threads = [threading.Thread(target=work, args=(key,)) for key in ("city", "county_a")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    with app.app_context(), unscoped("document match"):
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1
        assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 2


def test_nobodys_number_and_the_mothers_number_match_nobody(acting, book):
    number = book.number(2)
    with acting("recorder", "county_a"):
        mother = enrol(name="李母", documents=[paper(number)])
        child = enrol(name="李子", documents=[paper(number, owner="mother")], born_on=date(2010, 5, 1))
        assert child.person_id != mother.person_id
        assert child.person.born_on == date(2010, 5, 1)
        assert match("resident_id", number).person_id == mother.person_id
        one = enrol(name="无名甲", documents=[{"type": "none"}])
        two = enrol(name="无名乙", documents=[{"type": "none"}])
        nothing = enrol()
        assert len({one.person_id, two.person_id, nothing.person_id}) == 3
        assert nothing.person.sex is Sex.UNKNOWN
        family = {mother.person_id, child.person_id}
    with acting("recorder", "city"):
        other_child = enrol(name="李二", documents=[paper(number, owner="mother")])
        assert other_child.person_id not in family
        assert match("passport", number).person_id is None


def test_one_own_number_is_one_person_within_a_centre(acting, book):
    number = book.number(2)
    with acting():
        first = enrol(name="王芳", documents=[paper(number)])
        with pytest.raises(Invalid) as refused:
            enrol(name="王方", documents=[paper(number)])
        assert fields(refused) == ["documents-0-value"]
        other = enrol(name="王方")
        with pytest.raises(Invalid) as refused:
            amend(other, seen=other.version, reason="补证件", documents=[paper(number)])
        assert fields(refused) == ["documents-0-value"]
        assert number not in str(refused.value)
        amend(other, seen=other.version, reason="补证件", documents=[paper(number, doubtful=True)])
        assert other.documents[0].value == number
        assert match("resident_id", number).person_id == first.person_id


@pytest.mark.parametrize("value", ["110105194912310021", "1.1010519491231e+17", "110105491231002", "", "123"])
def test_a_number_that_cannot_be_is_refused(acting, value):
    with acting():
        with pytest.raises(Invalid) as refused:
            enrol(name="王芳", documents=[paper(value)])
        assert fields(refused) == ["documents-0-value"]
        assert persons() == 0


def test_other_documents_are_first_class(acting):
    with acting():
        first = enrol(name="John Smith", documents=[{"type": "passport", "value": "e 1234-5678"}])
        assert match("passport", "Ｅ12345678").enrolment.id == first.id
        assert [each.id for each in search("smith")] == [first.id]
        permit = enrol(name="陈大文", documents=[{"type": "hmt_permit", "value": "H0123456700"}])
        assert match("hmt_permit", "h0123456700").person_id == permit.person_id
        old = enrol(name="Ana", documents=[{"type": "foreign_permanent", "value": "USA310056021101"}])
        assert match("foreign_permanent", "usa310056021101").person_id == old.person_id


def test_enrolling_by_id_without_a_document_needs_a_reason(acting, book):
    with acting("recorder", "county_a"):
        person_id = book.enrol(None).person_id
    with acting("recorder", "city"):
        with pytest.raises(Invalid) as refused:
            enrol(name="张三", person_id=person_id)
        assert fields(refused) == ["reason"]
        with pytest.raises(Invalid):
            enrol(name="张三", person_id=person_id, documents=[paper(book.number(2))], reason=None)
        with pytest.raises(Invalid) as refused:
            enrol(name="张三", person_id=10_000, reason="转诊")
        assert fields(refused) == ["person_id"]
        assert enrol(name="张三", person_id=person_id, reason="转诊").person_id == person_id


def test_what_the_alliance_knows_is_filled_in_and_not_overwritten(acting, book):
    with acting("recorder", "county_a"):
        passport = [{"type": "passport", "value": "E1"}]
        person_id = enrol(
            name="Ana", documents=passport, born_on=date(1960, 1, 1), born_precision="year"
        ).person_id
    with acting("recorder", "city"):
        here = enrol(name="Ana", documents=passport, sex="2", born_on=date(1960, 4, 5))
        assert (here.person.sex, here.person.born_on) == (Sex.FEMALE, date(1960, 4, 5))
        assert here.person_id == person_id
    with acting("recorder", "county_b"):
        with pytest.raises(Invalid) as refused:
            enrol(name="Ana", documents=passport, sex="1", born_on=date(1961, 4, 5))
        assert fields(refused) == ["sex", "born_on"]
        assert enrolment_of(person_id) is None


def test_found_by_name_pinyin_and_the_ends_of_numbers_at_home_only(acting, book):
    with acting("recorder", "county_a"):
        made = {
            name: enrol(name=name, phone=phone, documents=[paper(book.number(serial))]).id
            for name, phone, serial in (
                ("单雄信", "138 0000 1111", 2),
                ("曾国藩", "13800002222", 4),
                ("欧阳修", "13800003333", 6),
                ("李䶮", "13800004444", 8),
                ("王𬱖", "13800005555", 10),
                ("吕布", "13800006666", 12),
            )
        }

        def found(text):
            return [each.name for each in search(text)]

        assert found("单雄信") == found("shanxiongxin") == found("SXX") == found("1111") == ["单雄信"]
        assert found("danxiongxin") == ["单雄信"]
        assert found("zgf") == found("zengguofan") == ["曾国藩"]
        assert found("ouyangxiu") == found("oyx") == ["欧阳修"]
        assert found("李䶮") == found("liyan") == ["李䶮"]
        assert found("王𬱖") == found("wangwei") == ["王𬱖"]
        assert found("lǚ bù") == found("lvbu") == found("lubu") == ["吕布"]
        assert found(book.number(2)[-4:]) == ["单雄信"]
        assert found("sxx 2222") == found("陈") == found("") == found("  ") == []
        assert found("zgf 2222") == ["曾国藩"]
        number = enrolment_of(db.session.get_one(Enrolment, made["吕布"]).person_id).record_number
        assert found(number) == ["吕布"]
    with acting("recorder", "city"):
        assert search("单雄信") == []
    with acting("quality_reviewer", None):
        assert search("单雄信") == []


def test_a_changed_name_is_found_and_the_old_one_is_not(acting, book, audit_entries):
    with acting():
        enrolment = book.enrol(name="张三")
        version = enrolment.version
        amend(
            enrolment,
            seen=version,
            reason="更名",
            name="李四",
            contacts=[{"relation": "spouse", "phone": "139"}],
        )
        assert (search("张三"), [each.id for each in search("ls")]) == ([], [enrolment.id])
        assert [(each.relation.code, each.phone) for each in enrolment.contacts] == [("spouse", "139")]
        assert len(enrolment.documents) == 1
        with pytest.raises(Overtaken):
            amend(enrolment, seen=version, reason="更名", name="王五")
    changed = audit_entries("person.amend")
    assert {entry.subject for entry in changed} == {"enrolment", "contact"}
    assert all("李四" not in (entry.changes or "") for entry in changed)


def test_record_numbers_are_made_and_are_one_to_a_centre(acting):
    with acting("recorder", "county_a"):
        one, two = enrol(name="甲"), enrol(name="乙", record_number=" A-17 ")
        assert one.record_number
        assert two.record_number == "A-17"
        with pytest.raises(Invalid) as refused:
            enrol(name="丙", record_number="a17")
        assert fields(refused) == ["record_number"]
    with acting("recorder", "county_b"):
        assert enrol(name="丁", record_number="A-17").record_number == "A-17"


def test_a_history_elsewhere_shows_in_lines_and_opens_with_a_reason(acting, book, audit_entries):
    with acting("endoscopist", "county_a"):
        person_id = book.enrol(name="张三").person_id
        book.biopsy(person_id, "2026-01-05", "2026-01-09", vienna="4.2")
        book.examine(person_id, "2026-02-05", kind="colonoscopy")
    with acting("endoscopist", "city"):
        with pytest.raises(Forbidden):
            history_elsewhere(person_id)
        book.enrol(name="张三")
        newest, oldest = history_elsewhere(person_id)
        assert (newest.on, newest.kind.en, newest.result.en) == (date(2026, 2, 5), "Colonoscopy", "No lesion")
        assert (oldest.result.zh, oldest.centre.zh) == ("非浸润癌（原位癌）", "甲县人民医院")
        with pytest.raises(Invalid):
            open_elsewhere(person_id, "  ")
        opened = open_elsewhere(person_id, "转诊手术")
        assert [each.on for each in opened] == [date(2026, 2, 5), date(2026, 1, 5)]
        assert opened[1].specimens[0].reports[0].results[0].vienna.code == "4.2"
        assert db.session.scalars(select(IdentityDocument)).all()[0].centre_id != opened[0].centre_id
    [look] = audit_entries("history_elsewhere.look")
    assert (look.person_id, look.reason) == (person_id, "转诊手术")
