"""Curability: eCura as its whole decision table, ESGE 2022, and the rules of oesophagus and colorectum."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.codes.curability import Curative, ECura, EsgeRisk
from registry.codes.lesion import Organ
from registry.codes.pathology import (
    Budding,
    Depth,
    Differentiation,
    Lymphatic,
    Margin,
    Method,
    Morphology,
    Ulceration,
    Venous,
    WhoType,
)
from registry.rules.curability import (
    DEFINITIONS,
    Curability,
    colorectum_curative,
    curability,
    e_cura,
    esge_2022,
    oesophagus_curative,
)
from registry.rules.resection import Resection

IDEAL = Resection(
    organ=Organ.STOMACH,
    method=Method.ESD,
    en_bloc=True,
    who_type=WhoType.ADENOCARCINOMA,
    differentiation=Differentiation.WELL,
    depth=Depth.M,
    ulceration=Ulceration.ABSENT,
    lymphatic=Lymphatic.ABSENT,
    venous=Venous.ABSENT,
    horizontal_margin=Margin.CLEAR,
    vertical_margin=Margin.CLEAR,
    size_mm=18,
)
LAYERS = {"pT1a": (Depth.M, None), "SM1": (Depth.SM1, 499), "SM2": (Depth.SM2, 500), "MP": (Depth.MP, None)}


def missing(answer: Curability) -> list[str]:
    return [item.field for item in answer.missing]


def by_the_book(
    whole: bool, hm: bool, vm: bool, ly: bool, v: bool, diff: bool, layer: str, ul: bool, size: int, part: int
) -> ECura:
    """JGCA 6th / JGES 2021, the sentences one after another."""
    if vm or ly or v:
        return ECura.C2
    a = layer == "pT1a" and (
        (diff and not ul) or (diff and ul and size <= 30) or (not diff and not ul and size <= 20)
    )
    if diff and part > 20:
        a = False
    b = layer == "SM1" and diff and size <= 30 and part == 0
    if whole and not hm:
        return ECura.A if a else ECura.B if b else ECura.C2
    return ECura.C1 if diff and (a or b) else ECura.C2


def test_e_cura_as_a_full_decision_table() -> None:
    yes_no = (False, True)
    rows = product(
        yes_no, yes_no, yes_no, yes_no, yes_no, yes_no, LAYERS, yes_no, (20, 21, 30, 31, 90), (0, 21)
    )
    counted = dict.fromkeys(ECura, 0)
    for whole, hm, vm, ly, v, diff, layer, ul, size, part in rows:
        if part > size or (part and not diff):
            continue
        depth, microns = LAYERS[layer]
        answer = e_cura(
            replace(
                IDEAL,
                en_bloc=whole,
                pieces=1 if whole else 3,
                horizontal_margin=Margin.INVOLVED if hm else Margin.CLEAR,
                vertical_margin=Margin.INVOLVED if vm else Margin.CLEAR,
                lymphatic=Lymphatic.PRESENT if ly else Lymphatic.ABSENT,
                venous=Venous.PRESENT if v else Venous.ABSENT,
                differentiation=Differentiation.MODERATE if diff else Differentiation.POOR,
                depth=depth,
                depth_um=microns,
                ulceration=Ulceration.PRESENT if ul else Ulceration.ABSENT,
                size_mm=size,
                undifferentiated_mm=part,
                undifferentiated_in_submucosa=part > 0,
            )
        )
        assert answer.category is by_the_book(whole, hm, vm, ly, v, diff, layer, ul, size, part), answer
        assert answer.missing == () and answer.reason is None
        counted[answer.category] += 1
    assert all(counted.values()), "every category is reached"


@pytest.mark.parametrize(
    ("change", "category"),
    [
        ({}, ECura.A),
        ({"size_mm": None}, ECura.A),  # differentiated UL0: any size
        ({"size_mm": 200}, ECura.A),
        ({"ulceration": Ulceration.PRESENT, "size_mm": 30}, ECura.A),
        ({"ulceration": Ulceration.PRESENT, "size_mm": 31}, ECura.C2),
        ({"differentiation": Differentiation.POOR, "size_mm": 20}, ECura.A),
        ({"differentiation": Differentiation.POOR, "size_mm": 21}, ECura.C2),
        ({"who_type": WhoType.SIGNET_RING, "differentiation": None, "size_mm": 20}, ECura.A),
        ({"morphology": Morphology.SIGNET_RING, "differentiation": None, "size_mm": 21}, ECura.C2),
        ({"undifferentiated_mm": 20, "size_mm": 60}, ECura.A),
        ({"undifferentiated_mm": 21, "size_mm": 60}, ECura.C2),
        ({"depth": Depth.SM, "depth_um": 499, "size_mm": 30}, ECura.B),
        ({"depth": Depth.SM1, "depth_um": 500, "size_mm": 30}, ECura.C2),
        ({"depth": Depth.SM1, "depth_um": 499, "size_mm": 31}, ECura.C2),
        ({"depth": Depth.SM2}, ECura.C2),
        (
            {
                "depth": Depth.SM1,
                "depth_um": 300,
                "undifferentiated_mm": 5,
                "undifferentiated_in_submucosa": True,
            },
            ECura.C2,
        ),
        ({"method": Method.PEMR, "en_bloc": None}, ECura.C1),
        ({"en_bloc": None, "pieces": 4}, ECura.C1),
        ({"horizontal_margin": None, "vertical_margin": None, "r0": True}, ECura.A),
    ],
)
def test_e_cura_in_single_sentences(change: dict[str, object], category: ECura) -> None:
    assert e_cura(replace(IDEAL, **change)).category is category


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"depth": Depth.SM1}, ["depth_um"]),  # submucosal depth without µm: cannot tell
        ({"depth": Depth.SM}, ["depth_um"]),
        ({"depth": None}, ["depth"]),
        ({"ulceration": None, "size_mm": 40}, ["ulceration"]),
        ({"ulceration": None, "size_mm": None}, ["ulceration", "size_mm"]),
        ({"lymphatic": None}, ["lymphatic"]),
        ({"lymphatic": Lymphatic.UNCERTAIN}, ["lymphatic"]),
        ({"vertical_margin": Margin.UNCERTAIN}, ["vertical_margin"]),
        ({"horizontal_margin": None}, ["horizontal_margin"]),
        ({"en_bloc": None}, ["en_bloc"]),
        ({"cancer": None}, ["cancer"]),
        (
            {"depth": Depth.SM1, "depth_um": 300, "undifferentiated_mm": 5},
            ["undifferentiated_in_submucosa"],
        ),
        ({"differentiation": None, "size_mm": 25}, ["differentiation", "undifferentiated_mm"]),
    ],
)
def test_what_is_not_known_leaves_it_open_and_is_named(change: dict[str, object], fields: list[str]) -> None:
    answer = e_cura(replace(IDEAL, **change))
    assert answer.category is None
    assert sorted(missing(answer)) == sorted(fields)
    assert answer.label.en == "Cannot tell"


def test_the_unknown_does_not_matter_where_the_answer_is_settled() -> None:
    settled = replace(
        IDEAL, lymphatic=Lymphatic.PRESENT, depth=None, size_mm=None, ulceration=None, en_bloc=None
    )
    assert e_cura(settled).category is ECura.C2
    mixed = replace(IDEAL, differentiation=Differentiation.MIXED, undifferentiated_mm=25, size_mm=None)
    assert e_cura(mixed).category is ECura.C2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"organ": Organ.COLON}, "Not for this organ"),
        ({"organ": None}, "Not for this organ"),
        ({"method": Method.SURGERY}, "Not an endoscopic resection"),
        ({"method": Method.FORCEPS}, "Not an endoscopic resection"),
        ({"cancer": False}, "Not a carcinoma"),
    ],
)
def test_e_cura_is_for_endoscopically_resected_gastric_cancer_only(
    change: dict[str, object], reason: str
) -> None:
    answer = e_cura(replace(IDEAL, **change))
    assert answer.category is None and answer.missing == () and answer.label.en == reason


ESCC = replace(IDEAL, organ=Organ.OESOPHAGUS, who_type=WhoType.SQUAMOUS_CARCINOMA, depth=Depth.LPM)
BARRETT = replace(IDEAL, organ=Organ.OESOPHAGUS, depth=Depth.MM)
RECTAL = replace(IDEAL, organ=Organ.RECTUM, ulceration=None, size_mm=35)


@pytest.mark.parametrize(
    ("resection", "change", "risk"),
    [
        (IDEAL, {}, EsgeRisk.VERY_LOW),
        (IDEAL, {"ulceration": Ulceration.PRESENT}, EsgeRisk.LOW),
        (IDEAL, {"ulceration": Ulceration.PRESENT, "size_mm": 31}, EsgeRisk.HIGH),
        (IDEAL, {"depth": Depth.SM1, "depth_um": 500, "size_mm": 30}, EsgeRisk.LOW),
        (IDEAL, {"depth": Depth.SM1, "depth_um": 500, "size_mm": 31}, EsgeRisk.HIGH),
        (IDEAL, {"depth": Depth.SM1, "depth_um": 501, "size_mm": 10}, EsgeRisk.HIGH),
        (IDEAL, {"horizontal_margin": Margin.INVOLVED}, EsgeRisk.LOCAL),
        (IDEAL, {"en_bloc": False}, EsgeRisk.LOCAL),
        (IDEAL, {"en_bloc": False, "depth": Depth.SM1, "depth_um": 100}, EsgeRisk.HIGH),
        (IDEAL, {"vertical_margin": Margin.INVOLVED}, EsgeRisk.HIGH),
        (IDEAL, {"venous": Venous.PRESENT}, EsgeRisk.HIGH),
        (IDEAL, {"differentiation": Differentiation.POOR}, EsgeRisk.HIGH),
        (ESCC, {}, EsgeRisk.VERY_LOW),
        (ESCC, {"depth": Depth.MM, "size_mm": 20}, EsgeRisk.LOW),
        (ESCC, {"depth": Depth.MM, "size_mm": 21}, EsgeRisk.HIGH),
        (ESCC, {"depth": Depth.SM1, "depth_um": 200, "size_mm": 20}, EsgeRisk.LOW),
        (ESCC, {"depth": Depth.SM1, "depth_um": 201, "size_mm": 20}, EsgeRisk.HIGH),
        (BARRETT, {}, EsgeRisk.VERY_LOW),
        (BARRETT, {"depth": Depth.SM1, "depth_um": 500, "size_mm": 50}, EsgeRisk.LOW),
        (BARRETT, {"depth": Depth.SM2, "depth_um": 400, "size_mm": 50}, EsgeRisk.LOW),
        (RECTAL, {"ulceration": Ulceration.ABSENT}, EsgeRisk.VERY_LOW),
        (RECTAL, {"depth": Depth.SM1, "depth_um": 1000, "budding": Budding.LOW}, EsgeRisk.LOW),
        (RECTAL, {"depth": Depth.SM1, "depth_um": 1000, "budding": Budding.INTERMEDIATE}, EsgeRisk.HIGH),
        (RECTAL, {"depth": Depth.SM1, "depth_um": 1001, "budding": Budding.LOW}, EsgeRisk.HIGH),
    ],
)
def test_esge_2022(resection: Resection, change: dict[str, object], risk: EsgeRisk) -> None:
    """ESGE 2022: very low, low, local, high, by organ."""
    assert esge_2022(replace(resection, **change)).category is risk


def test_esge_says_what_it_lacks() -> None:
    assert missing(esge_2022(replace(ESCC, who_type=None, depth=Depth.MM, size_mm=30))) == ["who_type"]
    assert missing(esge_2022(replace(RECTAL, depth=Depth.SM1, depth_um=500))) == ["budding"]
    assert missing(esge_2022(replace(BARRETT, depth=Depth.SM2))) == ["depth_um"]
    assert esge_2022(replace(IDEAL, organ=Organ.ANUS)).label.en == "Not for this organ"


@pytest.mark.parametrize(
    ("change", "category"),
    [
        ({"depth": Depth.EP}, Curative.CURATIVE),
        ({"depth": Depth.LPM}, Curative.CURATIVE),
        ({"depth": Depth.MM}, Curative.RELATIVE),
        ({"depth": Depth.SM1, "depth_um": 200}, Curative.RELATIVE),
        ({"depth": Depth.SM1, "depth_um": 201}, Curative.NOT_CURATIVE),
        ({"depth": Depth.SM2}, Curative.NOT_CURATIVE),
        ({"depth": Depth.EP, "lymphatic": Lymphatic.PRESENT}, Curative.NOT_CURATIVE),
        ({"depth": Depth.EP, "horizontal_margin": Margin.INVOLVED}, Curative.NOT_CURATIVE),
        ({"depth": Depth.M}, None),  # which part of the mucosa decides
        ({"depth": Depth.SM1}, None),
    ],
)
def test_oesophagus(change: dict[str, object], category: Curative | None) -> None:
    """EP/LPM, R0, LVI0; MM/SM1 up to 200 µm relative; else additional treatment."""
    answer = oesophagus_curative(replace(ESCC, **change))
    assert answer.category is category
    assert bool(answer.missing) is (category is None)


@pytest.mark.parametrize(
    ("change", "category"),
    [
        ({}, Curative.CURATIVE),
        ({"differentiation": None, "lymphatic": None, "venous": None}, Curative.CURATIVE),
        ({"depth": Depth.SM, "depth_um": 999, "budding": Budding.LOW}, Curative.CURATIVE),
        ({"depth": Depth.SM, "depth_um": 1000, "budding": Budding.LOW}, Curative.NOT_CURATIVE),
        ({"depth": Depth.SM, "depth_um": 999, "budding": Budding.INTERMEDIATE}, Curative.NOT_CURATIVE),
        (
            {
                "depth": Depth.SM,
                "depth_um": 999,
                "budding": Budding.LOW,
                "differentiation": Differentiation.POOR,
            },
            Curative.NOT_CURATIVE,
        ),
        ({"depth": Depth.SM2, "budding": Budding.LOW}, None),  # thirds of the submucosa say nothing in µm
        ({"vertical_margin": Margin.INVOLVED}, Curative.NOT_CURATIVE),
        ({"depth": Depth.MP}, Curative.NOT_CURATIVE),
    ],
)
def test_colorectum(change: dict[str, object], category: Curative | None) -> None:
    """R0, well or moderate, <1000 µm, LVI0, budding 1."""
    assert colorectum_curative(replace(RECTAL, **change)).category is category


def test_each_organ_has_its_own_definition() -> None:
    answers = [curability(one) for one in (IDEAL, ESCC, RECTAL)]
    assert [answer.definition.key for answer in answers if answer] == [
        "ecura",
        "oesophagus_curative",
        "colorectum_curative",
    ]
    assert curability(replace(IDEAL, organ=Organ.DUODENUM)) is None
    assert all(one.edition and one.source and one.clause and one.checked is None for one in DEFINITIONS)


unknown = st.fixed_dictionaries(
    {
        "depth": st.sampled_from([None, Depth.M, Depth.SM1, Depth.SM2]),
        "depth_um": st.sampled_from([None, 100, 700]),
        "ulceration": st.sampled_from([None, *Ulceration]),
        "lymphatic": st.sampled_from([None, *Lymphatic]),
        "vertical_margin": st.sampled_from([None, *Margin]),
        "horizontal_margin": st.sampled_from([None, *Margin]),
        "en_bloc": st.sampled_from([None, True, False]),
        "differentiation": st.sampled_from([None, *Differentiation]),
        "size_mm": st.sampled_from([None, 15, 25, 50]),
    }
)


@given(unknown, st.sampled_from([Organ.STOMACH, Organ.OESOPHAGUS, Organ.COLON]))
def test_an_answer_is_either_given_or_what_is_missing_is_named(
    facts: dict[str, object], organ: Organ
) -> None:
    for rule in (curability, esge_2022):
        answer = rule(replace(IDEAL, organ=organ, **facts))
        assert answer is not None
        assert (answer.category is None) == bool(answer.missing)
