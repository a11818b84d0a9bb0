"""Reports read by rules in a second on one core, beside looking for each rule's words by itself."""

import re
import statistics
import time
from collections.abc import Callable, Iterable

import numpy as np

from registry.rules.reading import read_endoscopy, read_pathology
from registry.rules.reading.endoscopy import RULES as ENDOSCOPY
from registry.rules.reading.folding import fold
from registry.rules.reading.pathology import RULES as PATHOLOGY

Texts = list[str]
_UPPER = (
    "食管：黏膜光滑，血管网清晰，扩张度好，齿状线距门齿约{cm}cm。贲门：开闭好。胃底：黏液湖清亮。胃体：皱襞规则，黏膜光滑。"
    "胃角：弧形，光滑。胃窦：黏膜红白相间，以{tint}为主{lesion}。幽门：圆，开闭好。十二指肠球部及降部未见异常。"
)
_LOWER = (
    "循腔进镜至回盲部，阑尾开口及回盲瓣可见，退镜时间{minutes}分{seconds}秒。{lesion}所见其余结直肠黏膜光滑，血管纹理清晰，"
    "未见溃疡及新生物。"
)
_SITES = ("升结肠", "横结肠", "降结肠", "乙状结肠", "直肠", "盲肠", "肝曲")
_SHAPES = ("0-Is", "0-Ip", "Isp", "0-Ⅱa", "LST-NG(PD)", "0－IIa")
_GASTRIC = ("小弯侧", "大弯侧", "前壁", "后壁")
_PATHOLOGY = (
    "（胃窦）黏膜慢性炎，{grade}萎缩，{grade}肠化，Hp（{sign}），病理号{number}。",
    "（胃角）低级别上皮内瘤变，局灶腺体{grade}异型增生，蜡块{number}。",
    "（{site}）管状腺瘤，大小{size}cm，低级别上皮内瘤变，未见癌变，蜡块{number}。",
    "（胃窦ESD标本）高分化管状腺癌，大小{size}cm，浸润至黏膜下层（SM1，约{microns}μm），水平切缘阴性，垂直切缘阴性，"
    "未见脉管癌栓，UL0，蜡块{number}。",
    "（{site}）绒毛状管状腺瘤，局灶高级别上皮内瘤变，癌变待排，建议完整切除后送检，编号{number}。",
    "（食管{cm}cm）鳞状上皮轻度异型增生，未见高级别上皮内瘤变，编号{number}。",
)


def measure(reports: int, runs: int) -> None:
    """Print how many reports of each kind are read in a second, all of them different."""
    chance = np.random.default_rng(1)
    for named, made, read, rules in (
        ("endoscopic", endoscopic, read_endoscopy, ENDOSCOPY),
        ("pathological", pathological, read_pathology, PATHOLOGY),
    ):
        patterns = [re.compile(rule.pattern, re.ASCII) for rule in rules]

        def searched(text: str, patterns: Iterable[re.Pattern[str]] = patterns) -> None:
            folded, _ = fold(text)
            for pattern in patterns:
                for _found in pattern.finditer(folded):
                    pass

        ours, bare, signs = [], [], 0.0
        for run in range(runs + 1):  # the first warms up
            texts = made(reports, chance, run)
            signs = sum(map(len, texts)) / len(texts)
            ours.append(_seconds(read, texts))
            bare.append(_seconds(searched, texts[: reports // 5]) * 5)
        mine, beside = statistics.median(ours[1:]), statistics.median(bare[1:])
        print(
            f"{reports:,} {named} reports of {signs:.0f} characters, all different: {reports / mine:,.0f} a "
            f"second on one core; merely searching for each rule: {reports / beside:,.0f}; "
            f"ratio {mine / beside:.2f}"
        )


def endoscopic(reports: int, chance: np.random.Generator, run: int = 0) -> Texts:
    """Findings of gastroscopies and colonoscopies, a third of them with a lesion or two."""
    told = (_upper(chance) if chance.random() < 0.6 else _lower(chance) for _ in range(reports))
    return [f"{text}检查号E{run}{place:06d}。" for place, text in enumerate(told)]


def pathological(reports: int, chance: np.random.Generator, run: int = 0) -> Texts:
    """Biopsies and resections, each with a number of its own."""
    return [
        str(chance.choice(_PATHOLOGY)).format(
            grade=chance.choice(("轻度", "中度")),
            sign=chance.choice(("+", "-")),
            site=chance.choice(_SITES),
            size=chance.integers(3, 40) / 10,
            microns=chance.integers(100, 900),
            cm=chance.integers(22, 40),
            number=f"B{run}{one:06d}",
        )
        for one in range(reports)
    ]


def _upper(chance: np.random.Generator) -> str:
    lesion = ""
    if chance.random() < 0.3:
        size, other = chance.integers(3, 30, 2) / 10
        lesion = (
            f"，{chance.choice(_GASTRIC)}见一0-Ⅱ{chance.choice(('a', 'b', 'c'))}病变，约{size}cm×{other}cm"
        )
    return _UPPER.format(cm=chance.integers(360, 430) / 10, tint=chance.choice(("红", "白")), lesion=lesion)


def _lower(chance: np.random.Generator) -> str:
    lesions = [
        f"{chance.choice(_SITES)}见一{chance.choice(_SHAPES)}息肉，大小约{size}mm，"
        f"JNET {chance.choice(('1', '2A'))}型。"
        for size in chance.integers(2, 30, chance.integers(0, 3))
    ]
    minutes, seconds = chance.integers(5, 15), chance.integers(0, 60)
    return _LOWER.format(minutes=minutes, seconds=seconds, lesion="".join(lesions))


def _seconds(work: Callable[[str], object], texts: Texts) -> float:
    """Processor time for all texts."""
    began = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - began


if __name__ == "__main__":
    measure(10_000, 5)
