"""Operations, syndromes, risk and invitations: recorded, changed, and scored from their inputs."""

from datetime import date

import pytest

from registry.codes.risk import Tier
from registry.rules.problem import Invalid, Unaccepted
from registry.services.course.history import assess, doubts, invite, surgery, syndrome
from registry.services.unit import Overtaken

LI = {
    "assessed_on": date(2026, 3, 1),
    "instrument": "li_cn",
    "hp_test": "serology",
    "hp_result": "positive",
    "pepsinogen_1": 60,
    "pepsinogen_2": 20,
    "gastrin_17": 6,
    "on_ppi": False,
}


def fields(error):
    return [problem.field for problem in error.value.problems]


def test_a_score_follows_from_its_inputs(acting, book):
    with acting():
        person_id = book.enrol(3).person_id  # a man of 66
        found = assess(person_id, **LI)
        assert (found.pepsinogen_ratio, found.total, found.tier, found.edition) == (3, 19, Tier.HIGH, "2017")
        assert assess(person_id, **LI | {"gastrin_17": None, "tier": "medium"}).tier is Tier.MEDIUM
        assert assess(person_id, **LI | {"hp_test": "ubt"}).total is None
        changed = assess(person_id, existing=found, seen=found.version, on_ppi=True, reason="补问")
        assert (changed.total, changed.tier) == (None, Tier.NOT_APPLICABLE)
        group = assess(person_id, **LI | {"instrument": "abc", "hp_test": "ubt"})
        assert (group.total, group.tier) == (None, Tier.C)
        with pytest.raises(Invalid) as refused:
            assess(person_id, assessed_on=date(1950, 1, 1), instrument="apcs")
        assert fields(refused) == ["assessed_on"]


def test_a_gastric_stump_has_no_score_and_a_bowel_resected_no_segment(acting, book):
    with acting():
        person_id = book.enrol(3).person_id
        surgery(person_id, kind="distal_gastrectomy", operated_on=date(2010, 1, 1), operated_precision="year")
        assert assess(person_id, **LI).tier is Tier.NOT_APPLICABLE
        stump = book.examine(person_id, "2026-03-02", seen_antrum="not_seen", lesions=[{"site": "C16.2"}])
        assert len(stump.lesions) == 1
        bowel = surgery(person_id, kind="right_colectomy")
        with pytest.raises(Unaccepted) as asked:
            book.examine(person_id, "2026-03-03", kind="colonoscopy", bbps_right=0, ask=True)
        assert fields(asked) == ["examination-bbps_right"]
        surgery(person_id, existing=bowel, seen=bowel.version, kind="bypass", reason="核对病历")
        with pytest.raises(Overtaken):
            surgery(person_id, existing=bowel, seen=1, kind="other")
        book.examine(person_id, "2026-03-03", kind="colonoscopy", bbps_right=0, ask=True)
        with pytest.raises(Invalid) as refused:
            surgery(person_id, kind="bypass", operated_on=date(1950, 1, 1))
        assert fields(refused) == ["operated_on"]


def test_invitations_and_syndromes(acting, book):
    with acting():
        person_id = book.enrol().person_id
        sent = invite(person_id, programme="organised", round=1, invited_on=date(2026, 1, 5), channel="phone")
        invite(person_id, existing=sent, seen=sent.version, response="attended", primary_test="fit")
        assert (sent.round, sent.response.code) == (1, "attended")
        assert syndrome(person_id, syndrome="lynch").syndrome.code == "lynch"
        with pytest.raises(Invalid) as refused:
            syndrome(person_id, since=date(2020, 1, 1))
        assert fields(refused) == ["syndrome"]


def test_a_ratio_above_30_is_stored_and_doubted(acting, book):
    """Section 2, warn and flag: PGR above 30."""
    with acting():
        person_id = book.enrol().person_id
        given = {"assessed_on": date(2026, 3, 1), "instrument": "li_cn"}
        likely = assess(person_id, **given, pepsinogen_ratio=30)
        unlikely = assess(person_id, **given, pepsinogen_ratio=31)
        assert doubts(likely) == []
        assert [problem.field for problem in doubts(unlikely)] == ["pepsinogen_ratio"]
