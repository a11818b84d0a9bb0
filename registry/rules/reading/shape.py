"""What a lesion looks like: Paris, LST, Borrmann, magnified patterns, and the endoscopist's verdict."""

import re

from registry.codes.lesion import Borrmann, Impression, Jes, Jnet, Lst, Nice, Paris
from registry.rules.reading.rule import Rule

PARIS = "Paris 2002, Gastrointest Endosc 2003;58(6 Suppl):S3"
_PREFIX = r"[0O](?: ?[-_.:] ?|(?=[I12L]))"
_SIGN = r"(?:ISP|IS|IP|I{2} ?[ABC]|1SP|1S|1P|2[ABC]|L{2}[ABC]|LSP|LS|LP|III|Ⅲ|IIA|IL[ABC]|LI[ABC])"
_BARE = r"(?:ISP|II[ABC]|(?:(?<![A-Z] )|(?<=[CM]M ))I[SP](?! [A-Z]))"  # and not the English "is"
_END = r"(?![A-Z0-9])"
_AND = r" ?(?:\+|加|伴) ?"
_SPELLING = {"1": "I", "L": "I", "2": "II"}
_ONE = re.compile(r"ISP|IS|IP|II[ABC]|III", re.ASCII)


def paris(words: str) -> Paris | None:
    """The type, or None where the classification has no such combination.

    >>> paris("0-IIA+IIC").code, paris("O-1SP").code, paris("IIB+IP")
    ('0-IIa+IIc', '0-Isp', None)
    """
    spelt = re.sub(r"^[0O]|(?<=[+加伴 ])[0O](?=[-_.: ]?[IL12])", "", words)
    spelt = "".join(_SPELLING.get(sign, sign) for sign in spelt if sign not in "-_.: ")
    return _BY_PARTS.get(tuple(_ONE.findall(spelt)))


_BY_PARTS = {tuple(_ONE.findall(code.code.upper())): code for code in Paris}

_FOUR = {
    "1": 0,
    "2": 1,
    "3": 2,
    "4": 3,
    "I": 0,
    "II": 1,
    "III": 2,
    "IV": 3,
    "一": 0,
    "二": 1,
    "三": 2,
    "四": 3,
}


def _numbered(words: str) -> str:
    found = re.findall(r"IV|I{1,3}|[1-4]|[一二三四]", re.sub(r"BORR?MANN?|NICE|JNET", "", words))
    return str(_FOUR[found[-1]] + 1)


def borrmann(words: str) -> Borrmann:
    """Type 1 to 4, in Arabic, Roman or Chinese figures."""
    return Borrmann(_numbered(words))


def nice(words: str) -> Nice:
    """Type 1 to 3."""
    return Nice(_numbered(words))


def jnet(words: str) -> Jnet:
    """Type 1, 2A, 2B or 3."""
    return Jnet(re.findall(r"2 ?[AB]|[13]", words.replace("II", "2"))[-1].replace(" ", ""))


def jes(words: str) -> Jes:
    """Type A or B1 to B3."""
    return Jes(re.findall(r"B[123]|A", words.replace("-", "").replace("JES", "").replace("AB分型", ""))[-1])


def lst(words: str) -> Lst | None:
    """The subtype, or that it is granular or not where no more is said; None where neither is.

    >>> lst("LST-G-M").code, lst("LST-NG(PD)").code, lst("LST-NG").code, lst("LST")
    ('g_nm', 'ng_pd', 'ng', None)
    """
    for sign, code in _LST.items():
        if sign in words:
            return code
    ending = re.sub(r"LST|型|[-() :,]", "", words)
    return _LST_LETTERS.get(ending)


_LST = {
    "均一": Lst.GRANULAR_HOMOGENEOUS,
    "结节混合": Lst.GRANULAR_NODULAR,
    "扁平隆起": Lst.FLAT_ELEVATED,
    "假凹陷": Lst.PSEUDODEPRESSED,
}
_LST_LETTERS = {
    "GH": Lst.GRANULAR_HOMOGENEOUS,
    "GNM": Lst.GRANULAR_NODULAR,
    "GM": Lst.GRANULAR_NODULAR,
    "NGF": Lst.FLAT_ELEVATED,
    "NGFE": Lst.FLAT_ELEVATED,
    "NGPD": Lst.PSEUDODEPRESSED,
    "G": Lst.GRANULAR,
    "NG": Lst.NON_GRANULAR,
}
_TYPE = r" ?(?:分型|分类|分级)?(?:为|呈|:)?(?:TYPE|型)?[-: (]?"

RULES = (
    Rule(
        "paris",
        "lesion.paris",
        rf"(?:PARIS|巴黎)(?:分型|分类)?(?:为|呈|"
        rf":)?(?:型)?[-:( ]?(?:{_PREFIX})?{_SIGN}(?:{_AND}(?:{_PREFIX})?{_SIGN}){{0,2}}{_END}",
        lambda words: paris(re.sub(r"^(?:PARIS|巴黎)(?:分型|分类)?(?:为|呈|:)?(?:型)?[-:( ]?", "", words)),
        PARIS,
    ),
    Rule(
        "paris.prefixed",
        "lesion.paris",
        rf"(?<![A-Z0-9.]){_PREFIX}{_SIGN}(?:{_AND}(?:{_PREFIX})?{_SIGN}){{0,2}}{_END}",
        paris,
        PARIS,
    ),
    Rule(
        "paris.bare",
        "lesion.paris",
        rf"(?<![A-Z0-9.+]){_BARE}(?:{_AND}(?:{_PREFIX})?{_SIGN}){{0,2}}{_END}",
        paris,
        PARIS,
    ),
    Rule("paris.pedunculated", "lesion.paris", r"(?<!亚)有蒂(?:息肉)", Paris.IP, PARIS),
    Rule("paris.subpedunculated", "lesion.paris", r"亚蒂(?:型|性)?(?:息肉)", Paris.ISP, PARIS),
    Rule("lst.none", "nothing", r"LSTM"),
    Rule(
        "lst",
        "lesion.lst",
        r"LST ?(?:-? ?\(? ?N?G(?![A-Z])(?:[-, ]{0,2}\(?(?:NM|M|H|FE|F|"
        r"PD)?\)?)?)?,?\(?(?:(?:颗粒)?均一型?|结节混合型?|颗粒结节混合型?|扁平隆起型?|"
        r"假凹陷型?)\)?|"
        r"LST ?-? ?\(? ?N?G[-, ]{0,2}\(?(?:NM|M|H|FE|F|PD)(?![A-Z])\)?|"
        r"(?:侧向发育(?:型|性)?(?:肿瘤|息肉|病变)?)[^,。;\n]{0,8}?(?:颗粒均一型|结节混合型|"
        r"扁平隆起型|假凹陷型)",
        lst,
        "Kudo S et al., Gastrointest Endosc 2008;68(4 Suppl):S3",
    ),
    Rule(
        "lst.words",
        "lesion.lst",
        r"(?:颗粒|非颗粒)型?[,(]?(?:结节混合|颗粒均一|均一|假凹陷)型?|结节混合型|颗粒均一型|假凹陷型",
        lst,
        "Kudo S et al., Gastrointest Endosc 2008;68(4 Suppl):S3",
    ),
    Rule(
        "lst.bare",
        "lesion.lst",
        r"LST ?-? ?\(? ?N?G(?![A-Z])\)?",
        lst,
        "Kudo S et al., Gastrointest Endosc 2008;68(4 Suppl):S3",
    ),
    Rule(
        "noun.lst", "noun", r"LST ?(?:-? ?N?G(?![A-Z]))?|侧向发育(?:型|性)(?:肿瘤|息肉|病变)?", source=PARIS
    ),
    Rule(
        "borrmann",
        "lesion.borrmann",
        rf"(?:BORR?MANN?|博尔曼|BORMAN){_TYPE}(?:IV|I{{1,3}}|[1-4]|[一二三四])(?![A-Z0-9])",
        borrmann,
        "Borrmann 1926; Japanese Classification of Gastric Carcinoma, 15th",
    ),
    Rule(
        "jnet",
        "lesion.jnet",
        rf"JNET{_TYPE}(?:2 ?[AB]|II ?[AB]|[13])(?![A-Z0-9])",
        jnet,
        "Sano Y et al., Dig Endosc 2016;28:526",
    ),
    Rule(
        "nice",
        "lesion.nice",
        rf"NICE{_TYPE}(?:I{{1,3}}|[1-3])(?![A-Z0-9])",
        nice,
        "Hewett DG et al., Gastroenterology 2012;143:599",
    ),
    Rule(
        "jes",
        "lesion.jes",
        r"(?:JES|AB|IPCL|井上|日本食管学会)[- ]?(?:分型|分类)?(?:为|呈|"
        r":)?(?:TYPE)? ?[-(]?(?:B[123]|A)(?:型)?(?![A-Z0-9])|"
        r"(?<![A-Z0-9])B[123]型?(?:血管|IPCL)",
        jes,
        "Oyama T et al., Esophagus 2017;14:105",
    ),
    # The endoscopist's verdict, where it is not doubted.
    Rule(
        "impression.early",
        "lesion.impression",
        r"早期?(?:浅表)?(?:胃|食管|食道|贲门|结肠|直肠|结直肠|大肠|"
        r"十二指肠)?(?:黏膜内)?癌(?!症?筛)|胃早期?癌|"
        r"EARLY (?:GASTRIC |ESOPHAGEAL |COLORECTAL )?CANCER|EGC",
        Impression.EARLY,
        "登记系统 Impression",
    ),
    Rule(
        "impression.advanced",
        "lesion.impression",
        r"进展期(?:胃|食管|食道|贲门|结肠|直肠|结直肠)?癌|胃进展期癌|中晚期(?:胃|食管|贲门|结肠|直肠)?癌|"
        r"ADVANCED (?:GASTRIC |ESOPHAGEAL |COLORECTAL )?CANCER",
        Impression.ADVANCED,
        "登记系统 Impression",
    ),
    Rule(
        "impression.benign",
        "lesion.impression",
        r"良性(?:病变|息肉|溃疡|肿瘤|肿物)",
        Impression.BENIGN,
        "登记系统 Impression",
    ),
    Rule(
        "impression.neoplasia",
        "lesion.impression",
        r"腺瘤(?!样|病|性息肉病)|ADENOMA|上皮内瘤变|LGIN|HGIN",
        Impression.NEOPLASIA,
        "登记系统 Impression",
    ),
    Rule("noun.carcinoma", "noun", r"癌(?!症|栓|胚|旁|前|基因)", source=PARIS),
    Rule(
        "noun.alien",
        "alien",
        r"憩室|静脉曲张|裂孔疝|食管裂孔|瘢痕|糜烂(?:灶)?|黄色瘤|异位胰腺|异位胃黏膜|"
        r"胃黏膜异位|血管(?:扩张|畸形|瘤)|静脉瘤|囊肿|"
        r"脂肪瘤|SMT|黏膜下(?:肿瘤|肿物|隆起|占位)|平滑肌瘤|间质瘤|出血(?:点|灶)|痔|白斑|血痂|"
        r"食物残?渣?|异物|结石|瘘口?|穿孔|钛夹|创面|毛细血管扩张",
        source=PARIS,
    ),
    Rule(
        "noun",
        "noun",
        r"息肉(?!病|样)|隆起(?:灶|性?病变)?|肿物|新生物|占位|肿块|病变|病灶|凹陷(?:灶|"
        r"性病变)?|斑块|结节(?!混)|肿瘤|POLYPS?|LESIONS?|MASS|"
        r"发红区|不染区|淡染区|茶褐色区域?|褐色区|息肉样(?:隆起|病变)|赘生物",
        source=PARIS,
    ),
    Rule("noun.ulcer", "ulcer", r"溃疡", source=PARIS),
    Rule(
        "count.many",
        "many",
        r"多发|多枚|数枚|散在|多个|若干|数个|多处|数处|数十枚|多颗|数颗|[5-9]枚|\d{2}枚|十余",
        source=PARIS,
    ),
    Rule("count.more", "many", r"(?:[二两三四五六七八九]|[234]) ?(?:枚|个|处|颗)", source=PARIS),
    Rule("each", "each", r"各(?!种|部|段|壁)|分别|均(?=见|可见|有)", source=PARIS),
    Rule("another", "another", r"另(?!一端)|其旁|旁见|其余|余(?=部|结|胃|食|所|各|黏|肠)", source=PARIS),
)
