"""A closed month is drawn from once, entered again by somebody blind, and its record stays as it is."""

import pytest

from registry.access import Forbidden
from registry.codes.endoscopy import Sedation
from registry.extensions import db
from registry.models import Examination, ReabstractionSample
from registry.queries.counting.tallies import tally
from registry.queries.review import reabstraction as queries
from registry.reports.agreement import Said, agreement
from registry.rules.problem import Invalid
from registry.rules.sampling import drawn
from registry.services.review import closed_months
from registry.services.review.reabstraction import differing, draw, enter, may_enter
from registry.services.unit import Overtaken, change, look
from tests.sampled import MONTH, ONE


def fields(call):
    with pytest.raises(Invalid) as refused:
        call()
    return {one.field for one in refused.value.problems}


def test_a_draw_follows_from_its_seed_and_is_recorded(acting, alliance, closed, audit_entries):
    with acting("quality_reviewer"):
        made = draw(MONTH, share=30, least=3, seed="a seed")
        city = next(one for one in made if one.centre_id == alliance.city.id)
        assert (city.population, city.size, city.seed, city.share) == (24, 8, "a seed", 30)
        ids = queries.population(alliance.city.id, *closed_months.days_of(MONTH))
        chosen = [one.examination_id for one in by_place(city.id)]
        assert chosen == drawn(ids, seed="a seed", share=30, least=3)
        assert {one.size for one in made if one.centre_id != alliance.city.id} == {0}
        assert fields(lambda: draw(MONTH)) == {"month"}
    entries = audit_entries("reabstraction.draw")
    assert {entry.subject for entry in entries} == {"reabstraction_sample"}
    assert len(entries) == 3


def by_place(sample_id):
    rows = db.session.query(queries.Reabstraction).filter_by(reabstraction_sample_id=sample_id)
    return sorted(rows, key=lambda one: one.place)


def test_five_in_a_hundred_and_ten_at_least(acting, alliance, samples):
    with acting("quality_reviewer"):
        city = db.session.get(ReabstractionSample, samples[alliance.city.id])
        assert (city.share, city.least, city.size) == (5, 10, 10)


def test_what_is_out_of_bounds_draws_nothing(acting, closed):
    with acting("quality_reviewer"):
        assert fields(lambda: draw("2001-02")) == {"month"}
        assert fields(lambda: draw("2001-13")) == {"month"}
        assert fields(lambda: draw(MONTH, share=0, least=-1, seed="")) == {"share", "least", "seed"}
    for role in ("endoscopist", "centre_manager", "researcher", "auditor"):
        with acting(role), pytest.raises(Forbidden):
            draw(MONTH)


def first(acting, role="centre_manager", centre="city"):
    with acting(role, centre):
        return queries.waiting()[0]


def test_the_second_entry_is_somebody_elses_who_is_blind(acting, alliance, samples, sign_in):
    for role in ("endoscopist", "recorder"):
        with acting(role):
            assert queries.waiting() == (None, 0)
            again = queries.one(by_place(samples[alliance.city.id])[0].id)
            assert not may_enter(again)
            assert fields(lambda again=again: enter(again, values={"caecum_reached": True})) == {"case"}
    with acting("centre_manager", "county_a"):
        assert queries.waiting() == (None, 0)
        assert queries.one(first(acting)) is None
    with acting("centre_manager"):
        waiting, left = queries.waiting()
        assert left == 10
        opened = queries.one(waiting)
        look("examination", opened.examination_id)
        db.session.rollback()  # the next request sees it
        opened = queries.one(waiting)
        assert not may_enter(opened)
        assert queries.waiting()[1] == 9
        assert queries.waiting()[0] != waiting
    with acting("quality_reviewer"):
        assert queries.waiting() == (waiting, 10)
    with acting("centre_manager", "county_a"):
        elsewhere = queries.Reabstraction(centre_id=alliance.city.id, examination_id=1)
        with pytest.raises(Forbidden):
            enter(elsewhere, values={})


def test_what_is_entered_again_changes_no_figure_and_no_record(acting, alliance, samples, audit_entries):
    with acting("quality_reviewer"):
        before = [one.counts for one in tally(ONE, by="centre")]
    with acting("centre_manager"):
        again = queries.one(queries.waiting()[0])
        version = again.examination.version
        enter(
            again, values={"caecum_reached": False, "withdrawal_min": 4.0, "sedation": Sedation.NONE}, seen=1
        )
        entered = again.id
        again = queries.one(entered)
        case = db.session.get(Examination, again.examination_id)
        assert (case.caecum_reached, case.withdrawal_min, case.version) == (True, 7, version)
        assert again.entered_by_id == alliance.user("centre_manager")
        apart = {row.field: (row.first, row.second) for row in differing(again)}
        assert apart["caecum_reached"] == ("yes", "no")
        assert apart["withdrawal_min"] == ("7", "4")
        assert apart["bbps_total"] == ("6", None)
        assert "sedation" not in apart
        assert fields(lambda: enter(again, values={"caecum_reached": True})) == {"case"}
    with acting("quality_reviewer"):
        assert [one.counts for one in tally(ONE, by="centre")] == before
        assert [one.id for one in queries.different(limit=5)] == [entered]
    kept = {entry.subject for entry in audit_entries("reabstraction.enter")}
    assert kept == {"reabstraction", "reabstracted_field"}


def test_two_at_once_and_nothing_said(acting, samples):
    with acting("quality_reviewer"):
        again = queries.one(queries.waiting()[0])
        assert fields(lambda: enter(again, values={"caecum_reached": None})) == {"sedation"}
        with pytest.raises(Overtaken):
            enter(queries.one(again.id), values={"caecum_reached": True}, seen=7)
        with pytest.raises(KeyError):
            enter(queries.one(again.id), values={"no_such": True})
        enter(queries.one(again.id), values={}, papers_missing=True)
        assert queries.extent().without_papers == 1
        assert queries.pairs() == []


def test_a_correction_after_the_draw_makes_no_agreement_better(acting, alliance, samples):
    with acting("quality_reviewer"):
        waiting = queries.one(queries.waiting()[0]).examination_id
    with acting("recorder"), change("test.correct") as unit:
        unit.edit(db.session.get(Examination, waiting)).bbps_total = 9
    with acting("quality_reviewer"):
        again = queries.one(queries.waiting()[0])
        enter(again, values={"bbps_total": 9})
        assert ("6", "9") in {(row.first, row.second) for row in differing(queries.one(again.id))}


def test_agreement_is_cohens_kappa_of_what_both_know(acting, alliance, closed):
    """All 24 of a month, six of them saying otherwise: figures by hand from the definitions."""
    with acting("quality_reviewer"):
        draw(MONTH, share=100, seed="all")
        for number in range(24):
            again = queries.one(queries.waiting()[0])
            said = {"caecum_reached": number % 4 != 0, "bbps_total": 6 if number < 18 else 4}
            said |= {"withdrawal_min": 7.5, "sedation": None if number < 9 else Sedation.NONE}
            enter(again, values=said)
        found = {row.field.key: row for row in agreement(first_month=MONTH, last_month=MONTH).rows}
        assert queries.waiting() == (None, 0)
        caecum = found["caecum_reached"]
        assert (caecum.pairs, caecum.agreed, caecum.said) == (24, 18, Said.ENOUGH)
        assert caecum.kappa == pytest.approx(0)  # the record says yes throughout: chance explains all of it
        assert (round(caecum.lower, 4), round(caecum.upper, 4)) == (
            0.551,
            0.88,
        )  # R: prop.test, no correction
        assert (found["bbps_total"].agreed, found["bbps_total"].weights) == (18, "linear")
        minutes = found["withdrawal_min"]
        assert (minutes.agreed, minutes.kappa, minutes.said) == (24, None, Said.ONE_CLASS)
        sedation = found["sedation"]
        assert (sedation.pairs, sedation.only_first, sedation.said) == (15, 9, Said.TOO_FEW)
        assert sedation.kappa is None
        assert found["upper_minutes"].said is Said.NOTHING
        assert found["worst"].only_first == 12
        elsewhere = agreement(centre_ids=[alliance.county_a.id])
        assert {row.said for row in elsewhere.rows} == {Said.NOTHING}
        assert elsewhere.extent.drawn == 0
        assert agreement(first_month="2001-02").extent.drawn == 0
