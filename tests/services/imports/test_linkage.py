"""Lists of deaths and of a cancer register: whom they mean, what they change, and where survival ends."""

import csv
from datetime import date

import pytest
from sqlalchemy import select

from registry.codes.person import Sex, Vital, VitalSource
from registry.exchange import mapping, readers
from registry.exchange.gathering import cases
from registry.extensions import db
from registry.label import reading
from registry.models import Person, Tumour, VitalStatus
from registry.queries.record.people import enrolment_of
from registry.queries.survival.by_days import followed
from registry.services import imports
from registry.services.values import today

CLOSING = "2025-12-31"
DEATHS = (
    *("序号", "姓名", "性别", "出生日期", "年龄", "身份证号", "登记号", "联系电话"),
    *("死亡日期", "根本死因", "名单截止日期"),
)
REGISTER = (
    *(
        "登记编号",
        "姓名",
        "性别",
        "出生日期",
        "身份证号",
        "登记号",
        "联系电话",
        "器官",
        "部位编码",
        "形态学编码",
    ),
    *("发病日期", "诊断依据", "分期", "生存状态", "末次随访日期"),
)
BORN = {"sex": Sex.MALE, "born_on": date(1958, 3, 4)}


@pytest.fixture
def bring(tmp_path):
    """`bring("deaths", {…}, {…})` brings in a list of these entries, and gives the receipt."""

    def brought(name, *entries, dry_run=False):
        header = DEATHS if name == "deaths" else REGISTER
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            for number, entry in enumerate(entries):
                filled = (
                    {"名单截止日期": CLOSING, "序号": number} if name == "deaths" else {"登记编号": number}
                )
                writer.writerow(filled | entry)
        chosen = mapping.load(mapping.find(name))
        rows = readers.read(path, chosen.kind, chosen.encoding, chosen.columns)
        origin = imports.Origin(
            chosen.source, chosen.name, chosen.digest, readers.digest(path), about=chosen.about
        )
        return imports.bring_in(cases.gather(rows, chosen, today=today()), origin, dry_run=dry_run)

    return brought


def numbers(receipt):
    return receipt.new, receipt.updated, receipt.unchanged, len(receipt.refused)


def person(person_id):
    db.session.expire_all()
    return db.session.get_one(Person, person_id)


def dead(number, **more):
    return {
        "姓名": "王芳",
        "性别": "女",
        "身份证号": number,
        "死亡日期": "2025-08-01",
        "根本死因": "C16.9",
    } | more


@pytest.fixture
def cured(acting, book):
    """Two with an early gastric cancer resected in 2024, the second without a document; their ids."""
    ids = []
    with acting("endoscopist"):
        for serial, name, known in ((2, "王芳", {}), (None, "单建国", {**BORN, "phone": "13800000001"})):
            person_id = book.enrol(serial, name=name, **known).person_id
            book.resect(
                person_id, "2024-05-01", "2024-05-09", vienna="4.4", who_type="adenocarcinoma", depth="SM1"
            )
            ids.append(person_id)
    return ids


def test_a_death_is_found_by_document_and_survival_moves(acting, book, cured, bring):
    first, second = cured
    with acting("centre_manager"):
        before = [(tumour.followed_days, tumour.dead) for tumour in tumours()]
        assert before == [(0, False), (0, False)]
        assert numbers(bring("deaths", dead(book.number(2)))) == (1, 0, 0, 0)
        found = person(first)
        assert (found.vital, found.died_on, found.linked_until) == (
            Vital.DEAD, date(2025, 8, 1), date(2025, 12, 31),
        )  # fmt: skip
        told = db.session.scalar(select(VitalStatus).where(VitalStatus.person_id == first))
        assert (told.source, told.cause) == (VitalSource.DEATH_LIST, "C16.9")
        assert told.import_id is not None
        # Whoever was looked for and not found is followed until the closing day, and is not said to live.
        assert (person(second).vital, person(second).linked_until) == (Vital.ALIVE, date(2025, 12, 31))
        assert person(second).last_alive_on == date(2024, 5, 1)
        days = (date(2025, 8, 1) - date(2024, 5, 1)).days, (date(2025, 12, 31) - date(2024, 5, 1)).days
        assert [(tumour.followed_days, tumour.dead) for tumour in tumours()] == [
            (days[0], True),
            (days[1], False),
        ]
        (group,) = followed().groups
        assert sorted(zip(group.days.tolist(), group.dead.tolist(), strict=True)) == [
            (days[0], True),
            (days[1], False),
        ]


def tumours():
    db.session.expire_all()
    return db.session.scalars(select(Tumour).order_by(Tumour.id)).all()


def test_the_same_list_again_changes_nothing_and_a_later_one_moves_the_closing(acting, book, cured, bring):
    with acting("centre_manager"):
        bring("deaths", dead(book.number(2)))
        state = [(row.id, row.version, row.followed_days) for row in tumours()]
        assert numbers(bring("deaths", dead(book.number(2)))) == (0, 0, 1, 0)
        assert [(row.id, row.version, row.followed_days) for row in tumours()] == state
        later = {"名单截止日期": "2026-06-30"}
        assert numbers(bring("deaths", dead(book.number(2), **later))) == (0, 1, 0, 0)
        assert {person(one).linked_until for one in cured} == {date(2026, 6, 30)}
        assert len(db.session.scalars(select(VitalStatus)).all()) == 2


def test_without_a_document_all_else_must_fit(acting, cured, bring):
    _, second = cured
    entry = {"姓名": "单建国", "性别": "男", "出生日期": "1958-03-04", "死亡日期": "2025-08-01"}
    with acting("centre_manager"):
        receipt = bring("deaths", entry)
        assert numbers(receipt) == (0, 0, 0, 1)
        with reading("en"):
            assert f"May be person {second}" in str(receipt.refused[0].problems[0].message)
        assert person(second).vital is Vital.ALIVE
        assert numbers(bring("deaths", entry | {"联系电话": "13800000001"})) == (1, 0, 0, 0)
        assert person(second).vital is Vital.DEAD


def test_a_doubtful_entry_is_confirmed_by_the_record_number(acting, book, cured, bring):
    _, second = cured
    with acting("centre_manager"):
        number = enrolment_of(second).record_number
        entry = {"姓名": "单建国", "性别": "男", "年龄": "67", "死亡日期": "2025-08-01", "登记号": number}
        assert numbers(bring("deaths", entry)) == (1, 0, 0, 0)
        assert person(second).died_on == date(2025, 8, 1)


@pytest.mark.parametrize(
    "entry",
    [
        {"姓名": "单建国", "性别": "男", "出生日期": "1984-03-04", "联系电话": "13800000001"},  # the son
        {"姓名": "李大海", "性别": "男", "出生日期": "1958-03-04"},
        {"姓名": "王芳", "性别": "女", "身份证号": "440524188001010014"},
    ],
)
def test_who_is_not_known_here_is_only_counted(acting, cured, bring, entry):
    with acting("centre_manager"):
        receipt = bring("deaths", {"死亡日期": "2025-08-01"} | entry)
        assert numbers(receipt) == (0, 0, 1, 0)
        assert receipt.kinds["unmatched"]["unchanged"] == 1
        assert [person(one).vital for one in cured] == [Vital.ALIVE, Vital.ALIVE]
        assert {person(one).linked_until for one in cured} == {date(2025, 12, 31)}


def test_a_death_before_the_operation_is_refused(acting, book, cured, bring):
    with acting("centre_manager"):
        receipt = bring("deaths", dead(book.number(2), 死亡日期="2023-01-01"))
        assert numbers(receipt) == (0, 0, 0, 1)
        assert receipt.refused[0].problems[0].field == "vital_status-as_of"


def test_another_house_is_not_touched(acting, book, cured, bring):
    with acting("recorder", "county_a"):
        book.enrol(None, name="单建国", phone="13800000001", **BORN)
    with acting("centre_manager", "county_a"):
        receipt = bring("deaths", dead(book.number(2)))
        assert receipt.kinds["unmatched"]["unchanged"] == 1
    with acting("centre_manager"):
        assert {person(one).linked_until for one in cured} == {None}


def test_nobody_who_could_not_be_found_is_called_searched(acting, book, bring):
    with acting("centre_manager"):
        vague = book.enrol(None, name="李某", sex=Sex.MALE, born_on=date(1958, 7, 1), born_precision="age")
        bring("deaths", dead(book.number(2)))
        assert person(vague.person_id).linked_until is None


def test_a_dry_run_of_a_list_changes_nothing(acting, book, cured, bring):
    with acting("centre_manager"):
        assert numbers(bring("deaths", dead(book.number(2)), dry_run=True)) == (1, 0, 0, 0)
        assert {person(one).vital for one in cured} == {Vital.ALIVE}
        assert {person(one).linked_until for one in cured} == {None}


def entered(number, **more):
    known = {"姓名": "王芳", "性别": "女", "身份证号": number, "诊断依据": "7", "生存状态": "存活"}
    return known | {"末次随访日期": "2026-01-10"} | more


def test_a_register_completes_what_is_known_and_adds_what_is_not(acting, book, cured, bring):
    first, _ = cured
    with acting("centre_manager"):
        same = entered(book.number(2), 器官="胃", 发病日期="2024-05-03", 分期="局限")
        other = entered(book.number(2), 器官="食管", 部位编码="C15.4", 发病日期="2019-02-01", 分期="区域")
        receipt = bring("register", same, other)
        assert numbers(receipt) == (2, 0, 0, 0), [one.problems for one in receipt.refused]
        known, new = (
            db.session.scalars(select(Tumour).where(Tumour.person_id == first).order_by(Tumour.sequence))
        ).all()
        assert (known.organ.code, known.summary_stage.code, known.incidence_on) == (
            "stomach", "localised", date(2024, 5, 1),
        )  # fmt: skip
        assert (new.organ.code, new.incidence_on, new.sequence) == ("oesophagus", date(2019, 2, 1), 2)
        assert new.import_id is not None
        assert person(first).last_alive_on == date(2026, 1, 10)
        assert numbers(bring("register", same, other)) == (0, 0, 2, 0)
