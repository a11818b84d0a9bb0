"""What only a resection shows: depth, margins, vessels, ulcer, size, pieces."""

import re

from registry.codes.pathology import Depth, Lymphatic, Margin, Ulceration, Venous
from registry.rules.reading.rule import Rule
from registry.rules.reading.size import ONE, SIZES, millimetres

LAYERS = "Japanese classifications of oesophageal, gastric and colorectal carcinoma; WHO 2019"
EDGES = "Japanese classifications: HM, VM; NHC 2022 CDEI-16"
VESSELS = "UICC TNM 8, L and V；脉管指淋巴管和静脉"
_TO = (
    r"(?:浸润深度|浸润|侵及|侵犯|侵达|侵入|侵至|侵透|浸透|累及|穿透|突破|达到|到达|深达|达|局限于|"
    r"限于|局限|位于|深度|浸及|至(?=浆膜|外膜|固有|肌层|黏膜|SM))"
    r"(?:至|于|达|到|及|层次|约|为|:)?[^,。;\n\d未无不非?疑]{0,5}?"
)
_NO = r"\(?(?:-{1,2}|阴性|0)\)?|:无|:未见|\(无\)"
_PAIR = r"(?:及|与|和|、|/)?"
RESECTED = (
    r"(?<![A-Z])(?:ESD|EMR|EPMR|EFTR)(?:术后)?(?:切除)?(?:标本|组织|病理)?|"
    r"(?:内镜下?)?(?:黏膜下?)?(?:剥离|切除)(?:术后)?(?:标本|组织)|根治(?:术|标本|切除)|"
    r"手术(?:切除)?标本|术后标本|术后病理|全切|大部切除|切除标本|圈套(?:切除|标本)|息肉切除"
)


_FIGURES = re.compile(r"\d{1,5}", re.ASCII)


def microns(words: str) -> int | None:
    """Invasion of the submucosa in µm, up to 20 000."""
    found = _FIGURES.findall(words)
    value = int(found[-1]) if found else -1
    return value if 0 <= value <= 20_000 else None


def edge(words: str) -> Margin:
    """Clear, involved, or X."""
    if re.search(r"X|无法|不能|难以", words):
        return Margin.UNCERTAIN
    return Margin.CLEAR if re.search(r"-|阴|0|未|净|无", words) else Margin.INVOLVED


def _edge(key: str, says: str, name: str, letters: str) -> Rule:
    return Rule(
        key,
        says,
        rf"(?:{name})(?:均|为|:)?(?:{_STATE})|(?<![A-OQ-Z]){letters}[- :]?(?:[01X](?!\d)|"
        rf"\([+-]{{1,2}}\)|阴性|阳性)",
        edge,
        EDGES,
    )


_STATE = (
    r"\([+-]{1,2}\)|阴性|阳性|干净|净|无法(?:评估|判断)|不能(?:评估|判断)|难以(?:评估|判断)|受累|"
    r"未见(?:明确|明显)?(?:癌|肿瘤|病变|瘤变|异型|腺瘤|低级别|高级别|上皮内|累及|残留)[^,。;\n]{0,10}|"
    r"(?:可)?见(?:癌|肿瘤|病变|腺瘤|(?:高|低)级别上皮内瘤变)(?:组织)?(?:累及)?|(?:高|低)级别上皮内瘤变"
)
_H = r"水平切缘|侧切缘|四周切缘|周边切缘|环周切缘|横向切缘|黏膜切缘"
_V = r"垂直切缘|基底切缘|基底部切缘|底切缘|深切缘|深部切缘|纵向切缘|基底(?=[(阴阳未:均净干])"
_BOTH = rf"(?:水平|侧|四周|周边){_PAIR}(?:切缘)?(?:及|与|和|、|/)(?:垂直|基底|底|基底部)切缘|各切缘|切缘"
RULES = (
    Rule("resected", "resected", RESECTED, source="活检不能判断浸润深度"),
    Rule("biopsied", "biopsied", r"活检|钳取|咬检|BIOPSY", source="活检不能判断浸润深度"),
    Rule("r0", "result.r0", r"(?<![A-Z])R0(?:切除)?(?!\d)", True, EDGES),
    Rule("en-bloc", "specimen.en_bloc", r"整块(?:切除|剥离|完整)|EN[- ]BLOC", True, "NHC 2022 CDEI-16"),
    Rule(
        "piecemeal",
        "specimen.en_bloc",
        r"分[片块](?:切除|剥离|黏膜切除)|PIECEMEAL",
        False,
        "NHC 2022 CDEI-16",
    ),
    _edge("margins", "margins", _BOTH, r"HM[,、/和及]?VM"),
    _edge("margin.horizontal", "result.horizontal_margin", _H, "HM"),
    _edge("margin.vertical", "result.vertical_margin", _V, "VM"),
    Rule("margin.none", "edge", rf"{_BOTH}|{_H}|{_V}", source=EDGES),
    Rule(
        "nodes",
        "nodes",
        r"淋巴结|(?:食管|胃|十二指肠|两端|两侧|两|近端|远端|口侧|肛侧)切缘|断端|转移|网膜|吻合口|上切端|下切端|切端|切面|上切缘|下切缘",
        source="另一组织，不是病变本身",
    ),
    Rule(
        "depth.submucosal-1",
        "depth",
        rf"(?:{_TO})?(?:黏膜下层?(?:浅层|浅1/3|上1/3)|黏膜下浅层|SM1(?!\d))",
        Depth.SM1,
        LAYERS,
    ),
    Rule(
        "depth.submucosal-2", "depth", rf"(?:{_TO})?(?:黏膜下层?(?:中层|中1/3)|SM2(?!\d))", Depth.SM2, LAYERS
    ),
    Rule(
        "depth.submucosal-3", "depth", rf"(?:{_TO})?(?:黏膜下层?(?:深1/3|下1/3)|SM3(?!\d))", Depth.SM3, LAYERS
    ),
    Rule(
        "depth.fibrosis", "nothing", r"黏膜下层?(?:纤维化|注射|隆起|肿|剥离|水肿|出血|疏松|血管|见静脉|可见)"
    ),
    Rule(
        "depth.submucosal",
        "depth",
        rf"{_TO}(?:黏膜下层?|SUBMUCOSA)|黏膜下层?(?:浸润|侵犯|受侵)",
        Depth.SM,
        LAYERS,
    ),
    Rule(
        "depth.muscularis-mucosae",
        "depth.mm",
        rf"{_TO}(?:黏膜肌(?:层)?|(?<![A-Z])(?:T1A-)?(?:MM|M3)(?![A-Z\d]))|(?<![A-Z])T1A-MM(?![A-Z\d])",
        Depth.MM,
        LAYERS,
    ),
    Rule(
        "depth.lamina-propria",
        "depth.mm",
        rf"{_TO}(?:黏膜固有层|固有层|固有膜|(?<![A-Z])(?:T1A-)?(?:LPM|M2)(?![A-Z\d]))|"
        rf"(?<![A-Z])T1A-LPM(?![A-Z\d])",
        Depth.LPM,
        LAYERS,
    ),
    Rule(
        "depth.epithelium",
        "depth.mm",
        rf"{_TO}(?:上皮层|上皮内(?!瘤)|(?<![A-Z])(?:T1A-)?(?:EP|M1)(?![A-Z\d]))|(?<![A-Z])T1A-EP(?![A-Z\d])",
        Depth.EP,
        LAYERS,
    ),
    Rule(
        "depth.mucosal",
        "depth",
        rf"{_TO}(?:黏膜(?:内|层)|MUCOSA(?!L))|(?<![A-Z])P?T1A[-(:]{{1,2}}M(?![A-Z\d])",
        Depth.M,
        LAYERS,
    ),
    Rule(
        "depth.subserosa",
        "depth",
        rf"{_TO}(?:(?:固有)?肌层外(?:脂肪|组织)?|浆膜下(?:层)?(?:脂肪|结缔)?(?:组织)?|"
        rf"外膜(?:层)?|纤维膜|SUBSEROSA)",
        Depth.SS_ADVENTITIA,
        LAYERS,
    ),
    Rule(
        "depth.muscle",
        "depth",
        rf"{_TO}(?:(?:浅|深)?(?:固有)?肌层(?:浅层|深层)?|MUSCULARIS PROPRIA)",
        Depth.MP,
        LAYERS,
    ),
    Rule("depth.serosa", "depth", rf"{_TO}(?:浆膜(?:层)?(?!下|面|外)|SEROSA)", Depth.SE, LAYERS),
    Rule(
        "depth.microns",
        "result.depth_um",
        r"(?<![<>≤≥于足过\d.])\d{2,5} ?(?:UM|微米)",
        microns,
        "黏膜下浸润深度以 µm 计",
    ),
    Rule(
        "lymphatic.none",
        "result.lymphatic",
        rf"(?<![A-Z])LY?[-: ]?(?:0(?!\d)|\(-\))|淋巴管(?:内)?(?:侵犯|浸润|癌栓|受侵)?(?:{_NO})",
        Lymphatic.ABSENT,
        VESSELS,
    ),
    Rule(
        "lymphatic",
        "result.lymphatic",
        r"(?<![A-Z])LY?[-: ]?(?:1(?!\d)|\(\+\))|淋巴管(?:内)?(?:侵犯|浸润|癌栓|"
        r"受侵)?(?:\(\+\)|阳性)|淋巴管内(?:可)?见癌栓",
        Lymphatic.PRESENT,
        VESSELS,
    ),
    Rule(
        "venous.none",
        "result.venous",
        rf"(?<![A-Z])V[-: ]?(?:0(?!\d)|\(-\))|静脉(?:内)?(?:侵犯|浸润|癌栓|受侵)?(?:{_NO})",
        Venous.ABSENT,
        VESSELS,
    ),
    Rule(
        "venous",
        "result.venous",
        r"(?<![A-Z])V[-: ]?(?:[12](?!\d)|\(\+\))|静脉(?:内)?(?:侵犯|浸润|癌栓|受侵)?(?:\(\+\)|"
        r"阳性)|静脉内(?:可)?见癌栓",
        Venous.PRESENT,
        VESSELS,
    ),
    Rule(
        "vessels.none",
        "vessels",
        rf"(?:未见|无)(?:明确|明显|确切)?(?:的)?脉管(?:[及、和/]神经)?(?:内)?(?:癌栓|侵犯|浸润|"
        rf"受侵|瘤栓|累及)|脉管(?:内)?(?:癌栓|侵犯|浸润|受侵|"
        rf"瘤栓)?(?:[及、和/]神经)?(?:(?:均)?未见(?:明确)?(?:癌栓|侵犯|癌|浸润|瘤栓)?|{_NO})|"
        rf"(?<![A-Z])LVI?[- :]?(?:0(?!\d)|\(-\))",
        Lymphatic.ABSENT,
        VESSELS,
    ),
    Rule(
        "lymphatic.unseen",
        "result.lymphatic",
        r"(?:未见|无)(?:明确|明显)?淋巴管(?:内)?(?:癌栓|侵犯|浸润)|淋巴管(?:内)?未见(?:癌栓|侵犯|浸润)",
        Lymphatic.ABSENT,
        VESSELS,
    ),
    Rule(
        "venous.unseen",
        "result.venous",
        r"(?:未见|无)(?:明确|明显)?静脉(?:内)?(?:癌栓|侵犯|浸润)|静脉(?:内)?未见(?:癌栓|侵犯|浸润)",
        Venous.ABSENT,
        VESSELS,
    ),
    Rule(
        "vessels",
        "nothing",
        r"脉管[^,。;\n]{0,6}|神经(?!内)(?:侵犯|束侵犯)?(?:\([+-]\)|:无|未见侵犯)?",
        source=VESSELS,
    ),
    Rule(
        "ulcer.none",
        "result.ulceration",
        r"(?<![A-Z])UL[-: ]?(?:0(?!\d)|\(-\))|(?:未见|无|不伴)(?:明确|"
        r"明显)?(?:合并)?溃疡(?:形成)?(?:及瘢痕)?|溃疡(?:形成)?(?:\(-\)|:无)",
        Ulceration.ABSENT,
        "JGCA 6th, 2021",
    ),
    Rule(
        "ulcer",
        "result.ulceration",
        r"(?<![A-Z])UL[-: ]?(?:1(?!\d)|\(\+\))|(?:伴|并|合并|有)溃疡(?:形成|瘢痕)?(?!\()|溃疡(?:形成)?\(\+\)",
        Ulceration.PRESENT,
        "JGCA 6th, 2021",
    ),
    Rule(
        "result.size",
        "result.size_mm",
        rf"(?:病变|肿瘤|病灶|癌灶|肿物|肿块|瘤体|隆起)(?:最大径|大小|范围|直径|面积)?(?:约|为|"
        rf":|大小){{0,2}}(?:{ONE})",
        lambda words: (millimetres(words) or (None,))[0],
        SIZES,
    ),
)
