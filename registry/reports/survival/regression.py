"""Cox regression of chosen covariates: hazard ratios by level, tests, and how it was done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from registry.label import Label
from registry.queries.counting.grouping import Group
from registry.queries.survival import by_days as query
from registry.queries.survival.rows import Rows
from registry.queries.survival.rows import rows as rows_of
from registry.reports.rates.quality import only_aggregates
from registry.reports.survival import sentences
from registry.reports.survival.curves import LEVEL, as_test
from registry.reports.survival.disclosed import unless_few
from registry.reports.survival.method import Refused, Wanted
from registry.stats.concordance import Concordance, concordance
from registry.stats.cox import Cox, NoEstimate, cox
from registry.stats.disclosure import State
from registry.stats.linked_tables import crossed, total
from registry.stats.log_rank import Tail
from registry.stats.proportional import Proportional, proportional_hazards
from registry.stats.protection import protect

AGE = "age"
AGE_LABEL = Label("年龄（每 10 岁）", "Age (per 10 years)")
USUAL = (AGE, "sex", "summary_stage")


@dataclass(frozen=True)
class Level:
    """One level of a covariate with its ratio; the reference has none, nor has one in which nobody died.

    A level without deaths has a ratio of nothing below any number, so there is none to state. The
    others are what they are without its people, who are therefore left out of the model.
    """

    code: str
    label: Label
    n: int | None
    events: int | None
    column: int | None = None
    ratio: float | None = None
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    nobody_died: bool = False

    @property
    def standing(self) -> str:
        """What the level is in the model, as files say it."""
        if self.nobody_died:
            return "nobody died"
        return "reference" if self.column is None else "estimated"


@dataclass(frozen=True)
class Term:
    """A covariate: a number, or a division with its reference level; and its test of proportionality."""

    key: str
    label: Label
    levels: tuple[Level, ...]
    reference: Group | None
    proportional: Tail


@dataclass(frozen=True)
class Regression:
    """A fitted model as it is reported."""

    terms: tuple[Term, ...]
    n: int
    events: int
    incomplete: int | None
    model: Cox
    order: Concordance
    proportional: Proportional
    death_certificate_only: int | None
    not_followed: int | None
    suppressed: bool
    wanted: Wanted
    division: Label | None = None
    empty: bool = False
    without_deaths: int = 0

    @property
    def references(self) -> Label:
        """What every other level is compared with."""
        parts = [(term.label, term.reference.label) for term in self.terms if term.reference is not None]
        return Label(
            "；".join(f"{name.zh}：{level.zh}" for name, level in parts) or "无",
            "; ".join(f"{name.en}: {level.en}" for name, level in parts) or "none",
        )

    def as_dict(self) -> dict[str, Any]:
        """Everything as a file holds it."""
        model = self.model
        return {
            "terms": [
                {
                    "covariate": term.key,
                    "label": str(term.label),
                    "reference": None if term.reference is None else term.reference.code,
                    "levels": [
                        _without(level)
                        | {"label": str(level.label), "standing": level.standing}
                        | _coefficient(model, level)
                        for level in term.levels
                    ],
                    "proportional_hazards": as_test(term.proportional),
                }
                for term in self.terms
            ],
            "n": self.n,
            "events": self.events,
            "proportional_hazards": as_test(self.proportional.together),
            "likelihood_ratio": as_test(model.likelihood_ratio),
            "wald": as_test(model.wald),
            "score": as_test(model.score),
            "log_likelihood": [model.log_likelihood_null, model.log_likelihood],
            "concordance": {"estimate": self.order.estimate, "std_err": self.order.std_err},
            "excluded": {
                "death_certificate_or_autopsy_only": self.death_certificate_only,
                "not_followed": self.not_followed,
                "age_not_known": self.incomplete,
                "levels_without_deaths": self.without_deaths,
            },
            "level": LEVEL,
            "ties": "efron",
            "method": str(sentences.cox(self.wanted, self.references)),
        }

    def flat(self) -> list[dict[str, Any]]:
        """One line for each level."""
        return [
            {
                "covariate": term.key,
                "level": level.code,
                "label": str(level.label),
                "standing": level.standing,
                "n": level.n,
                "events": level.events,
                "hazard_ratio": level.ratio,
                "lower": level.lower,
                "upper": level.upper,
                "p": level.p,
                "proportional_hazards_p": term.proportional.p,
            }
            for term in self.terms
            for level in term.levels
        ]


def covariates() -> dict[str, Label]:
    """What a model may hold, by key."""
    return {AGE: AGE_LABEL} | {key: division.label for key, division in query.divisions().items()}


def regression(wanted: Wanted) -> Regression:
    """Fit the model; where no covariates are named, age, sex and stage.

    A level that is not known stays a level of its own; who has no birth date is left out of a model
    with age, and counted. Raises Refused, with words, where there is no such covariate, no estimate,
    or deaths or a level too few for a reader of aggregates.
    """
    named = [part.partition(":")[::2] for part in wanted.covariates or USUAL]
    keys = [key for key, _ in named]
    for key in keys:
        if key not in covariates() or keys.count(key) > 1:
            raise Refused(
                Label(
                    "没有协变量 %(key)s，或重复；可用：%(known)s",
                    "No covariate %(key)s, or twice; there are: %(known)s",
                )
                % {"key": key, "known": ", ".join(covariates())}
            )
    counted = rows_of([key for key in keys if key != AGE], age=AGE in keys, **dict(wanted.selection))
    kept = counted.days > wanted.landmark if wanted.landmark else np.ones(counted.days.size, dtype=bool)
    incomplete = 0
    if AGE in keys:
        incomplete = int(counted.weight[kept & np.isnan(counted.age)].sum())
        kept &= ~np.isnan(counted.age)
    if not counted.weight[kept].sum():
        raise Refused(Label("没有可用的病例", "There is nobody to compare"))
    if not (counted.ends[kept] > 0).any():
        raise Refused(Label("尚无一例死亡，无从比较", "Nobody has died yet: there is nothing to compare"))
    smallest = wanted.smallest if only_aggregates() else 0
    if int(counted.weight[kept & (counted.ends > 0)].sum()) < smallest:
        few = Label(
            "死亡不足 %(n)s 例，不对汇总数据使用者开放",
            "Fewer than %(n)s deaths: not for readers of aggregates",
        )
        raise Refused(few % {"n": smallest})
    harmless = _harmless(keys, counted, kept)
    design, terms = _design(named, counted, kept, smallest)
    everybody = int(counted.weight[kept].sum())
    design, kept = design[~harmless[kept]], kept & ~harmless
    names = [level.label for term in terms for level in term.levels if level.column is not None]
    members = counted.days[kept], counted.ends[kept], design, counted.weight[kept]
    try:
        model = cox(*members, level=LEVEL)
    except NoEstimate as none:
        blamed = [names[column] for column in none.columns] or names
        raise Refused(_no_estimate(blamed)) from none
    columns = [[lv.column for lv in term.levels if lv.column is not None] for term in terms]
    tests = proportional_hazards(model, columns)
    terms = [_judged(term, model, tests.terms[place]) for place, term in enumerate(terms)]
    days, dead, _, weight = members
    left_out: list[int | None] = [counted.death_certificate_only, counted.not_followed, incomplete]
    if smallest:
        left_out = [unless_few(number or 0, smallest) for number in left_out]
    return Regression(
        tuple(terms),
        model.n,
        model.events,
        left_out[2],
        model,
        concordance(days, dead, design @ model.coefficient, weight),
        tests,
        left_out[0],
        left_out[1],
        bool(smallest),
        replace(wanted, covariates=tuple(wanted.covariates or USUAL)),
        without_deaths=everybody - model.n,
    )


def _no_estimate(blamed: Sequence[Label]) -> Label:
    named = Label("、".join(one.zh for one in blamed), ", ".join(one.en for one in blamed))
    return Label(
        "模型没有确定的估计：%(names)s 与他项重复，或其中无人（或全部）死亡。去掉它，或合并水平。",
        "The model has no definite estimate: %(names)s repeats other columns, or nobody (or everybody) of it "
        "died. Leave it out, or put levels together.",
    ) % {"names": named}


def _deaths(places: np.ndarray, groups: Sequence[Group], died: np.ndarray) -> list[int]:
    """Deaths in each group; `died` holds weights."""
    return np.bincount(places, weights=died, minlength=len(groups)).astype(int).tolist()


def _harmless(keys: Sequence[str], counted: Rows, kept: np.ndarray) -> np.ndarray:
    """Who belongs to a level in which nobody died; nobody where nobody died at all."""
    died = np.where(kept & (counted.ends > 0), counted.weight, 0)
    found = np.zeros(kept.size, dtype=bool)
    if died.sum():
        for key in keys:
            if key != AGE:
                places = counted.places[key]
                found |= np.array(_deaths(places, counted.groups[key], died))[places] == 0
    return found


def _design(
    named: Sequence[tuple[str, str]], counted: Rows, kept: np.ndarray, smallest: int
) -> tuple[np.ndarray, list[Term]]:
    """The columns of the model, and its terms as far as they are known before it is fitted."""
    weight, died = counted.weight[kept], counted.ends[kept] > 0
    columns: list[np.ndarray] = []
    terms = []
    nothing = Tail(np.nan, 0, np.nan, np.nan)
    for key, reference in named:
        if key == AGE:
            level = Level(AGE, AGE_LABEL, int(weight.sum()), int(weight[died].sum()), len(columns))
            columns.append(counted.age[kept] / 10)
            terms.append(Term(key, AGE_LABEL, (level,), None, nothing))
            continue
        groups, places = counted.groups[key], counted.places[key][kept]
        sizes = [int(weight[places == place].sum()) for place in range(len(groups))]
        present = [place for place, size in enumerate(sizes) if size]
        if smallest and any(0 < size < smallest for size in sizes):
            raise Refused(
                Label(
                    "%(what)s有不足 %(n)s 例的水平，不对汇总数据使用者开放",
                    "%(what)s has a level of fewer than %(n)s: not for readers of aggregates",
                )
                % {"what": query.divisions()[key].label, "n": smallest}
            )
        deaths_of = _deaths(places, groups, np.where(died, weight, 0))
        deadly = [place for place in present if deaths_of[place]] or present
        base = _reference(key, reference, groups, deadly, sizes)
        said = _said([deaths_of[place] for place in present], [sizes[place] for place in present], smallest)
        levels = []
        for place, deaths in zip(present, said, strict=True):
            own = places == place
            column, nobody_died = None, place not in deadly
            if nobody_died and deaths is None:  # no ratio would tell the deaths that are hidden
                raise Refused(_few_deaths(query.divisions()[key].label, smallest))
            if place != base and not nobody_died:
                column = len(columns)
                columns.append(own.astype(float))
            group = groups[place]
            level = Level(group.code, group.label, sizes[place], deaths, column, nobody_died=nobody_died)
            levels.append(level)
        terms.append(Term(key, query.divisions()[key].label, tuple(levels), groups[base], nothing))
    if not columns:
        names = Label("、".join(one.label.zh for one in terms), ", ".join(one.label.en for one in terms))
        raise Refused(ONE_LEVEL % {"names": names})
    return np.column_stack(columns), terms


ONE_LEVEL = Label(
    "%(names)s只有一个水平（有死亡的），无从比较。",
    "Of %(names)s there is but one level in which somebody died: nothing to compare it with.",
)


def _few_deaths(what: Label, smallest: int) -> Label:
    return Label(
        "%(what)s有死亡不足 %(n)s 例的水平，不对汇总数据使用者开放",
        "%(what)s has a level with fewer than %(n)s deaths: not for readers of aggregates",
    ) % {"what": what, "n": smallest}


def _said(deaths: Sequence[int], sizes: Sequence[int], smallest: int) -> list[int | None]:
    """The deaths of each level, without those that are few, or would tell of few beside all deaths."""
    if not smallest:
        return list(deaths)
    alive = [size - dead for size, dead in zip(sizes, deaths, strict=True)]
    family = crossed(list(zip(deaths, alive, strict=True)), total(len(deaths)), total(2))
    everything_else = np.full(family.shape, None)
    everything_else[:, 2] = State.SHOWN  # the sizes are said, and so is everybody's fate
    everything_else[-1] = State.SHOWN
    found = protect(family, smallest, published=everything_else.ravel().tolist())
    if found.exposed:
        return [None] * len(deaths)
    states = family.laid_out(np.array(found.states, dtype=object))
    return [
        dead if states[place, 0] is states[place, 1] is State.SHOWN else None
        for place, dead in enumerate(deaths)
    ]


def _reference(
    key: str, wanted: str, groups: Sequence[Group], present: Sequence[int], sizes: Sequence[int]
) -> int:
    """The level that others are compared with: the one named, else the first of an order, or the largest."""
    codes = [groups[place].code for place in present]
    if wanted:
        if wanted not in codes:
            raise Refused(
                Label(
                    "%(key)s 没有水平 %(wanted)s，或其中无人死亡；有：%(codes)s",
                    "%(key)s has no level %(wanted)s, or nobody of it died; there are: %(codes)s",
                )
                % {"key": key, "wanted": wanted, "codes": ", ".join(codes)}
            )
        return present[codes.index(wanted)]
    known = [place for place in present if groups[place].code != "unknown"] or list(present)
    if key in {"summary_stage", "stage_group", "early", "period"}:
        return known[0]
    return max(known, key=lambda place: sizes[place])


def _judged(term: Term, model: Cox, test: Tail) -> Term:
    levels = []
    for level in term.levels:
        if level.column is not None:
            at = level.column
            figures = (
                float(values[at]) for values in (model.hazard_ratio, model.lower, model.upper, model.p)
            )
            ratio, lower, upper, p = figures
            level = replace(level, ratio=ratio, lower=lower, upper=upper, p=p)
        levels.append(level)
    return replace(term, levels=tuple(levels), proportional=test)


def _without(level: Level) -> dict[str, Any]:
    """A level's figures, without what only the model knows it by."""
    lacking = {"label", "column", "nobody_died"}
    return {name: value for name, value in vars(level).items() if name not in lacking}


def _coefficient(model: Cox, level: Level) -> dict[str, Any]:
    if level.column is None:
        return {"coefficient": None, "std_err": None}
    at = level.column
    return {"coefficient": float(model.coefficient[at]), "std_err": float(model.std_err[at])}
