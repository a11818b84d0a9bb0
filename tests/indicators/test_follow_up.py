"""Follow-up: contact, loss, surveillance and managed high risk, each with its days of grace."""

from datetime import date, timedelta

import pytest

from registry.indicators import INDICATORS, State
from registry.models import Examination, FollowUp, RiskAssessment
from registry.queries.counting.tallies import tally
from registry.reports.rates.quality import this_day
from registry.services.unit import change
from tests.counted import case, wrong_states

MET, NOT, UNKNOWN, OUT = State.MET, State.NOT_MET, State.UNKNOWN, None
ELSEWHEN = {"kind": "other", "performed_on": date(1999, 1, 1)}


def days(number):
    return timedelta(number)


def plan(*beside, due=0, facts=None, **more):
    """Somebody who was told 200 days before to come on the day of the case."""
    own = {"contacted_on": days(-200), "next_due_on": days(due), **more}
    return {
        "kind": "other",
        "facts": facts,
        "performed_on": date(1999, 1, 1),
        "beside": [(FollowUp, own), *beside],
    }


def contact(day, outcome="attended"):
    return FollowUp, {"contacted_on": days(day), "outcome": outcome}


def came(day, kind="ogd"):
    return Examination, {"type": kind, "performed_on": days(day)}


def assessed(*beside, tier="high"):
    own = {"assessed_on": days(0), "instrument": "li_cn", "tier": tier}
    return {**ELSEWHEN, "beside": [(RiskAssessment, own), *beside]}


def planned(day, **more):
    return FollowUp, {"contacted_on": days(1), "next_due_on": day, **more}


MISSED = contact(10, "no_answer"), contact(20, "wrong_number")
NOT_YET = this_day() - timedelta(80)
CASES = {
    "FOLLOW-UP": [
        (plan(), NOT),
        (plan(contact(5)), MET),
        (plan(contact(-30)), MET),
        (plan(contact(-31)), NOT),
        (plan(contact(90)), MET),
        (plan(contact(91)), NOT),
        (plan(contact(5, "no_answer")), NOT),
        (plan(contact(5, "declined")), MET),
        (plan(came(40)), MET),
        (plan(came(-250)), NOT),
        (plan(facts={"died_on": days(60)}), OUT),
        (plan(facts={"died_on": days(91)}), NOT),
        ({"kind": "other"}, OUT),
    ],
    "LOST": [
        (plan(), NOT),
        (plan(*MISSED), MET),
        (plan(MISSED[0]), NOT),
        (plan(*MISSED, contact(30)), NOT),
        (plan(*MISSED, came(40)), NOT),
        (plan(*MISSED, facts={"died_on": days(60)}), OUT),
    ],
    "SURVEILLANCE": [
        (plan(next_due_what="ogd"), NOT),
        (plan(came(40), next_due_what="ogd"), MET),
        (plan(came(91), next_due_what="ogd"), NOT),
        (plan(came(-100), next_due_what="ogd"), MET),
        (plan(came(40, "colonoscopy"), next_due_what="ogd"), NOT),
        (plan(contact(5, "done_elsewhere"), next_due_what="ogd"), MET),
        (plan(came(40)), OUT),
        (plan(came(40), next_due_what="ogd", facts={"died_on": days(60)}), OUT),
    ],
    "MANAGED": [
        (assessed(), NOT),
        (assessed(planned(NOT_YET)), MET),
        (assessed(planned(days(300), settled=True)), MET),
        (assessed(planned(days(300))), NOT),
        (assessed(planned(days(300)), tier="medium"), OUT),
        (assessed(planned(NOT_YET), tier="d"), MET),
    ],
}
# Whoever is managed has plans in later months, so those cases come last.
CASES = {
    **{key: cases for key, cases in CASES.items() if key != "MANAGED"},
    **{f"{key}.entries": CASES[key] for key in ("FOLLOW-UP", "LOST", "SURVEILLANCE")},
    "MANAGED": CASES["MANAGED"],
}


def test_the_state_of_each_case(acting, alliance):
    with acting("endoscopist", "city"):
        assert wrong_states(CASES, alliance.city.id) == []


def test_who_is_due_waits_for_the_days_of_grace(acting, alliance):
    """Counted by the day that was due: one whose grace is not over is nobody's failure yet."""
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            for past in (80, 100):
                own = {"contacted_on": date(2020, 1, 1), "next_due_on": this_day() - timedelta(past)}
                case(unit, alliance.city.id, kind="other", beside=[(FollowUp, own)])
        (one,) = tally([INDICATORS["FOLLOW-UP"]])
    assert (one.not_met, one.eligible) == (1, 1)


def asked_again(unit, centre_id, *outcomes, **facts):
    """Somebody due on one day who was called for it so many times, the day kept each time as one key does."""
    day = date(2020, 6, 1)
    called = [
        (
            FollowUp,
            {"contacted_on": day + timedelta(5 * call), "outcome": outcome, "next_due_on": day, **facts},
        )
        for call, outcome in enumerate(outcomes, start=1)
    ]
    own = {"contacted_on": date(2019, 6, 1), "next_due_on": day, **facts}
    case(unit, centre_id, kind="other", beside=[(FollowUp, own), *called])


@pytest.mark.parametrize(
    ("outcomes", "contact", "lost"),
    [
        (["no_answer", "no_answer", "wrong_number"], (0, 1), (1, 0)),
        (["no_answer", "booked"], (1, 0), (0, 1)),
        ([], (0, 1), (0, 1)),
    ],
)
def test_a_day_is_one_plan_however_often_somebody_called_for_it(outcomes, contact, lost, acting, alliance):
    keys = ("FOLLOW-UP", "LOST", "SURVEILLANCE", "FOLLOW-UP.entries")
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            asked_again(unit, alliance.city.id, *outcomes, next_due_what="ogd")
        found = {one.indicator.key: one for one in tally([INDICATORS[key] for key in keys])}
    assert (found["FOLLOW-UP"].met, found["FOLLOW-UP"].not_met) == contact
    assert (found["LOST"].met, found["LOST"].not_met) == lost
    assert found["SURVEILLANCE"].eligible == 1
    assert found["FOLLOW-UP.entries"].eligible == 1 + len(outcomes)


def test_two_examinations_due_on_one_day_are_two_plans(acting, alliance):
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            due = [
                (
                    FollowUp,
                    {
                        "contacted_on": date(2020, 1, 1),
                        "next_due_on": date(2020, 6, 1),
                        "next_due_what": kind,
                    },
                )
                for kind in ("ogd", "colonoscopy", None, None)
            ]
            case(unit, alliance.city.id, kind="other", beside=due)
        found = tally([INDICATORS[key] for key in ("FOLLOW-UP", "SURVEILLANCE")])
    assert [one.eligible for one in found] == [3, 2]
