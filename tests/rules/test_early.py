"""Early, superficial, high-risk, advanced: the table of definitions, with "cannot tell" as an answer."""

import pytest

from registry.codes.endoscopy import Operative
from registry.codes.lesion import Impression, Organ
from registry.codes.pathology import Depth, Vienna, WhoType
from registry.rules.early import (
    DEFINITIONS,
    advanced_adenoma,
    advanced_neoplasia,
    clinically_early,
    early,
    high_risk,
    high_risk_serrated,
    superficial,
)

GI = (Organ.OESOPHAGUS, Organ.STOMACH, Organ.COLON, Organ.RECTUM)


@pytest.mark.parametrize("depth", list(Depth), ids=lambda depth: depth.code)
def test_early_by_nhc_2022_at_every_depth(depth: Depth) -> None:
    """NHC 2022 CDEI-12, 13, 15: mucosa only in the oesophagus, submucosa too elsewhere, any N."""
    mucosa = depth.code in {"EP", "LPM", "MM", "M"}
    submucosa = depth.code in {"SM", "SM1", "SM2", "SM3"}
    assert early(Organ.OESOPHAGUS, depth) is mucosa
    for organ in (Organ.STOMACH, Organ.COLON, Organ.RECTUM):
        assert early(organ, depth) is (mucosa or submucosa)
    assert superficial(Organ.OESOPHAGUS, depth) is (mucosa or submucosa)


def test_the_oesophageal_trap() -> None:
    """Six traps, 2: NHC "early" is mucosa-only for the oesophagus, mucosa and submucosa elsewhere."""
    assert early(Organ.STOMACH, Depth.SM2) is True
    assert early(Organ.OESOPHAGUS, Depth.SM1) is False
    assert superficial(Organ.OESOPHAGUS, Depth.SM1) is True


@pytest.mark.parametrize("organ", GI)
def test_depth_or_cancer_unknown_cannot_be_told(organ: Organ) -> None:
    assert early(organ, None) is None
    assert early(organ, Depth.M, cancer=None) is None
    assert early(organ, Depth.M, cancer=False) is False
    assert early(organ, Depth.MP, cancer=None) is False


@pytest.mark.parametrize("organ", [Organ.DUODENUM, Organ.ANUS, Organ.OTHER, None])
def test_other_organs_have_no_definition(organ: Organ | None) -> None:
    assert early(organ, Depth.M) is None
    assert high_risk(organ, worst=Vienna.CARCINOMA_IN_SITU) is None


@pytest.mark.parametrize("organ", GI)
def test_high_grade_neoplasia_counts_only_by_switch(organ: Organ) -> None:
    """HGIN is explicitly counted only in CDEI-16; make it a switch elsewhere."""
    for worst in (Vienna.ADENOMA_HIGH_GRADE, Vienna.CARCINOMA_IN_SITU, Vienna.SUSPICIOUS):
        assert early(organ, None, cancer=False, worst=worst) is False
        assert early(organ, None, cancer=False, worst=worst, count_high_grade=True) is True
    assert early(organ, None, cancer=False, worst=Vienna.LOW_GRADE, count_high_grade=True) is False
    assert early(organ, Depth.MP, cancer=True, worst=Vienna.SUBMUCOSAL, count_high_grade=True) is False


def test_superficial_is_a_word_of_the_oesophagus() -> None:
    assert superficial(Organ.STOMACH, Depth.M) is None
    assert superficial(Organ.OESOPHAGUS, None) is None
    assert superficial(Organ.OESOPHAGUS, Depth.M, cancer=False) is False


def test_clinically_early_is_an_impression_and_yields_to_proof() -> None:
    """A biopsy alone cannot show depth: cancer from forceps is clinically early by impression only."""
    assert clinically_early(True, None, Impression.EARLY) is True
    assert clinically_early(True, None, Impression.ADVANCED) is False
    assert clinically_early(True, None, None) is None
    assert clinically_early(True, Depth.MP, Impression.EARLY) is False
    assert clinically_early(False, None, Impression.EARLY) is False


@pytest.mark.parametrize(
    ("size", "who_type", "villous", "worst", "answer"),
    [
        (10, None, None, None, True),
        (9, WhoType.TUBULAR_ADENOMA, None, Vienna.LOW_GRADE, False),
        (9, WhoType.TUBULOVILLOUS_ADENOMA, None, Vienna.LOW_GRADE, True),
        (9, WhoType.VILLOUS_ADENOMA, None, None, True),
        (9, WhoType.TUBULAR_ADENOMA, 25, Vienna.LOW_GRADE, True),
        (9, WhoType.TUBULAR_ADENOMA, 24, Vienna.LOW_GRADE, False),
        (5, WhoType.TUBULAR_ADENOMA, None, Vienna.ADENOMA_HIGH_GRADE, True),
        (5, WhoType.TUBULAR_ADENOMA, None, Vienna.INTRAMUCOSAL, True),
        (None, WhoType.TUBULAR_ADENOMA, None, Vienna.LOW_GRADE, None),
        (9, None, None, Vienna.LOW_GRADE, None),
        (9, WhoType.TUBULAR_ADENOMA, None, None, None),
    ],
)
def test_advanced_adenoma(
    size: int | None, who_type: WhoType | None, villous: int | None, worst: Vienna | None, answer: bool | None
) -> None:
    """Advanced adenoma: ≥10 mm, villous ≥25 %, or high-grade dysplasia."""
    facts = {"size_mm": size, "who_type": who_type, "villous_percent": villous, "worst": worst}
    assert advanced_adenoma(adenoma=True, **facts) is answer
    assert advanced_adenoma(adenoma=False, **facts) is False


def test_serrated_lesions_of_high_risk() -> None:
    """SSL ≥10 mm or dysplastic, TSA."""
    assert high_risk_serrated(WhoType.SSL, 10) is True
    assert high_risk_serrated(WhoType.SSL, 9) is False
    assert high_risk_serrated(WhoType.SSL) is None
    assert high_risk_serrated(WhoType.SSL_DYSPLASIA) is True
    assert high_risk_serrated(WhoType.TSA, 3) is True
    assert high_risk_serrated(WhoType.HYPERPLASTIC_POLYP, 20) is False
    assert high_risk_serrated(None, 20) is None


def test_advanced_neoplasia_is_advanced_adenoma_or_cancer() -> None:
    assert advanced_neoplasia(False, True) is True
    assert advanced_neoplasia(False, False) is False
    assert advanced_neoplasia(None, False) is None


@pytest.mark.parametrize(
    ("organ", "facts", "answer"),
    [
        (Organ.OESOPHAGUS, {"worst": Vienna.CARCINOMA_IN_SITU}, True),
        (
            Organ.OESOPHAGUS,
            {"worst": Vienna.LOW_GRADE, "size_mm": 11, "who_type": WhoType.SQUAMOUS_DYSPLASIA},
            True,
        ),
        (
            Organ.OESOPHAGUS,
            {"worst": Vienna.LOW_GRADE, "size_mm": 10, "who_type": WhoType.SQUAMOUS_DYSPLASIA},
            None,
        ),
        (
            Organ.OESOPHAGUS,
            {
                "worst": Vienna.LOW_GRADE,
                "size_mm": 10,
                "endoscopic_risk": False,
                "who_type": WhoType.SQUAMOUS_DYSPLASIA,
            },
            False,
        ),
        (Organ.OESOPHAGUS, {"worst": Vienna.LOW_GRADE, "who_type": WhoType.GLANDULAR_DYSPLASIA}, True),
        (Organ.STOMACH, {"worst": Vienna.LOW_GRADE}, True),
        (Organ.STOMACH, {"worst": Vienna.NEGATIVE}, False),
        (Organ.STOMACH, {"worst": Vienna.NEGATIVE, "olgim": Operative.STAGE_III}, True),
        (Organ.STOMACH, {"worst": Vienna.NEGATIVE, "olga": Operative.STAGE_II}, False),
        (Organ.STOMACH, {}, None),
        (Organ.COLON, {"adenoma": True, "size_mm": 12}, True),
        (Organ.COLON, {"adenoma": False, "who_type": WhoType.SSL, "size_mm": 12}, True),
        (Organ.COLON, {"adenoma": False, "who_type": WhoType.HYPERPLASTIC_POLYP, "size_mm": 12}, False),
    ],
)
def test_high_risk_lesions(organ: Organ, facts: dict[str, object], answer: bool | None) -> None:
    assert high_risk(organ, **facts) is answer  # type: ignore[arg-type]


def test_every_definition_says_where_it_comes_from() -> None:
    assert len({one.key for one in DEFINITIONS}) == len(DEFINITIONS)
    for one in DEFINITIONS:
        assert one.edition and one.source and one.clause and one.says.zh and one.says.en
        assert one.checked is None, "awaiting clinical sign-off"
