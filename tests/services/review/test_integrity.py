"""What stands out in somebody's records: first the person's to read, later the house's."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from registry.access import Forbidden
from registry.codes.endoscopy import ExaminationType, Indication
from registry.codes.integrity import IntegrityKind as Kind
from registry.indicators.checks import check_called
from registry.indicators.checks.timely import ENTRY_DAYS, ENTRY_OR_MEMORY, MEMORY_DAYS
from registry.models import Enrolment, Examination, Lesion, Person
from registry.queries.review import integrity as queries
from registry.queries.review.data_quality import Period, counted
from registry.queries.review.integrity import House, Longest
from registry.reports.integrity import house_of, signals
from registry.rules.integrity import STANDS_OUT, Look, Signal, judged, worth_raising
from registry.rules.problem import Invalid
from registry.services.review import integrity as services
from registry.services.unit import Overtaken, change
from registry.services.values import today

DAY = date(2001, 3, 1)
COLON = (ExaminationType.COLONOSCOPY,)
LONG = "乙状结肠见一枚无蒂息肉，表面光滑，边界清楚，予以钳除送检，创面无活动性出血，"
LONG += "余肠段黏膜光滑，血管纹理清晰，第"


def entered(unit, centre_id, who, rows, *, day=DAY):
    """Colonoscopies of one person, each as columns; `lesion` says whether one was seen."""
    person = unit.add(Person(pseudonym=f"p{who}-{len(unit.added)}"))
    unit.add(Enrolment(person=person, enrolled_on=day, centre_id=centre_id))
    made = []
    for row in rows:
        lesion = row.pop("lesion", False)
        columns = {"performed_on": day, "type": ExaminationType.COLONOSCOPY, **row}
        made.append((Examination(person=person, operator_id=who, centre_id=centre_id, **columns), lesion))
    unit.add(*(one for one, _ in made))
    unit.session.flush()
    seen = [one for one, lesion in made if lesion]
    unit.add(*(Lesion(examination_id=one.id, number=1, centre_id=centre_id) for one in seen))


@pytest.fixture
def heaped(acting, alliance):
    """60 withdrawals of the city's endoscopist, 45 of them in six minutes; the manager's are smooth."""
    minutes = [6] * 45 + [4, 5, 5, 5, 7, 7, 7, 7, 8, 8, 8, 8.2, 9, 12, 20]
    smooth = [4] * 6 + [5] * 9 + [6] * 12 + [6.4, 5.6] + [7] * 12 + [8] * 9
    with acting("endoscopist"), change("test.cases") as unit:
        entered(
            unit, alliance.city.id, alliance.user("endoscopist"), [{"withdrawal_min": m} for m in minutes]
        )
        entered(
            unit, alliance.city.id, alliance.user("centre_manager"), [{"withdrawal_min": m} for m in smooth]
        )
    return alliance.user("endoscopist")


def of(found, kind):
    (one,) = (one for one in found if one.kind is kind)
    return one


def test_minutes_are_counted_in_whole_ones(acting, alliance, heaped):
    house = house_of(alliance.city.id, "2001-06")
    assert (house.start, house.end) == (date(2001, 1, 1), date(2001, 6, 30))
    with acting("endoscopist"):
        assert queries.minutes(house) == {
            heaped: [1, 3, 45, 4, 4],
            alliance.user("centre_manager"): [6, 9, 14, 12, 9],
        }
        assert queries.minutes(house_of(alliance.city.id, "2001-02")) == {}
    with acting("endoscopist", "county_a"):
        assert queries.minutes(house) == {}


def test_a_heap_is_told_with_what_would_be_expected(acting, alliance, heaped):
    house = house_of(alliance.city.id, "2001-06")
    with acting("endoscopist"):
        one = of(signals(house, operator_id=heaped), Kind.SIX_MINUTES)
        assert (one.counted, one.known, one.look) == (45, 57, Look.STANDS_OUT)
        assert one.p < STANDS_OUT
        assert "45 次（78.9 %）为 6 分钟" in one.said.zh
        assert "at most 30 %" in one.said.en
        other = of(signals(house, operator_id=alliance.user("centre_manager")), Kind.SIX_MINUTES)
        assert other.look is Look.ORDINARY


def test_runs_follow_the_order_of_time(acting, alliance):
    who, day = alliance.user("endoscopist"), DAY + timedelta(3)
    rows = [{"lesion": number % 3 == 0} for number in range(60)]
    rows += [{"performed_on": day, "started_at": time(8, number)} for number in range(45)]
    rows += [{"performed_on": day, "started_at": time(at), "lesion": True} for at in (7, 9)]
    rows += [{"indication": Indication.CHECK_UP} for _ in range(90)]  # in days of their own, and left out
    rows += [{"performed_on": day} for _ in range(5)]  # without a time: last of the day
    with acting("endoscopist"), change("test.cases") as unit:
        entered(unit, alliance.city.id, who, rows)
    house = house_of(alliance.city.id, "2001-06")
    with acting("endoscopist"):
        assert queries.normal_runs(house, COLON) == {who: Longest(45, 90, 112, day, day)}
        assert queries.normal_days(replace(house, operator_id=who), COLON) == [(40, 60), (50, 52)]
        assert queries.normal_runs(house, [ExaminationType.OGD]) == {}
        one = of(signals(house), Kind.NORMAL_RUN_COLON)
        assert (one.counted, one.known, one.look) == (45, 112, Look.ORDINARY)  # all on one day


def test_a_row_over_many_days_stands_out(acting, alliance):
    who = alliance.user("endoscopist")
    rows = [
        {"performed_on": DAY + timedelta(day), "started_at": time(8, number), "lesion": number % 3 == 0}
        for day in range(30)
        for number in range(4)
    ]
    for row in rows[48:84]:  # nine days of four
        row["lesion"] = False
    with acting("endoscopist"), change("test.cases") as unit:
        entered(unit, alliance.city.id, who, rows)
    with acting("endoscopist"):
        one = of(signals(house_of(alliance.city.id, "2001-06"), operator_id=who), Kind.NORMAL_RUN_COLON)
        assert (one.known, one.look) == (120, Look.STANDS_OUT)
        assert "整日调换" in one.said.zh


def test_words_of_the_house_are_nobodys_copy(acting, alliance):
    who = alliance.user("endoscopist")
    others = [alliance.user(role, "city") for role in ("recorder", "centre_manager")]
    others += [alliance.user(role, None) for role in ("quality_reviewer", "researcher", "auditor")]
    with acting("endoscopist"), change("test.cases") as unit:
        for doctor in (who, *others):
            own = [{"findings": f"{LONG}{doctor}-{number}", "lesion": True} for number in range(25)]
            own += [{"findings": f"{LONG}通用", "lesion": True}] * 4  # three or more write it
            own += [{"findings": f"{LONG}正常{doctor}"}] * 9  # nothing was seen
            own += [{"findings": "短", "lesion": True}] * 9
            if doctor == who:
                own += [{"findings": f"{LONG}抄", "lesion": True}] * 40
            entered(unit, alliance.city.id, doctor, [dict(one) for one in own])
    house = house_of(alliance.city.id, "2001-06")
    with acting("endoscopist"):
        counted = queries.same_words(house)
        assert counted[who] == (40, 65)
        assert {counted[doctor] for doctor in others} == {(0, 25)}
        one = of(signals(house, operator_id=who), Kind.SAME_WORDS)
        assert (one.counted, one.known, one.look) == (40, 65, Look.STANDS_OUT)
        assert "5 位同行" in one.said.zh
    with acting("quality_reviewer"):
        assert queries.same_words(house) == counted


def test_late_entries_are_those_of_the_trail(acting, alliance):
    who = alliance.user("endoscopist")
    rows = [{"performed_on": today() - timedelta(days)} for days in (0, 1, 6, 9, 20, 40)]
    with acting("endoscopist"), change("test.cases") as unit:
        entered(unit, alliance.city.id, who, rows)
    house = House(alliance.city.id, today() - timedelta(60), today())
    for role in ("endoscopist", "centre_manager", "quality_reviewer"):
        with acting(role):
            assert queries.late_entries(house) == {who: (3, 6)}
            few = of(signals(house), Kind.LATE_ENTRY)
            assert (few.look, few.p) == (Look.TOO_FEW, None)
            assert "不作判断" in few.said.zh


def test_the_days_of_own_records_and_of_data_quality_are_declared_side_by_side(acting, alliance):
    """Typed after 7 days: late beside peers; after 8 to 30 still in time for the month; after 31 neither."""
    check = check_called(f"timely.examination.entered_{ENTRY_DAYS}_days")
    who, now = alliance.user("endoscopist"), datetime.now(UTC).date()
    expected = {7: (0, 1), 8: (1, 1), 30: (1, 1), 31: (1, 0)}
    with acting("endoscopist"), change("test.cases") as unit:
        entered(unit, alliance.city.id, who, [{"performed_on": now - timedelta(days)} for days in expected])
    for days, (late, in_time) in expected.items():
        day = now - timedelta(days)
        with acting("quality_reviewer", None):
            assert queries.late_entries(House(alliance.city.id, day, day)) == {who: (late, 1)}
            (found,) = counted([check], Period(day, day), today=today())
            assert (found.judged, found.fine) == (1, in_time), days
    for words in ENTRY_OR_MEMORY:
        assert str(ENTRY_DAYS) in words
        assert str(MEMORY_DAYS) in words
    assert check.remark is ENTRY_OR_MEMORY


def test_it_is_raised_once_and_read_by_the_person_first(acting, alliance, heaped, app, audit_entries):
    house = house_of(alliance.city.id, "2001-06")
    with acting("endoscopist"), pytest.raises(Forbidden):
        services.raise_signals([])
    with acting("quality_reviewer"):
        assert services.raise_signals(signals(house)) == 1
        assert services.raise_signals(signals(house)) == 0
        assert services.raise_signals(signals(house_of(alliance.city.id, "2001-07"))) == 0
        assert queries.numbers(services.raised_before(), since=DAY) == []
    with acting("centre_manager"):
        assert queries.own() == []
        assert queries.of_the_house(services.raised_before(), limit=9) == []
    with acting("endoscopist"):
        (mine,) = queries.own()
        assert mine.counted == 45
        for words in ("", "  ", None, "患者 11010519491231002X"):
            with pytest.raises(Invalid):
                services.answer(mine, comment=words)
        with pytest.raises(Overtaken):
            services.answer(mine, comment="计时器", seen=9)
    with acting("endoscopist"):
        (mine,) = queries.own()
        services.answer(mine, comment="科室用 6 分钟计时器", seen=1)
        number = mine.id
    with acting("centre_manager"):
        (seen,) = queries.of_the_house(services.raised_before(), limit=9)
        assert seen.comment == "科室用 6 分钟计时器"
        assert queries.own_one(number) is None
        with pytest.raises(Forbidden):
            services.answer(seen, comment="别人写")
    with acting("centre_manager", "county_a"):
        assert queries.of_the_house(services.raised_before(), limit=9) == []
    with acting("quality_reviewer"):
        (counted,) = queries.numbers(services.raised_before(), since=DAY)
        assert (counted.centre_id, counted.raised, counted.answered) == (alliance.city.id, 1, 1)
    assert [entry.subject for entry in audit_entries("integrity.")] == ["integrity_signal"] * 2


def test_after_the_delay_others_know_without_an_answer(acting, alliance, heaped, app):
    with acting("quality_reviewer"):
        services.raise_signals(signals(house_of(alliance.city.id, "2001-06")))
        later = datetime.now(UTC) + timedelta(seconds=1)
        (counted,) = queries.numbers(later, since=DAY)
        assert (counted.raised, counted.answered) == (1, 0)
        assert services.delay_days() == 14
        assert queries.numbers(services.raised_before(), since=DAY) == []
    with acting("centre_manager"):
        assert len(queries.of_the_house(later, limit=9)) == 1


def test_what_is_judged_and_what_is_new():
    assert judged(float("nan"), few=False) is Look.TOO_FEW
    assert judged(0.0, few=True) is Look.TOO_FEW
    assert judged(0.0001, few=False, counted=4, least=5) is Look.ORDINARY
    assert judged(0.0001, few=False, counted=5, least=5) is Look.STANDS_OUT
    assert judged(0.001, few=False) is Look.ORDINARY
    one = Signal(Kind.LATE_ENTRY, 1, 2, DAY, DAY, 9, 9, 0.0, Look.STANDS_OUT, Look.STANDS_OUT.value)
    assert worth_raising(one, [])
    assert worth_raising(one, [DAY - timedelta(1)])
    assert not worth_raising(one, [DAY])
