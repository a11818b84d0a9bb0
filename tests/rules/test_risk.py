"""Risk scores: every point, every tier boundary, and when a score does not apply."""

from itertools import product
from typing import Any

import pytest

from registry.codes.person import Sex
from registry.codes.risk import Smoking, Tier
from registry.rules.risk import DEFINITIONS, abc, apcs, apcs_updated, li

LI: dict[str, Any] = {
    "age": 45,
    "sex": Sex.FEMALE,
    "hp_positive": False,
    "pepsinogen_ratio": 10.0,
    "gastrin_17": 1.0,
    "gastrectomy": False,
    "on_ppi": False,
}
APCS: dict[str, Any] = {"age": 45, "sex": Sex.FEMALE, "relative_colorectum": False, "smoking": Smoking.NEVER}
ABC: dict[str, Any] = {
    "hp_positive": False,
    "pepsinogen_1": 100.0,
    "pepsinogen_ratio": 10.0,
    "hp_eradicated": False,
    "gastrectomy": False,
    "on_ppi": False,
}


@pytest.mark.parametrize(
    ("change", "total"),
    [
        ({}, 0),
        *[
            ({"age": age}, points)
            for age, points in [(40, 0), (49, 0), (50, 5), (59, 5), (60, 6), (69, 6), (70, 10)]
        ],
        ({"sex": Sex.MALE}, 4),
        ({"hp_positive": True}, 1),
        ({"pepsinogen_ratio": 3.88}, 3),
        ({"pepsinogen_ratio": 3.89}, 0),
        *[({"gastrin_17": g17}, points) for g17, points in [(1.49, 0), (1.50, 3), (5.70, 3), (5.71, 5)]],
        (
            {"age": 75, "sex": Sex.MALE, "hp_positive": True, "pepsinogen_ratio": 1.0, "gastrin_17": 20.0},
            23,
        ),
    ],
)
def test_li_points(change: dict[str, Any], total: int) -> None:
    assert li(**{**LI, **change}).total == total


def test_li_tiers() -> None:
    """Low 0–11, medium 12–16, high 17–23."""
    seen: dict[int, Tier | None] = {}
    for age, sex, hp, ratio, g17 in product(
        (45, 55, 65, 75), (Sex.MALE, Sex.FEMALE), (0, 1), (1.0, 9.0), (1.0, 3.0, 9.0)
    ):
        score = li(
            age=age,
            sex=sex,
            hp_positive=bool(hp),
            pepsinogen_ratio=ratio,
            gastrin_17=g17,
            gastrectomy=False,
            on_ppi=False,
        )
        assert score.total is not None
        assert seen.setdefault(score.total, score.tier) is score.tier
    assert (seen[11], seen[12], seen[16], seen[17]) == (Tier.LOW, Tier.MEDIUM, Tier.MEDIUM, Tier.HIGH)
    assert min(seen) == 0 and max(seen) == 23


@pytest.mark.parametrize("change", [{"age": 39}, {"gastrectomy": True}, {"on_ppi": True}])
def test_li_does_not_hold(change: dict[str, Any]) -> None:
    """Under 40, after gastrectomy, on PPI: not applicable."""
    score = li(**{**LI, **change, "gastrin_17": None})
    assert score.tier is Tier.NOT_APPLICABLE and score.total is None and score.reason is not None


@pytest.mark.parametrize(
    ("name", "field"),
    [(name, {"hp_positive": "hp_result"}.get(name, name)) for name in LI],
)
def test_li_cannot_tell_without_all_its_inputs(name: str, field: str) -> None:
    score = li(**{**LI, name: None})
    assert (score.total, score.tier) == (None, None)
    assert [item.field for item in score.missing] == [field]


def test_a_sex_not_stated_is_missing() -> None:
    assert [item.field for item in li(**{**LI, "sex": Sex.NOT_STATED}).missing] == ["sex"]


@pytest.mark.parametrize(
    ("change", "total", "tier"),
    [
        ({}, 0, Tier.AVERAGE),
        ({"age": 49}, 0, Tier.AVERAGE),
        ({"age": 50}, 2, Tier.MODERATE),
        ({"age": 69}, 2, Tier.MODERATE),
        ({"age": 70}, 3, Tier.MODERATE),
        ({"sex": Sex.MALE}, 1, Tier.AVERAGE),
        ({"relative_colorectum": True}, 2, Tier.MODERATE),
        ({"smoking": Smoking.FORMER}, 1, Tier.AVERAGE),
        ({"age": 70, "sex": Sex.MALE}, 4, Tier.HIGH),
        ({"age": 70, "sex": Sex.MALE, "relative_colorectum": True, "smoking": Smoking.CURRENT}, 7, Tier.HIGH),
    ],
)
def test_apcs(change: dict[str, Any], total: int, tier: Tier) -> None:
    """Average 0–1, moderate 2–3, high 4–7."""
    score = apcs(**{**APCS, **change})
    assert (score.total, score.tier) == (total, tier)


@pytest.mark.parametrize(
    ("change", "total", "tier"),
    [
        ({}, 0, Tier.AVERAGE),
        ({"age": 50}, 1, Tier.MODERATE),
        ({"age": 60}, 2, Tier.MODERATE),
        ({"bmi": 23.0}, 1, Tier.MODERATE),
        ({"bmi": 22.9}, 0, Tier.AVERAGE),
        ({"age": 60, "sex": Sex.MALE}, 3, Tier.HIGH),
        (
            {
                "age": 60,
                "sex": Sex.MALE,
                "relative_colorectum": True,
                "smoking": Smoking.CURRENT,
                "bmi": 30.0,
            },
            6,
            Tier.HIGH,
        ),
    ],
)
def test_apcs_updated_has_tiers_of_its_own(change: dict[str, Any], total: int, tier: Tier) -> None:
    """Average 0, moderate 1–2, high 3–6 (Sung 2018)."""
    score = apcs_updated(**{**APCS, "bmi": 22.0, **change})
    assert (score.total, score.tier) == (total, tier)


def test_apcs_updated_begins_at_40_and_needs_all_inputs() -> None:
    assert apcs_updated(**{**APCS, "age": 39, "bmi": 22.0}).tier is Tier.NOT_APPLICABLE
    assert [item.field for item in apcs_updated(**APCS, bmi=None).missing] == ["bmi"]
    assert [item.field for item in apcs(**{**APCS, "smoking": None}).missing] == ["smoking"]


@pytest.mark.parametrize(
    ("hp", "pg1", "ratio", "group"),
    [
        (False, 71.0, 3.0, Tier.A),
        (True, 70.0, 7.1, Tier.B),
        (True, 70.0, 7.0, Tier.C),
        (False, 70.0, 7.0, Tier.D),
        (False, 70.0, 7.1, Tier.A),
    ],
)
def test_abc_groups(hp: bool, pg1: float, ratio: float, group: Tier) -> None:
    """PG+ = PG I ≤70 and PGR ≤7 (China 2014)."""
    assert abc(**{**ABC, "hp_positive": hp, "pepsinogen_1": pg1, "pepsinogen_ratio": ratio}).tier is group


def test_abc_by_the_japanese_cut_off() -> None:
    low = {**ABC, "pepsinogen_1": 50.0}
    assert abc(**{**low, "pepsinogen_ratio": 3.0}, cutoffs="japan").tier is Tier.D
    assert abc(**{**low, "pepsinogen_ratio": 3.1}, cutoffs="japan").tier is Tier.A
    assert abc(**{**low, "pepsinogen_ratio": 3.1}).tier is Tier.D


@pytest.mark.parametrize("state", ["hp_eradicated", "gastrectomy", "on_ppi"])
def test_abc_has_no_group_after_eradication_gastrectomy_or_on_a_ppi(state: str) -> None:
    assert abc(**{**ABC, state: True}).tier is Tier.NOT_APPLICABLE
    assert [item.field for item in abc(**{**ABC, state: None}).missing] == [state]


def test_every_instrument_says_where_it_comes_from() -> None:
    assert all(one.edition and one.source and one.says.zh and one.checked is None for one in DEFINITIONS)
