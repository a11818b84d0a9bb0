"""Cox regression as one of the methods of survival: its tables in words, its figures."""

import numpy as np

from registry.label import Label
from registry.reports.rates.shown import NONE, whole
from registry.reports.survival import sentences
from registry.reports.survival.drawn import forest, residuals
from registry.reports.survival.kaplan_meier import left_out, p_value
from registry.reports.survival.method import Method, Sheet
from registry.reports.survival.regression import ONE_LEVEL, Regression, regression

NOBODY_DIED = Label("–（无死亡，不能估计）", "– (no deaths: cannot be estimated)")
FEW = 10  # Peduzzi P, et al. J Clin Epidemiol 1995;48:1503-1510: deaths that a coefficient needs


def sheets(found: Regression) -> list[Sheet]:
    """Hazard ratios by level, and the tests of proportional hazards."""
    rows: list[list[Label | str]] = []
    for term in found.terms:
        for level in term.levels:
            name = level.label
            if term.reference is not None:
                name = Label(f"{term.label.zh}：{level.label.zh}", f"{term.label.en}: {level.label.en}")
            if level.nobody_died:
                ratio: Label | str = NOBODY_DIED
                p = NONE
            elif level.ratio is None or level.p is None:
                ratio, p = Label("1（参照）", "1 (reference)"), ""
            else:
                ratio = f"{level.ratio:.2f} ({level.lower:.2f}–{level.upper:.2f})"
                p = p_value(level.p)
            rows.append([name, whole(level.n), whole(level.events), ratio, p])
    head = [
        Label("协变量", "Covariate"),
        Label("例", "n"),
        Label("死亡", "Deaths"),
        Label("风险比（95 % 区间）", "Hazard ratio (95 % interval)"),
        Label("P", "P"),
    ]
    tests: list[list[Label | str]] = [
        [term.label, f"{term.proportional.chi2:.2f}", str(term.proportional.df), p_value(term.proportional.p)]
        for term in found.terms
    ]
    whole_model = found.proportional.together
    tests.append(
        [Label("全部", "All"), f"{whole_model.chi2:.2f}", str(whole_model.df), p_value(whole_model.p)]
    )
    tested = [Label("协变量", "Covariate"), Label("χ²", "χ²"), Label("自由度", "df"), Label("P", "P")]
    return [
        Sheet(Label("风险比", "Hazard ratios"), head, rows, _notes(found)),
        Sheet(Label("比例风险的检验", "Test of proportional hazards"), tested, tests, _warning(found)),
    ]


def _notes(found: Regression) -> list[Label]:
    likelihood = found.model.likelihood_ratio
    told = {
        "chi2": f"{likelihood.chi2:.1f}",
        "df": likelihood.df,
        "p": p_value(likelihood.p, likelihood.log10_p),
        "c": f"{found.order.estimate:.3f}" if np.isfinite(found.order.estimate) else NONE,
        "se": f"{found.order.std_err:.3f}" if np.isfinite(found.order.std_err) else NONE,
    }
    notes = [
        Label(
            "似然比检验：χ² = %(chi2)s, df = %(df)s, %(p)s；一致性 C = %(c)s（标准误 %(se)s）",
            "Likelihood ratio: χ² = %(chi2)s, df = %(df)s, %(p)s; concordance C = %(c)s (SE %(se)s)",
        )
        % told
    ]
    if found.events < FEW * found.model.coefficient.size:
        words = Label(
            "每个系数的死亡不足 %(few)s 例：风险比和区间都不可靠，减少因素或合并水平。",
            "Fewer than %(few)s deaths for each coefficient: neither ratios nor intervals can be relied "
            "on. Take "
            "fewer factors, or put levels together.",
        )
        notes.append(words % {"few": FEW})
    alone = [term.label for term in found.terms if not any(level.column is not None for level in term.levels)]
    if alone:
        names = Label("、".join(one.zh for one in alone), ", ".join(one.en for one in alone))
        notes.append(ONE_LEVEL % {"names": names})
    if found.without_deaths:
        words = Label(
            "%(n)s 例所在的水平无一死亡，不入模型；其余各水平的风险比不因此改变。",
            "%(n)s of levels in which nobody died are not in the model; the other ratios are the same "
            "without them.",
        )
        notes.append(words % {"n": whole(found.without_deaths)})
    if found.incomplete != 0:
        words = Label("未计入：年龄不详 %(n)s 例", "Left out: %(n)s whose age is not known")
        notes.append(words % {"n": whole(found.incomplete)})
    return notes + left_out(found.death_certificate_only, found.not_followed)


def _warning(found: Regression) -> list[Label]:
    """What a small P means, in words, where there is one."""
    odd = [term.label for term in found.terms if term.proportional.p < 0.05]
    if not odd:
        return []
    named = Label("、".join(one.zh for one in odd), ", ".join(one.en for one in odd))
    return [
        Label(
            "%(names)s的风险比随时间变化：上表是随访期内的平均，须看残差图，或按时段、分层另作。",
            "The ratio of %(names)s changes with time: the table holds an average over follow-up. Look at "
            "the "
            "residuals, or take periods or strata apart.",
        )
        % {"names": named}
    ]


METHOD = Method(
    key="cox",
    label=Label("多因素分析（Cox 回归）", "Several factors at once (Cox regression)"),
    says=Label(
        "其他因素相同时，这一因素使死亡快几倍或慢几倍。",
        "With the other factors the same, how many times sooner or later people of one level die.",
    ),
    answer=regression,
    sheets=sheets,
    draw=forest,
    quote=lambda found: sentences.cox(found.wanted, found.references),
    options=frozenset({"covariates", "landmark"}),
    figures={"residuals": residuals},
)
