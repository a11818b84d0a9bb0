"""Malignant tissue: types of carcinoma, other tumours, differentiation, budding."""

import re

from registry.codes.pathology import Budding, Differentiation, Morphology, WhoType
from registry.rules.reading.rule import Rule
from registry.rules.reading.tissue import WHO

ICDO = "ICD-O-3.2 形态学编码"
# A type of tissue with the morphology that registries code it as; None where words leave it open.
MORPHOLOGY: dict[WhoType, Morphology] = {
    WhoType.ADENOCARCINOMA: Morphology.ADENOCARCINOMA,
    WhoType.SQUAMOUS_CARCINOMA: Morphology.SQUAMOUS,
    WhoType.SIGNET_RING: Morphology.SIGNET_RING,
    WhoType.MUCINOUS: Morphology.MUCINOUS,
    WhoType.ADENOSQUAMOUS: Morphology.ADENOSQUAMOUS,
    WhoType.UNDIFFERENTIATED_CARCINOMA: Morphology.UNDIFFERENTIATED,
    WhoType.NEUROENDOCRINE_CARCINOMA: Morphology.NEUROENDOCRINE_CARCINOMA,
    WhoType.GIST: Morphology.GIST,
    WhoType.SSL: Morphology.SERRATED,
    WhoType.SSL_DYSPLASIA: Morphology.SERRATED,
    WhoType.TSA: Morphology.SERRATED,
    WhoType.TUBULAR_ADENOMA: Morphology.TUBULAR_ADENOMA,
    WhoType.TUBULOVILLOUS_ADENOMA: Morphology.TUBULOVILLOUS_ADENOMA,
    WhoType.VILLOUS_ADENOMA: Morphology.VILLOUS_ADENOMA,
}
HIGH_GRADE = {
    WhoType.TUBULAR_ADENOMA: Morphology.TUBULAR_ADENOMA_HIGH_GRADE,
    WhoType.TUBULOVILLOUS_ADENOMA: Morphology.TUBULOVILLOUS_ADENOMA_HIGH_GRADE,
    WhoType.VILLOUS_ADENOMA: Morphology.VILLOUS_ADENOMA_HIGH_GRADE,
}
_JAPANESE = {"TUB1": Differentiation.WELL, "TUB2": Differentiation.MODERATE} | dict.fromkeys(
    ("POR", "POR1", "POR2"), Differentiation.POOR
)
_GRADES = {"高": Differentiation.WELL, "中": Differentiation.MODERATE, "低": Differentiation.POOR}


def differentiation(words: str) -> Differentiation:
    """The grade; of two named together the worse, as the code list has it.

    >>> differentiation("中-低分化").code, differentiation("高分化").code
    ('poor', 'well')
    """
    if words[:3] in {"TUB", "POR"}:
        return _JAPANESE[words[:4]]
    if "未" in words or words.startswith("UN"):
        return Differentiation.UNDIFFERENTIATED
    if words[0] in "WMP":
        return {"W": Differentiation.WELL, "M": Differentiation.MODERATE, "P": Differentiation.POOR}[words[0]]
    return max((_GRADES[sign] for sign in words if sign in _GRADES), key=lambda grade: grade.rank)


def budding(words: str) -> Budding:
    """Grade 1 to 3, said in figures or as low, intermediate, high."""
    figure = re.findall(r"BD ?-?([123])|([123])级", words)
    if figure:
        return Budding("".join(figure[-1]))
    return {"低": Budding.LOW, "中": Budding.INTERMEDIATE, "高": Budding.HIGH}[
        re.findall("[低中高]", words)[-1]
    ]


_G = r"[高中低]"
RULES = (
    Rule(
        "cancer.none",
        "nothing",
        r"(?:癌变|恶变)(?:趋势|风险|潜能|潜力|率|危险|前)|"
        r"(?:胰腺?|甲状腺|乳腺|前列腺|肺|肝|胆囊|胆管|卵巢|子宫|宫颈|膀胱|肾|鼻咽|喉)(?:鳞|腺)?癌|"
        r"癌(?:样|前病变|胚抗原|旁|症|结节|栓)|防癌|抗癌|癌基因|CEA|淋巴瘤样|类癌综合征|副癌|癌疑",
    ),
    Rule(
        "cancer.signet",
        "cancer",
        r"印戒(?:样)?细胞癌|低黏附性癌|SIGNET[- ]RING(?: CELL)? CARCINOMA|(?<![A-Z-])S?SRCC?(?![A-Z])",
        WhoType.SIGNET_RING,
        WHO,
    ),
    Rule(
        "cancer.mucinous",
        "cancer",
        r"黏液(?:性|样)?腺癌|黏液癌|MUCINOUS (?:ADENO)?CARCINOMA",
        WhoType.MUCINOUS,
        WHO,
    ),
    Rule(
        "cancer.adenosquamous",
        "cancer",
        r"腺鳞(?:状细胞)?癌|ADENOSQUAMOUS CARCINOMA",
        WhoType.ADENOSQUAMOUS,
        WHO,
    ),
    Rule(
        "cancer.squamous",
        "cancer",
        r"鳞状(?:上皮)?细胞(?:性)?癌|鳞(?:状上皮)?癌|SQUAMOUS CELL CARCINOMA|(?<![A-Z])E?SCC(?![A-Z]|抗原)",
        WhoType.SQUAMOUS_CARCINOMA,
        WHO,
    ),
    Rule(
        "cancer.adenocarcinoma",
        "cancer",
        r"(?:管状乳头状|管状|乳头状)腺癌|(?<![胰列乳涎泪])(?<!甲状)腺癌(?!样)|ADENOCARCINOMA",
        WhoType.ADENOCARCINOMA,
        WHO,
    ),
    Rule(
        "cancer.undifferentiated",
        "cancer",
        r"未分化癌|UNDIFFERENTIATED CARCINOMA",
        WhoType.UNDIFFERENTIATED_CARCINOMA,
        WHO,
    ),
    Rule(
        "cancer.neuroendocrine",
        "cancer",
        r"(?:小细胞|大细胞)?神经内分泌癌|NEUROENDOCRINE CARCINOMA|(?<![A-Z])NEC(?![A-Z])",
        WhoType.NEUROENDOCRINE_CARCINOMA,
        WHO,
    ),
    Rule(
        "cancer.arising",
        "arising",
        r"(?:局灶|灶性|部分|局部|伴|并)?(?:已)?(?:癌变|恶变)(?!趋势|风险|潜能|潜力|率|危险|前)",
        source=WHO,
    ),
    Rule(
        "tumour.neuroendocrine",
        "tumour",
        r"神经内分泌(?:肿)?瘤(?:\(?[,-]?NET\)?)?(?:[,( ]{0,2}G[123](?!\d)级?)?|类癌|"
        r"NEUROENDOCRINE TUMOU?R(?:,? ?G[123])?|(?<![A-Z])NET(?![A-Z])(?:[-,( ]{0,2}G[123])?",
        WhoType.NEUROENDOCRINE_TUMOUR,
        WHO,
    ),
    Rule("tumour.gist", "tumour", r"(?:胃肠道?)?间质瘤|(?<![A-Z])GIST(?![A-Z])", WhoType.GIST, WHO),
    Rule(
        "tumour.lymphoma",
        "tumour",
        r"(?:黏膜相关(?:淋巴组织)?|MALT|边缘区B?细胞?|弥漫性?大B(?:细胞)?(?:型|性)?|非霍奇金|"
        r"B细胞|T细胞)?(?:结外边缘区)?淋巴瘤|LYMPHOMA",
        WhoType.LYMPHOMA,
        WHO,
    ),
    Rule(
        "differentiation",
        "result.differentiation",
        rf"(?:{_G}度?[-、至/到 ]{{1,2}})?{_G}(?:度|等)?分化|(?<![A-Z])(?:TUB[12]|"
        rf"POR[12]?)(?![A-Z0-9])|(?<!\()未分化(?!癌|成分|型)|(?:WELL|MODERATELY|"
        rf"POORLY)[- ]DIFFERENTIATED|分化(?:程度)?(?:为|:)(?:{_G}-)?{_G}(?=[,。;\n)]|$)",
        differentiation,
        "WHO 2019; Japanese Classification of Gastric Carcinoma, 15th",
    ),
    Rule(
        "cancer.unspecified",
        "generic",
        r"(?:(?<![一-龥A-Z])|(?<=[见到为许量])|(?<=浸润)|(?<=浸润性))(?:浸润(?:性)?)?癌(?:组织|细胞|灶|巢)?"
        r"(?=[,。;:)\n]|$|浸润|侵|\(?NOS)|"
        r"(?<![A-Z] )(?<![A-Z-])(?:INVASIVE |INFILTRATING )?CARCINOMA(?=[,.;:)\n]|$| NOS)",
        Morphology.CARCINOMA,
        ICDO,
    ),
    Rule("cancer.generic", "generic", r"(?:浸润(?:性)?)?癌(?:组织|细胞|灶)?|CARCINOMA|恶性肿瘤", source=WHO),
    Rule(
        "budding",
        "result.budding",
        r"(?:肿瘤)?出芽(?:分级)?(?:为|:)?(?:\(?BD ?-?[123]|[123]级|[低中高](?:级|度|级别))|"
        r"(?<![A-Z])BD ?-?[123](?!\d)",
        budding,
        "ITBCC 2016, Mod Pathol 2017;30:1299",
    ),
)
