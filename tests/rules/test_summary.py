"""Which pathology counts: worst over current reports, depth from resections, nothing erased."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from registry.codes.lesion import Organ
from registry.codes.pathology import Depth, Finding, Method, Morphology, Vienna, WhoType
from registry.rules.summary import ResultFacts, Summary, summarise

BIOPSY_DAY, ESD_DAY = date(2026, 3, 1), date(2026, 4, 1)


def biopsy(**facts: object) -> ResultFacts:
    return ResultFacts(**{"method": Method.FORCEPS, "taken_on": BIOPSY_DAY, **facts})  # type: ignore[arg-type]


def esd(**facts: object) -> ResultFacts:
    return ResultFacts(**{"method": Method.ESD, "taken_on": ESD_DAY, **facts})  # type: ignore[arg-type]


def test_an_upgrade_at_esd_starts_at_the_esd() -> None:
    """Biopsy HGIN → ESD cancer: survival starts at the ESD, the non-invasive curve at the biopsy."""
    found = summarise(
        [biopsy(vienna=Vienna.CARCINOMA_IN_SITU), esd(vienna=Vienna.INTRAMUCOSAL, depth=Depth.M)],
        Organ.STOMACH,
    )
    assert (found.worst, found.deepest, found.cancer) == (Vienna.INTRAMUCOSAL, Depth.M, True)
    assert (found.noninvasive_on, found.invasive_on) == (BIOPSY_DAY, ESD_DAY)


def test_vienna_4_2_is_high_grade_neoplasia_not_cancer() -> None:
    found = summarise(
        [biopsy(vienna=Vienna.CARCINOMA_IN_SITU, who_type=WhoType.GLANDULAR_DYSPLASIA)], Organ.STOMACH
    )
    assert (found.worst, found.cancer, found.invasive) == (Vienna.CARCINOMA_IN_SITU, False, False)
    assert found.noninvasive_on == BIOPSY_DAY and found.invasive_on is None


def test_cancer_from_forceps_has_depth_unknown() -> None:
    found = summarise([biopsy(who_type=WhoType.ADENOCARCINOMA, depth=Depth.SM)], Organ.STOMACH)
    assert (found.cancer, found.invasive, found.deepest, found.worst) == (True, True, None, None)
    assert found.invasive_on == BIOPSY_DAY


def test_a_superseded_report_never_counts() -> None:
    found = summarise(
        [
            esd(vienna=Vienna.SUBMUCOSAL, depth=Depth.SM2, superseded=True),
            esd(vienna=Vienna.CARCINOMA_IN_SITU),
        ],
        Organ.STOMACH,
    )
    assert (found.worst, found.deepest, found.cancer) == (Vienna.CARCINOMA_IN_SITU, None, False)
    assert summarise([biopsy(vienna=Vienna.LOW_GRADE, superseded=True)]) == Summary()


def test_no_residual_never_erases_a_proved_cancer() -> None:
    proved = biopsy(vienna=Vienna.INTRAMUCOSAL)
    found = summarise([proved, esd(finding=Finding.NO_RESIDUAL)], Organ.STOMACH)
    assert (found.worst, found.cancer, found.invasive_on) == (Vienna.INTRAMUCOSAL, True, BIOPSY_DAY)
    alone = summarise([esd(finding=Finding.NO_RESIDUAL)], Organ.STOMACH)
    assert (alone.cancer, alone.worst) == (False, None)


def test_too_little_tissue_says_nothing() -> None:
    assert summarise([biopsy(finding=Finding.INSUFFICIENT)]) == Summary()
    assert summarise([]) == Summary()
    assert summarise([biopsy(finding=Finding.INSUFFICIENT), biopsy(vienna=Vienna.NEGATIVE)]).cancer is False


def test_the_original_5_1_counts_as_4_4() -> None:
    assert summarise([esd(vienna=Vienna.INTRAMUCOSAL_ORIGINAL)]).worst is Vienna.INTRAMUCOSAL


def test_type_and_depth_stand_in_for_a_category() -> None:
    shallow = summarise([esd(who_type=WhoType.ADENOCARCINOMA, depth=Depth.M)], Organ.STOMACH)
    deep = summarise(
        [esd(morphology=Morphology.ADENOCARCINOMA, depth=Depth.SM1, depth_um=200)], Organ.STOMACH
    )
    assert (shallow.worst, deep.worst, deep.depth_um) == (Vienna.INTRAMUCOSAL, Vienna.SUBMUCOSAL, 200)


def test_a_carcinoma_without_category_is_not_hidden_behind_a_milder_one() -> None:
    found = summarise([biopsy(vienna=Vienna.LOW_GRADE), biopsy(who_type=WhoType.SIGNET_RING)], Organ.STOMACH)
    assert found.cancer is True and found.worst is None


def test_the_deepest_layer_brings_its_own_measure() -> None:
    found = summarise(
        [
            esd(depth=Depth.SM1, depth_um=450, vienna=Vienna.SUBMUCOSAL),
            esd(depth=Depth.M, vienna=Vienna.INTRAMUCOSAL),
        ]
    )
    assert (found.deepest, found.depth_um) == (Depth.SM1, 450)


def test_colorectal_intramucosal_carcinoma_is_not_invasive() -> None:
    """Colorectum: intramucosal = Tis; WHO carcinoma needs the submucosa."""
    mucosal = esd(vienna=Vienna.INTRAMUCOSAL, depth=Depth.M)
    assert summarise([mucosal], Organ.STOMACH).invasive is True
    colonic = summarise([mucosal], Organ.COLON)
    assert (colonic.cancer, colonic.invasive, colonic.noninvasive_on) == (True, False, ESD_DAY)
    assert summarise([esd(vienna=Vienna.SUBMUCOSAL, depth=Depth.SM1)], Organ.COLON).invasive_on == ESD_DAY
    only_biopsy = biopsy(morphology=Morphology.ADENOCARCINOMA)
    assert summarise([only_biopsy], Organ.COLON).invasive_on == BIOPSY_DAY
    assert summarise([only_biopsy, mucosal], Organ.COLON).invasive is False


def test_squamous_carcinoma_within_the_epithelium_is_in_situ() -> None:
    found = summarise([esd(who_type=WhoType.SQUAMOUS_CARCINOMA, depth=Depth.EP)], Organ.OESOPHAGUS)
    assert (found.invasive, found.noninvasive_on) == (False, ESD_DAY)


def test_adenoma_and_serrated_need_histology() -> None:
    tubular = biopsy(who_type=WhoType.TUBULAR_ADENOMA, vienna=Vienna.LOW_GRADE)
    assert (summarise([tubular]).adenoma, summarise([tubular]).serrated) == (True, False)
    assert summarise([biopsy(who_type=WhoType.SSL)]).serrated is True
    assert summarise([biopsy(who_type=WhoType.TSA)]).adenoma is False
    assert summarise([biopsy(vienna=Vienna.LOW_GRADE)]).adenoma is None
    assert summarise([biopsy(vienna=Vienna.NEGATIVE)]).adenoma is False
    assert summarise([biopsy(vienna=Vienna.NEGATIVE), tubular]).adenoma is True


def test_lymphoma_gist_and_neuroendocrine_tumours_are_no_carcinoma() -> None:
    for finding in (Finding.LYMPHOMA, Finding.GIST, Finding.NET, Finding.GASTRITIS):
        assert summarise([biopsy(finding=finding)]).cancer is False
    assert summarise([biopsy(finding=Finding.NEOPLASIA)]).cancer is None


results = st.builds(
    ResultFacts,
    finding=st.sampled_from([None, *Finding]),
    vienna=st.sampled_from([None, *Vienna]),
    who_type=st.sampled_from([None, WhoType.TUBULAR_ADENOMA, WhoType.ADENOCARCINOMA]),
    depth=st.sampled_from([None, *Depth]),
    method=st.sampled_from(list(Method)),
    taken_on=st.dates(date(2020, 1, 1), date(2026, 1, 1)),
    superseded=st.booleans(),
)
several = st.lists(results, max_size=5)


@given(several, st.sampled_from([None, *Organ]), st.randoms())
def test_order_does_not_matter(found: list[ResultFacts], organ: Organ | None, chance: object) -> None:
    before = summarise(found, organ)
    chance.shuffle(found)  # type: ignore[attr-defined]
    assert summarise(found, organ) == before


@given(several, results)
def test_no_further_result_makes_a_proved_cancer_disappear(
    found: list[ResultFacts], more: ResultFacts
) -> None:
    before, after = summarise(found), summarise([*found, more])
    if before.cancer:
        assert after.cancer is True
    if before.worst is not None and after.worst is not None:
        assert after.worst.rank >= before.worst.rank
    if before.deepest is not None:
        assert after.deepest is not None and after.deepest.rank >= before.deepest.rank


@given(several)
def test_depth_never_comes_from_a_biopsy(found: list[ResultFacts]) -> None:
    resected = {one.depth for one in found if one.method and one.method.resects and not one.superseded}
    assert summarise(found).deepest in resected | {None}
