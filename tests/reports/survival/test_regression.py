"""A Cox model through the database is that of R on the same patients."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert, update

from registry.codes.lesion import Organ
from registry.codes.person import Sex
from registry.codes.tumour import SummaryStage
from registry.models import Person, Tumour
from registry.reports.survival.cox import METHOD, sheets
from registry.reports.survival.method import Refused, Wanted
from registry.reports.survival.regression import covariates, regression
from registry.services.unit import batch
from registry.stats.cox import cox
from tests.stats.slovene import DAYS, DEAD, ROWS, column

ORACLE = json.loads((Path(__file__).parents[2] / "data" / "cox.json").read_text())["colrec"]["efron"]


@pytest.fixture
def colrec(acting, alliance):
    """The Slovene patients, who are the register's for as long as the test lasts."""
    people = [
        {
            "id": int(one["id"]),
            "pseudonym": f"c{one['id']}",
            "sex": Sex.parse(one["sex"]),
            "born_on": date.fromisoformat(one["birth_date"]),
        }
        for one in ROWS
    ]
    tumours = [
        {
            "person_id": int(one["id"]),
            "centre_id": alliance.city.id,
            "sequence": 1,
            "organ": Organ(one["site"]),
            "invasive": True,
            "incidence_on": date.fromisoformat(one["diag_date"]),
            "summary_stage": SummaryStage(one["stage"]),
            "followed_days": int(one["time_days"]),
            "dead": one["dead"] == "1",
        }
        for one in ROWS
    ]
    with acting("quality_reviewer", None), batch("test", "made-up alliance") as session:
        session.execute(insert(Person), people)
        session.execute(insert(Tumour), tumours)
    return acting


def test_ratios_and_tests_are_those_of_the_arrays_and_near_r(colrec):
    """R's model has age in days; ours has whole years, so stage and sex agree closely and age nearly."""
    names = ("age", "sex:male", "summary_stage:localised", "organ:colon")
    names = tuple(name.replace("male", Sex.MALE.code) if name.startswith("sex") else name for name in names)
    with colrec("quality_reviewer", None):
        found = regression(Wanted(covariates=names))
        tables = sheets(found)
        drawn = METHOD.draw(found, as_of=date(2026, 1, 1), file_format="svg")
        looked_at = METHOD.figures["residuals"](found, as_of=date(2026, 1, 1), file_format="png")
        said = METHOD.quote(found)
    assert (found.n, found.events) == (ORACLE["n"], ORACLE["nevent"])
    ratios = {
        (term.key, level.code): level.ratio for term in found.terms for level in term.levels if level.ratio
    }
    expected = {row["term"]: row["hr"] for row in ORACLE["coef"]}
    assert ratios["summary_stage", "distant"] == pytest.approx(expected["stagedistant"], rel=2e-3)
    assert ratios["summary_stage", "unknown"] == pytest.approx(expected["stageunknown"], rel=2e-3)
    assert ratios["sex", Sex.FEMALE.code] == pytest.approx(expected["sex_ffemale"], rel=2e-3)
    assert ratios["age", "age"] == pytest.approx(expected["age_years"] ** 10, rel=2e-3)
    whole_years = np.array(
        [
            (date.fromisoformat(one["diag_date"]) - date.fromisoformat(one["birth_date"])).days * 4 // 1461
            for one in ROWS
        ]
    )
    design = [whole_years / 10, column("sex") == "female"]
    design += [column("stage") == stage for stage in ("regional", "distant", "unknown")]
    direct = cox(DAYS, DEAD, np.column_stack([*design, column("site") == "rectum"]).astype(float))
    np.testing.assert_allclose(found.model.coefficient, direct.coefficient, rtol=1e-9)
    tests = {term.key: term.proportional for term in found.terms}
    zph = {row["term"]: row["chisq"] for row in ORACLE["zph"]}
    assert tests["summary_stage"].chi2 == pytest.approx(zph["stage"], rel=0.02)
    assert tests["summary_stage"].df == 3
    content = found.as_dict()
    assert content["concordance"]["estimate"] == pytest.approx(ORACLE["concordance"], abs=2e-4)
    flat = {(line["covariate"], line["level"]): line["hazard_ratio"] for line in found.flat()}
    assert flat["summary_stage", "localised"] is None
    assert flat["summary_stage", "distant"] == ratios["summary_stage", "distant"]
    assert any(f"{ratios['summary_stage', 'distant']:.2f} (" in str(row[3]) for row in tables[0].rows)
    assert "changes with time" in tables[1].notes[0].en
    assert drawn.startswith(b"<?xml")
    assert looked_at.startswith(b"\x89PNG")
    assert "Localised" in said.en
    assert "lifelines" in said.en


def store(acting, alliance, *rows, sexes=None):
    """Tumours of the stomach, the first day of each followed differently."""
    people = [
        {"id": n, "pseudonym": f"t{n}"} | ({} if sexes is None else {"sex": sexes[n - 1]})
        for n, _ in enumerate(rows, start=1)
    ]
    shared = {"centre_id": alliance.city.id, "sequence": 1, "organ": Organ.STOMACH, "invasive": True}
    with acting("quality_reviewer", None), batch("test", "made-up alliance") as session:
        session.execute(insert(Person), people)
        session.execute(
            insert(Tumour), [{"person_id": n, **shared, **row} for n, row in enumerate(rows, start=1)]
        )


def test_a_model_that_cannot_be_says_why(acting, alliance):
    stages = [SummaryStage.LOCALISED] * 6 + [SummaryStage.DISTANT] * 6
    rows = [
        {"summary_stage": stage, "followed_days": 10 + n, "dead": stage is SummaryStage.DISTANT}
        for n, stage in enumerate(stages)
    ]
    store(acting, alliance, *rows)
    with acting("quality_reviewer", None):
        for names, words in (
            (("shoes",), "No covariate shoes"),
            (("sex", "sex"), "or twice"),
            (("summary_stage:mars",), "no level mars"),
            (("summary_stage",), "Of Summary stage there is but one level in which somebody died"),
            (("organ",), "Of Organ there is but one level"),
            (("age",), "nobody to compare"),
        ):
            with pytest.raises(Refused) as refused:
                regression(Wanted(covariates=names))
            assert words in refused.value.label.en
    with acting("researcher", None), pytest.raises(Refused) as refused:
        regression(Wanted(covariates=("summary_stage",)))
    assert "Fewer than 8 deaths" in refused.value.label.en
    assert "age" in covariates()


def test_a_factor_that_everybody_shares_is_named_and_without_a_death_there_is_no_model(acting, alliance):
    stages = [SummaryStage.LOCALISED, SummaryStage.DISTANT] * 6
    alive = [
        {"summary_stage": stage, "followed_days": 10 + n, "dead": False} for n, stage in enumerate(stages)
    ]
    store(acting, alliance, *alive)
    with acting("quality_reviewer", None):
        with pytest.raises(Refused) as refused:
            regression(Wanted(covariates=("summary_stage",)))
        assert refused.value.label.en == "Nobody has died yet: there is nothing to compare"
        with batch("test", "made-up alliance") as session:
            session.execute(update(Tumour).where(Tumour.id % 3 == 0).values(dead=True))
    with acting("quality_reviewer", None):
        found = regression(Wanted(covariates=("summary_stage", "organ")))
        assert any("Of Organ there is but one level" in note.en for note in METHOD.sheets(found)[0].notes)


def test_a_level_without_a_death_is_a_dash_and_changes_no_other_ratio(acting, alliance):
    """R 4.2.2, survival 3.5-3: coxph(Surv(time_days, dead) ~ f + stage) of every tenth patient of colrec,
    those of unknown stage all alive, says 1.2e-07 (0-Inf) for these after running out of steps."""
    tenth = [one for one in ROWS if int(one["id"]) % 10 == 0]
    rows = [
        {
            "organ": Organ(one["site"]),
            "summary_stage": SummaryStage(one["stage"]),
            "followed_days": int(one["time_days"]),
            "dead": one["dead"] == "1" and one["stage"] != "unknown",
        }
        for one in tenth
    ]
    store(acting, alliance, *rows, sexes=[Sex.parse(one["sex"]) for one in tenth])
    wanted = Wanted(covariates=(f"sex:{Sex.MALE.code}", "summary_stage"))
    with acting("quality_reviewer", None):
        found = regression(wanted)
        (ratios, tests) = sheets(found)
        drawn = METHOD.draw(found, as_of=date(2026, 1, 1), file_format="svg")
        looked_at = METHOD.figures["residuals"](found, as_of=date(2026, 1, 1), file_format="png")
        with pytest.raises(Refused, match="无人"):
            regression(Wanted(covariates=("summary_stage:unknown",)))
    sex, stage = found.terms
    levels = {level.code: level for level in (*sex.levels, *stage.levels)}
    coefficients = {"distant": 1.8692644723, "regional": 0.3654939656, Sex.FEMALE.code: -0.0407433298}
    for code, expected in coefficients.items():
        assert np.log(levels[code].ratio) == pytest.approx(expected, abs=1e-5)
    error = dict(zip(("female", "regional", "distant"), found.model.std_err, strict=True))
    assert error["distant"] == pytest.approx(0.16640440575, abs=1e-6)
    unknown = levels["unknown"]
    assert (unknown.n, unknown.events, unknown.ratio, unknown.p) == (44, 0, None, None)
    assert (found.n, found.events, found.without_deaths) == (597 - 44, 456, 44)
    assert [str(cell) for cell in ratios.rows[-1]][2:] == ["0", "–（无死亡，不能估计）", "–"]
    assert any("44 of levels in which nobody died" in note.en for note in ratios.notes)
    assert stage.proportional.df == 2
    assert "inf" not in str(tests.rows)
    standing = {line["level"]: line["standing"] for line in found.flat()}
    assert (standing["unknown"], standing["localised"]) == ("nobody died", "reference")
    assert found.as_dict()["excluded"]["levels_without_deaths"] == 44
    assert drawn.startswith(b"<?xml")
    assert looked_at.startswith(b"\x89PNG")


def test_a_reference_is_chosen_among_levels_with_deaths(acting, alliance):
    stages = [SummaryStage.LOCALISED] * 30 + [SummaryStage.REGIONAL] * 30 + [SummaryStage.DISTANT] * 30
    rows = [
        {"summary_stage": stage, "followed_days": 10 + n % 30, "dead": n % 2 == 0}
        | ({"dead": False} if stage is SummaryStage.LOCALISED else {})
        for n, stage in enumerate(stages)
    ]
    store(acting, alliance, *rows)
    with acting("quality_reviewer", None):
        (stage,) = regression(Wanted(covariates=("summary_stage",))).terms
    assert stage.reference.code == "regional"
    assert [level.standing for level in stage.levels] == ["nobody died", "reference", "estimated"]


def test_a_reader_of_aggregates_gets_no_model_of_few_deaths_and_no_dot_of_any(acting, alliance):
    """Seven deaths in all are hidden everywhere else; a residual is one death with its day."""

    def rows(deaths):
        return [
            {"summary_stage": stage, "followed_days": 10 + n, "dead": n < deaths}
            for stage in (SummaryStage.LOCALISED, SummaryStage.REGIONAL)
            for n in range(40)
        ]

    store(acting, alliance, *rows(3))
    wanted = Wanted(covariates=("summary_stage",))
    with acting("researcher", None), pytest.raises(Refused, match="死亡不足 8 例"):
        regression(wanted)
    with acting("quality_reviewer", None), batch("test", "made-up alliance") as session:
        session.execute(update(Tumour).values(dead=Tumour.followed_days < 30))
    with acting("researcher", None):
        found = regression(wanted)
        with pytest.raises(Refused, match="每点是一例死亡"):
            METHOD.figures["residuals"](found, as_of=date(2026, 1, 1))
    assert (found.suppressed, found.events) == (True, 40)
