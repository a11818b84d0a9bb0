"""The mucosa around: atrophy, reflux, Barrett, metaplasia, and what tests of H. pylori showed."""

import re

from registry.codes.endoscopy import Kimura, LosAngeles, Operative
from registry.codes.risk import TestResult
from registry.rules.reading.rule import Rule

_STAGE = {
    "0": "0",
    "I": "I",
    "II": "II",
    "III": "III",
    "IV": "IV",
    "1": "I",
    "2": "II",
    "3": "III",
    "4": "IV",
}
_ROMAN = r"(?:IV|I{1,3}|[0-4])"


def kimura(words: str) -> Kimura:
    """The type of atrophy: the letter and figure at the end of the words."""
    letter, figure = re.findall(r"([CO0]|闭合型|开放型)-?([0-3]|I{1,3})\)?", words)[-1]
    letter = {"闭合型": "C", "开放型": "O", "0": "O"}.get(letter, letter)
    return Kimura(f"{letter}-{len(figure) if figure.startswith('I') else figure}")


def los_angeles(words: str) -> LosAngeles:
    """The grade: the last letter of the words."""
    return LosAngeles(re.findall(r"[A-DMN]", words.replace("LA", ""))[-1])


def prague(words: str) -> tuple[float, float] | None:
    """C and M in cm; None where C exceeds M, which cannot be."""
    circle, most = (float(one) for one in re.findall(r"\d{1,2}(?:\.\d)?", words)[-2:])
    return (circle, most) if circle <= most <= 30 else None


def operative(words: str) -> Operative:
    """Stage 0 to IV, in either kind of figures."""
    return Operative(_STAGE[re.findall(_ROMAN, words.replace("OLGIM", "").replace("OLGA", ""))[-1]])


def eggim(words: str) -> int | None:
    """Points, 0 to 10."""
    points = int(re.findall(r"\d{1,2}", words)[-1])
    return points if points <= 10 else None


def hp(words: str) -> TestResult:
    """Whether the test found H. pylori."""
    return TestResult.POSITIVE if re.search(r"阳性|\+|POS", words) else TestResult.NEGATIVE


_HP = (
    r"(?:H\.? ?PYLORI|(?<![A-Z])HP|幽门螺杆菌|幽门螺旋杆菌|幽门螺旋菌|快速尿素酶(?:试验|"
    r"检测)?|尿素酶试验|(?<![A-Z])RUT|(?<![A-Z])C-?1[34](?:-?UBT|呼气试验)?|"
    r"1[34]C-?(?:UBT|(?:尿素)?呼气试验)|(?<![A-Z])UBT)"
)
RULES = (
    Rule("kimura.range", "nothing", r"(?<![A-Z0-9])[CO]-?[0-3] ?(?:-|至|/|,|或) ?[CO]?-?[0-3](?![A-Z0-9.])"),
    Rule(
        "kimura",
        "background.kimura",
        r"(?:(?:木村[-.]?(?:竹本)?|KIMURA(?:[- ]?TAKEMOTO)?|K-T)(?:氏)?(?:分型|分类|分级)?|"
        r"萎缩(?:性胃炎|性改变|范围|程度|分级)?|闭合型|开放型)"
        r"[^,。;?\n]{0,4}?[CO]-?(?:[0-3]|I{1,3})(?![A-Z0-9.])",
        kimura,
        "Kimura K, Takemoto T. Endoscopy 1969;1:87",
    ),
    Rule(
        "kimura.words",
        "background.kimura",
        r"(?:闭合型|开放型)-?(?:[1-3]|I{1,3})(?![A-Z0-9.])",
        kimura,
        "Kimura K, Takemoto T. Endoscopy 1969;1:87",
    ),
    Rule(
        "kimura.before",
        "background.kimura",
        r"(?<![A-Z0-9])[CO]-?[0-3]型?(?:慢性)?萎缩",
        kimura,
        "Kimura K, Takemoto T. Endoscopy 1969;1:87",
    ),
    Rule(
        "kimura.after",
        "kimura.after",
        r"(?<![A-Z0-9])[CO]-[0-3](?![A-Z0-9.])",
        kimura,
        "Kimura K, Takemoto T. Endoscopy 1969;1:87",
    ),
    Rule("kimura.told", "atrophy", r"萎缩|KIMURA|木村", source="Kimura K, Takemoto T. Endoscopy 1969;1:87"),
    Rule("los-angeles.range", "nothing", r"LA[- ]?[A-D] ?(?:-|/|或|至) ?[A-D](?![A-Z])"),
    Rule(
        "los-angeles",
        "background.los_angeles",
        r"(?:反流性食管炎|食管炎|RE|GERD)?[,:( ]{0,2}(?:LOS ANGELES|洛杉矶|(?<![A-Z])LA)[- ]?(?:分级|"
        r"分类|分型|GRADE)?(?:为|:)?[-( ]?[A-DMN](?![A-Z0-9-])级?|"
        r"(?:反流性食管炎|食管炎)(?:分级)?(?:为|:)?[-( ]{0,2}[A-DMN](?![A-Z0-9-])(?:级|\)|$)",
        los_angeles,
        "Lundell LR et al., Gut 1999;45:172",
    ),
    Rule(
        "prague",
        "background.prague",
        r"(?:PRAGUE|布拉格|BARRETT食管|BARRETT)?(?:分型|分级|"
        r"标准)?[-:( ]{0,2}C ?\d{1,2}(?:\.\d)? ?M ?\d{1,2}(?:\.\d)?(?![A-Z0-9])",
        prague,
        "Sharma P et al., Gastroenterology 2006;131:1392",
    ),
    Rule(
        "eggim",
        "background.eggim",
        r"EGGIM(?:评分|总分)?(?:为|:)? ?\d{1,2}(?![0-9])",
        eggim,
        "Pimentel-Nunes P et al., Endoscopy 2016;48:723",
    ),
    Rule(
        "olgim",
        "background.olgim",
        rf"OLGIM(?:分期|分级)?(?:为|:)?[- ]?{_ROMAN}(?![A-Z0-9-])",
        operative,
        "Capelle LG et al., GIE 2010;71:1150",
    ),
    Rule(
        "olga",
        "background.olga",
        rf"OLGA(?:分期|分级)?(?:为|:)?[- ]?{_ROMAN}(?![A-Z0-9-])",
        operative,
        "Rugge M et al., Gut 2007;56:631",
    ),
    Rule(
        "hp",
        "risk.hp_result",
        rf"{_HP}(?:感染|(?:快速)?检测|染色|试验|结果)?(?:为|:)? ?(?:\([+-]{{1,3}}\)|"
        rf"[+-]{{1,3}}(?=[,。;\n)]|$)|阳性|阴性|POSITIVE|NEGATIVE)",
        hp,
        "第六次全国幽门螺杆菌感染处理共识报告 2022",
    ),
)
