"""Published tables of early gastrointestinal cancer, recomputed from their counts – traps included.

The survival of the 6-MP trial (Freireich EJ, Blood 1963;21:699) is recomputed in test_survival.
"""

import numpy as np
import pytest

from registry.stats.comparison import difference, rate_ratio, risk_ratio
from registry.stats.proportions import clopper_pearson, poisson_exact, proportion, wilson
from registry.stats.trend import cochran_armitage


def per_cent(met, known, digits=2):
    """Percentage and its Wilson limits, rounded as a paper prints them."""
    parts = (proportion(met, known), *wilson(met, known))
    return [round(float(100 * part), digits) for part in parts]


class TestLiScore:
    """Wenzhou 2019: Chin J Dig Endosc 2019;36:487. Tiers low, medium, high."""

    people, cancers, early = np.array([1694, 833, 147]), np.array([18, 36, 19]), np.array([6, 17, 6])

    def test_detection_by_tier(self):
        assert per_cent(18, 1694) == [1.06, 0.67, 1.67]
        assert per_cent(36, 833) == [4.32, 3.14, 5.92]  # 5.924999; printed as 5.93 where rounded twice
        assert per_cent(19, 147) == [12.93, 8.43, 19.31]

    def test_all_together(self):
        assert (self.people.sum(), self.cancers.sum(), self.early.sum()) == (2674, 73, 29)
        assert per_cent(73, 2674)[0] == 2.73
        assert per_cent(29, 73, 1) == [39.7, 29.3, 51.2]

    def test_the_tiers_order_the_risk_but_not_the_early_share(self):
        risk = cochran_armitage(self.cancers, self.people)
        assert risk.slope > 0 and risk.p < 1e-15
        assert cochran_armitage(self.early, self.cancers).p > 0.05
        high_against_low = risk_ratio(19, 147, 18, 1694)
        assert float(high_against_low.estimate) == pytest.approx(12.16, abs=0.01)
        assert high_against_low.lower > 6


class TestCascades:
    """From those invited to what was found: each share has a denominator of its own."""

    def test_canspuc_colorectal(self):
        """Gut 2019: questionnaires, high risk, colonoscopies, findings."""
        assert per_cent(182_927, 1_381_561, 1)[0] == 13.2
        assert per_cent(25_593, 182_927, 1)[0] == 14.0
        assert per_cent(65, 25_593) == [0.25, 0.20, 0.32]
        assert per_cent(785, 25_593)[0] == 3.07
        # The same cancers per questionnaire: fifty times fewer, and no detection rate of colonoscopy.
        assert round(1e5 * 65 / 1_381_561, 1) == 4.7
        assert per_cent(785 + 65, 25_593)[0] == 3.32
        assert per_cent(2091 + 785, 25_593)[0] == 11.24
        assert per_cent(1107, 25_593)[0] == 4.33

    def test_guangzhou(self):
        """2015–2017: predictive value of a positive screen, not a detection rate of those screened."""
        assert per_cent(350_581, 2_283_214, 1)[0] == 15.4
        assert per_cent(351, 10_600) == [3.31, 2.99, 3.67]
        assert per_cent(980, 10_600)[0] == 9.25

    def test_urban_upper_gastrointestinal(self):
        """JMIR 2024: the abstract says 25.68 % at high risk; its own counts give 25.58 %."""
        assert per_cent(39_163, 153_079)[0] == 25.58
        assert per_cent(9_627, 39_163, 1)[0] == 24.6
        low, high = wilson(39_163, 153_079)
        assert low < 0.2568 < high  # chance would hide the slip; arithmetic does not

    def test_target_c(self):
        """TARGET-C, n = 19,373: colonoscopy once, FIT yearly, risk-adapted; percentages are of the arm."""
        arms, participation = np.array([3883, 7793, 7697]), np.array([0.424, 0.993, 0.892])
        assert arms.sum() == 19_373
        found = np.round(arms * [0.0276, 0.0217, 0.0235]).astype(int)
        assert np.round(100 * found / arms, 2).tolist() == [2.76, 2.17, 2.35]
        # Among those who took part the order of the arms is another one altogether.
        taken = np.round(arms * participation).astype(int)
        ratio = risk_ratio(found[0], taken[0], found[1], taken[1])
        assert ratio.lower > 2.3
        assert risk_ratio(found[0], arms[0], found[1], arms[1]).estimate < 1.3


class TestNordICC:
    """Bretthauer M, NEJM 2022;387:1547. Invited 28,220, of whom 11,843 were screened; usual care 56,365."""

    invited, usual = (259, 28_220), (622, 56_365)

    def test_crude_shares_from_the_counts(self):
        assert per_cent(*self.invited, 3)[0] == 0.918
        assert per_cent(*self.usual, 3)[0] == 1.104
        found = risk_ratio(*self.invited, *self.usual, method="log")
        told = [round(float(part), 3) for part in (found.estimate, found.lower, found.upper)]
        assert told == [0.832, 0.720, 0.961]
        score = risk_ratio(*self.invited, *self.usual)
        assert (round(float(score.lower), 2), round(float(score.upper), 2)) == (0.72, 0.96)

    def test_crude_is_not_the_published_cumulative_risk(self):
        """0.98 against 1.20 % at ten years, ratio 0.82 (0.70–0.93): followed for less, some leave before."""
        assert per_cent(*self.invited)[0] < 0.98 and per_cent(*self.usual)[0] < 1.20
        assert round(0.98 / 1.20, 2) == 0.82
        crude = risk_ratio(*self.invited, *self.usual, method="log")
        assert round(float(crude.estimate), 2) == 0.83
        assert [round(float(limit), 2) for limit in (crude.lower, crude.upper)] != [0.70, 0.93]
        assert round(1.46 / 1.80, 2) == 0.81  # at thirteen years, Lancet 2026

    def test_the_difference_is_small_and_certain(self):
        found = difference(*self.invited, *self.usual)
        assert -0.0034 < found.lower < found.estimate < found.upper < -0.0004

    def test_at_screening(self):
        assert per_cent(11_843, 28_220, 1)[0] == 42.0
        assert per_cent(62, 11_843) == [0.52, 0.41, 0.67]
        assert [round(float(100 * limit), 2) for limit in clopper_pearson(62, 11_843)] == [0.40, 0.67]
        assert per_cent(3634, 11_843, 1)[0] == 30.7
        assert per_cent(15, 11_843)[0] == 0.13
        # No perforation among 11,843 is not "never": up to 3.1 in ten thousand (rule of three: 2.5).
        none = clopper_pearson(0, 11_843)
        assert none.lower == 0 and float(1e4 * none.upper) == pytest.approx(3.11, abs=0.01)


class TestIntervalCancerAndAdenomaDetection:
    """Kaminski MF, NEJM 2010;362:1795; Corley DA, NEJM 2014;370:1298."""

    def test_kaminski(self):
        assert round(1e5 * 42 / 188_788, 1) == 22.2
        assert [round(float(1e5 * limit), 1) for limit in poisson_exact(42, 188_788)] == [16.0, 30.1]

    @pytest.mark.parametrize(
        ("ratio", "lower", "upper"), [(10.94, 1.37, 87.01), (10.75, 1.36, 85.06), (12.50, 1.51, 103.43)]
    )
    def test_kaminskis_hazard_ratios_lie_midway_on_the_logarithm(self, ratio, lower, upper):
        assert np.sqrt(lower * upper) == pytest.approx(ratio, rel=0.005)

    def test_corley(self):
        assert round(1e4 * 712 / 927_523, 2) == 7.68
        assert [round(float(1e4 * limit), 2) for limit in poisson_exact(712, 927_523)] == [7.12, 8.26]
        assert np.sqrt(0.39 * 0.69) == pytest.approx(0.52, abs=0.005)
        # The fifths' crude rates give nearly the adjusted hazard ratio.
        assert round(4.8 / 9.8, 2) == 0.49
        assert np.sqrt(0.96 * 0.98) == pytest.approx(0.97, abs=0.005)

    def test_corleys_fifths_fall_with_every_step(self):
        """9.8, 8.6, 8.0, 7.0 and 4.8 in 10,000 person-years, each as cases of a fifth of all years."""
        years = np.full(5, 927_523 // 5)
        cases = np.round(years * [9.8e-4, 8.6e-4, 8.0e-4, 7.0e-4, 4.8e-4]).astype(int)
        assert np.round(1e4 * cases / years, 1).tolist() == [9.8, 8.6, 8.0, 7.0, 4.8]
        assert cases.sum() == pytest.approx(712, rel=0.01)  # the fifths were watched for about as long
        trend = cochran_armitage(cases, years)
        assert trend.slope < 0 and trend.p < 1e-6

    def test_kaminskis_doctors(self):
        """186 endoscopists share 42 cancers: no single one can be judged by those."""
        assert round(45_026 / 186) == 242
        one = poisson_exact(1, 188_788 / 186)
        assert one.lower < 42 / 188_788 < one.upper

    def test_the_two_countries_rates_cannot_be_told_apart_by_size_alone(self):
        """22.2 per 100,000 and 7.68 per 10,000 person-years: the unit is a factor of ten."""
        found = rate_ratio(712, 927_523, 42, 188_788)
        assert float(found.estimate) == pytest.approx(76.8 / 22.2, abs=0.01)
        assert found.lower > 2.5


class TestNorthEastEngland:
    """Bowel cancer screening programme: 1,524 colonoscopies; stage of 180 cancers by Dukes."""

    def test_performance(self):
        assert per_cent(1485, 1524, 1)[0] == 97.4
        assert per_cent(758, 1524, 1)[0] == 49.7

    def test_the_early_share_depends_on_what_becomes_of_the_unknown(self):
        dukes = {"A": 76, "B": 47, "C": 47, "D": 8, "unknown": 2}
        assert sum(dukes.values()) == 180
        assert per_cent(76, 180, 1)[0] == 42.2
        assert per_cent(76, 180 - dukes["unknown"], 1)[0] == 42.7

    def test_uptake(self):
        """195,772 invited, 54 % took part, 1.7 % of the tests positive, 1,524 colonoscopies: 85 in 100."""
        tested = round(0.54 * 195_772)
        positive = round(0.017 * tested)
        assert (tested, positive) == (105_717, 1797)
        assert per_cent(1524, positive, 0)[0] == 85
        # Cancers found in 100 positive tests, and in 100 people invited, are not one figure.
        assert (per_cent(180, positive, 1)[0], per_cent(180, 195_772)[0]) == (10.0, 0.09)


class TestUnitedKingdom:
    """National Endoscopy Database 2019–20 (n = 592,764); audit of 2011 (n = 20,085)."""

    @pytest.mark.parametrize(("share", "limits"), [(93.5, [93.4, 93.6]), (37.3, [37.2, 37.4])])
    def test_national_endoscopy_database(self, share, limits):
        met = round(592_764 * share / 100)
        assert per_cent(met, 592_764, 1) == [share, *limits]

    def test_the_audit_of_2011(self):
        assert per_cent(round(0.923 * 20_085), 20_085, 1)[0] == 92.3
        perforation, bleeding = (1000 * np.array([*clopper_pearson(n, 20_085)]) for n in (8, 52))
        assert np.round(perforation, 2).tolist() == [0.17, 0.78]
        assert np.round(bleeding, 2).tolist() == [1.93, 3.39]
        # Fewer than one in a thousand, as the standard asks, and surely so only with an interval below it.
        assert perforation[1] < 1


class TestChinaSurvey:
    """Chin Med J 2022: early oesophageal and gastric cancer and adenoma detection, 2015 and 2019."""

    counts = {
        "oesophagus": ((55_210, 448_861), (85_429, 482_647), (12.3, 17.7)),
        "stomach": ((69_411, 608_866), (107_192, 634_235), (11.4, 16.9)),
        "adenoma": ((2_118_123, 14_215_592), (3_943_203, 20_431_104), (14.9, 19.3)),
    }

    @pytest.mark.parametrize("what", counts)
    def test_percentages(self, what):
        before, after, told = self.counts[what]
        assert (per_cent(*before, 1)[0], per_cent(*after, 1)[0]) == told
        assert difference(*after, *before).lower > 0.04

    @pytest.mark.parametrize("what", counts)
    def test_the_counts_were_made_from_the_percentages(self, what):
        """Each ratio is the round percentage to within a few cases of half a million, mostly one."""
        for (met, known), share in zip(self.counts[what][:2], self.counts[what][2], strict=True):
            assert abs(met - known * share / 100) <= (7 if what == "stomach" else 1)
