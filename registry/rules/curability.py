"""Whether an endoscopic resection has cured: eCura, ESGE 2022, and the rules of oesophagus and colorectum.

A rule is asked for every value that an unknown fact could still take. If all answers agree, that is
the answer; otherwise there is none, and what would decide it is named.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from registry.codes.curability import Curative, ECura, EsgeRisk
from registry.codes.lesion import Organ
from registry.label import Label
from registry.rules.definition import Definition
from registry.rules.problem import Open
from registry.rules.resection import DEEP, MUCOSA, SHALLOW, SURFACE, Resection

Facts = Mapping[str, Any]

E_CURA = Definition(
    "ecura",
    Label("eCura 治愈性", "eCura curability"),
    Label(
        "A：整块、HM0、VM0、Ly0、V0，pT1a 且［分化型 UL0 | 分化型 UL1 ≤30 mm | 未分化型 UL0 ≤20 mm］，"
        "未分化成分不超过 20 mm；B：同上切缘和脉管，分化型 pT1b-SM1（<500 µm）≤30 mm，"
        "黏膜下无未分化成分；C-1：分化型，仅因分片或 HM1；其余 C-2",
        "A: en bloc, HM0 VM0 Ly0 V0, pT1a and [differentiated UL0 | differentiated UL1 up to 30 mm | "
        "undifferentiated UL0 up to 20 mm], undifferentiated component up to 20 mm; B: same, "
        "differentiated pT1b-SM1 (<500 µm) up to 30 mm, none of it undifferentiated in the submucosa; "
        "C-1: differentiated, failed by piecemeal or HM1 only; C-2: the rest",
    ),
    "JGCA 6th / JGES 2021",
    "JGCA Gastric Cancer Treatment Guidelines 2021, Gastric Cancer 2023;26:1",
    "Endoscopic curability",
)
ESGE = Definition(
    "esge",
    Label("ESGE 风险分层", "ESGE risk after ESD"),
    Label(
        "极低：整块 R0、不超过黏膜（食管鳞癌 ≤m2）、高／中分化、无脉管侵犯及溃疡；低：整块 R0、SM1 "
        "内并符合大小；局部：仅 HM1 或分片且未达黏膜下；高：其余",
        "Very low: en bloc R0, mucosa (squamous oesophagus to m2), well or moderate, no vessels, no "
        "ulcer; low: en bloc R0, to SM1 within its size; local: HM1 or piecemeal only, no submucosa; "
        "high: the rest",
    ),
    "ESGE 2022",
    "Pimentel-Nunes P et al., Endoscopy 2022;54:591",
    "Risk groups",
)
OESOPHAGUS = Definition(
    "oesophagus_curative",
    Label("食管治愈性切除", "Curative resection, oesophagus"),
    Label(
        "治愈：EP／LPM、R0、无脉管侵犯；相对治愈：MM／SM1 ≤200 µm；其余需追加治疗",
        "Curative: EP or LPM, R0, no vessels; relative: MM or SM1 up to 200 µm; the rest needs further "
        "treatment",
    ),
    "JES 2017",
    "JES Esophageal cancer practice guidelines 2017, Esophagus 2019;16:1",
    "Endoscopic resection",
)
COLORECTUM = Definition(
    "colorectum_curative",
    Label("结直肠治愈性切除", "Curative resection, colorectum"),
    Label(
        "R0；黏膜下者另须高／中分化、<1000 µm、无脉管侵犯、出芽 1 级",
        "R0; in the submucosa also well or moderate, <1000 µm, no vessels, budding 1",
    ),
    "JSCCR 2019",
    "JSCCR Guidelines 2019, Int J Clin Oncol 2020;25:1",
    "pT1 after endoscopic resection",
)
DEFINITIONS = (E_CURA, ESGE, OESOPHAGUS, COLORECTUM)


@dataclass(frozen=True)
class Curability:
    """An answer by one definition.

    `category` is None where it cannot be told – then `missing` names what would decide – or where
    the definition does not apply, and `reason` says why.
    """

    definition: Definition
    category: ECura | EsgeRisk | Curative | None = None
    missing: tuple[Open, ...] = ()
    reason: Label | None = None

    @property
    def label(self) -> Label:
        """The category in words, or why there is none."""
        if self.category is not None:
            return self.category.label
        return self.reason or Label("无法判断", "Cannot tell")

    @property
    def clause(self) -> str:
        return self.definition.clause

    @property
    def edition(self) -> str:
        return self.definition.edition


def curability(resection: Resection) -> Curability | None:
    """The answer by the definition of the organ; None for organs that have none here."""
    if resection.organ is Organ.STOMACH:
        return e_cura(resection)
    if resection.organ is Organ.OESOPHAGUS:
        return oesophagus_curative(resection)
    if resection.organ is not None and resection.organ.colorectal:
        return colorectum_curative(resection)
    return None


def e_cura(resection: Resection) -> Curability:
    """Endoscopic curability of early gastric cancer; for the stomach only."""
    return _answer(E_CURA, resection, resection.organ is Organ.STOMACH, resection.stomach_facts(), _e_cura)


def esge_2022(resection: Resection) -> Curability:
    """Risk group after endoscopic resection, for oesophagus, stomach and colorectum."""
    organ = resection.organ
    covered = organ is not None and (organ.colorectal or organ in {Organ.OESOPHAGUS, Organ.STOMACH})
    return _answer(ESGE, resection, covered, resection.esge_facts(), _esge)


def oesophagus_curative(resection: Resection) -> Curability:
    """Curability of an oesophageal resection."""
    applies = resection.organ is Organ.OESOPHAGUS
    return _answer(OESOPHAGUS, resection, applies, resection.oesophagus_facts(), _oesophagus)


def colorectum_curative(resection: Resection) -> Curability:
    """Curability of a colorectal resection."""
    applies = resection.organ is not None and resection.organ.colorectal
    return _answer(COLORECTUM, resection, applies, resection.colorectum_facts(), _colorectum)


def _answer(
    definition: Definition,
    resection: Resection,
    organ_fits: bool,
    facts: Mapping[str, tuple[Any, ...]],
    rule: Callable[[Facts], Any],
) -> Curability:
    if not organ_fits:
        return Curability(definition, reason=Label("不适用于该器官", "Not for this organ"))
    if resection.method is not None and not resection.endoscopic:
        return Curability(definition, reason=Label("不是内镜切除", "Not an endoscopic resection"))
    if resection.cancer is False:
        return Curability(definition, reason=Label("不是癌", "Not a carcinoma"))
    category, undecided = decide(rule, facts)
    if resection.cancer is None:
        category, undecided = None, ("cancer", *undecided)
    return Curability(definition, category, tuple(resection.open(fact) for fact in undecided))


def decide(
    rule: Callable[[Facts], Hashable], facts: Mapping[str, tuple[Any, ...]]
) -> tuple[Any, tuple[str, ...]]:
    """Ask a rule for every combination of values its facts may have.

    Returns
    -------
    answer
        What all combinations agree on, or None.
    undecided : tuple of str
        Where they do not agree, the unknown facts of which each can tip the answer.

    >>> decide(lambda facts: facts["a"] and facts["b"], {"a": (False,), "b": (True, False)})
    (False, ())
    >>> decide(lambda facts: facts["a"] and facts["b"], {"a": (True,), "b": (True, False)})
    (None, ('b',))
    """
    names = list(facts)
    answers = {values: rule(dict(zip(names, values, strict=True))) for values in product(*facts.values())}
    if len(set(answers.values())) == 1:
        return next(iter(answers.values())), ()
    tipping = []
    for place, name in enumerate(names):
        seen: dict[tuple[Any, ...], set[Hashable]] = {}
        for values, answer in answers.items():
            seen.setdefault(values[:place] + values[place + 1 :], set()).add(answer)
        if any(len(different) > 1 for different in seen.values()):
            tipping.append(name)
    return None, tuple(tipping)


def _e_cura(facts: Facts) -> ECura:
    ideal = _e_cura_if_whole(facts)
    if ideal is None or not (facts["vertical_clear"] and facts["no_lymphatic"] and facts["no_venous"]):
        return ECura.C2
    if facts["en_bloc"] and facts["horizontal_clear"]:
        return ideal
    return ECura.C2 if facts["undifferentiated"] else ECura.C1


def _e_cura_if_whole(facts: Facts) -> ECura | None:
    """A or B as far as layer, type, ulcer and size go, were it en bloc with clear edges."""
    if facts["layer"] == MUCOSA:
        if facts["undifferentiated"]:
            fits = not facts["ulcer"] and facts["size"] <= 20
        else:
            fits = not facts["undifferentiated_over_20"] and (not facts["ulcer"] or facts["size"] <= 30)
        return ECura.A if fits else None
    if facts["layer"] == SHALLOW:
        fits = (
            not facts["undifferentiated"]
            and not facts["undifferentiated_in_submucosa"]
            and facts["size"] <= 30
        )
        return ECura.B if fits else None
    return None


def _esge(facts: Facts) -> EsgeRisk:
    budding = facts["kind"] == "colorectum" and facts["layer"] == SHALLOW and facts["budding"]
    vessels = not (facts["no_lymphatic"] and facts["no_venous"])
    if (
        facts["layer"] == DEEP
        or vessels
        or facts["undifferentiated"]
        or budding
        or not facts["vertical_clear"]
    ):
        return EsgeRisk.HIGH
    mucosal = facts["layer"] in {SURFACE, MUCOSA}
    if not (facts["en_bloc"] and facts["horizontal_clear"]):
        return EsgeRisk.LOCAL if mucosal else EsgeRisk.HIGH
    kind = facts["kind"]
    if mucosal and not facts["ulcer"] and not (kind == "squamous" and facts["layer"] == MUCOSA):
        return EsgeRisk.VERY_LOW
    largest = {"squamous": 20, "stomach": 30}.get(kind)
    return EsgeRisk.LOW if largest is None or facts["size"] <= largest else EsgeRisk.HIGH


def _oesophagus(facts: Facts) -> Curative:
    clear = facts["en_bloc"] and facts["horizontal_clear"] and facts["vertical_clear"]
    if facts["layer"] == DEEP or not (clear and facts["no_lymphatic"] and facts["no_venous"]):
        return Curative.NOT_CURATIVE
    return Curative.CURATIVE if facts["layer"] == SURFACE else Curative.RELATIVE


def _colorectum(facts: Facts) -> Curative:
    cured = (
        facts["en_bloc"] and facts["horizontal_clear"] and facts["vertical_clear"] and facts["layer"] != DEEP
    )
    if facts["layer"] == SHALLOW:
        vessels = not (facts["no_lymphatic"] and facts["no_venous"])
        cured = cured and not (vessels or facts["undifferentiated"] or facts["budding"])
    return Curative.CURATIVE if cured else Curative.NOT_CURATIVE
