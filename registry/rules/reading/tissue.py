"""What tissue is: category of neoplasia, adenomas, serrated lesions, what is not neoplastic."""

import re

from registry.codes.pathology import Finding, Vienna, WhoType
from registry.rules.reading.rule import Rule

VIENNA = "Schlemper RJ 2000, Gut 47:251; Dixon MF 2002, Gut 51:130"
WHO = "WHO Classification of Tumours, Digestive System Tumours, 5th, 2019"
TWO_GRADES = (
    "轻、中度异型增生归低级别，重度归高级别：WHO 2000/2010 两级分类；中国早期胃癌筛查及内镜诊治共识意见 2014"
)
_DYS = r"(?:上皮|腺体|鳞状上皮|腺上皮)?(?:异型增生|不典型增生|非典型增生|异型性增生)"
_NEO = r"(?:鳞状)?(?:上皮|腺上皮)?内?瘤[变样](?:病变)?|(?:上皮|腺体)?(?:异型增生|不典型增生)"
_BACK = r"(?:鳞状上皮|腺上皮|上皮|腺体)?(?:上皮内瘤变|异型增生|不典型增生)[,(: ]{0,2}"
_EN = r"(?:SQUAMOUS |GLANDULAR )?(?:INTRAEPITHELIAL NEOPLASIA|DYSPLASIA|ADENOMA|NEOPLASIA)"
LOW = (
    rf"(?:低级别|低度|轻级别)(?:的)?(?:{_NEO})|低级别(?=管状|绒毛|腺瘤|锯齿)|"
    rf"{_BACK}(?:低级别|轻-?中度|轻度|中度)(?!-)|(?<![A-Z])LGIN(?![A-Z])|(?<![A-Z])LGD(?![A-Z])|"
    rf"LOW[- ]?GRADE {_EN}|(?:轻度?[-至、/到]中度?|轻度|中度){_DYS}"
)
HIGH = (
    rf"(?:高级别|高度|重级别)(?:的)?(?:{_NEO})|高级别(?=管状|绒毛|腺瘤|锯齿)|"
    rf"{_BACK}(?:高级别|重度)|(?<![A-Z])HGIN(?![A-Z])|(?<![A-Z])HGD(?![A-Z])|"
    rf"HIGH[- ]?GRADE {_EN}|重度{_DYS}"
)
_CATEGORY = r"(?:VIENNA|维也纳) ?(?:分型|分类|分级|CATEGORY)?(?:为|:)? ?(?:C|第)?[-( ]?"


def category(words: str) -> Vienna | None:
    """The stated category; None for one that the list does not tell apart, such as a plain 4.

    >>> category("VIENNA分类:4.2").code, category("VIENNA4类")
    ('4.2', None)
    """
    number = re.findall(r"\d(?:\.\d)?", words)[-1]
    number = {"5": "5.2"}.get(number, number)
    return next((one for one in Vienna if one.code == number), None)


def percent(words: str) -> float | None:
    """The villous part of an adenoma, 0 to 100."""
    share = float(re.findall(r"\d{1,3}", words)[-1])
    return share if share <= 100 else None


RULES = (
    Rule("vienna.stated", "vienna.stated", rf"{_CATEGORY}[1-5](?:\.[1-4])?(?![\d.])", category, VIENNA),
    Rule(
        "vienna.range", "dysplasia", rf"中-?重度{_DYS}|中至重度{_DYS}|低-高级别(?:{_NEO})", source=TWO_GRADES
    ),
    Rule("vienna.high", "vienna", HIGH, Vienna.ADENOMA_HIGH_GRADE, f"{VIENNA}; {TWO_GRADES}"),
    Rule("vienna.low", "vienna", LOW, Vienna.LOW_GRADE, f"{VIENNA}; {TWO_GRADES}"),
    Rule(
        "vienna.in-situ",
        "vienna",
        r"(?:鳞状细胞|鳞状上皮|鳞|腺)?原位(?:鳞|腺)?癌|CARCINOMA IN SITU|(?<![A-Z])CIS(?![A-Z])",
        Vienna.CARCINOMA_IN_SITU,
        VIENNA,
    ),
    Rule(
        "vienna.intramucosal",
        "vienna",
        r"黏膜内(?:腺|鳞|鳞状细胞)?癌|INTRAMUCOSAL (?:ADENO)?CARCINOMA",
        Vienna.INTRAMUCOSAL,
        VIENNA,
    ),
    Rule("type.ssl-dysplasia", "ssld", r"(?:SSLD|SSL-D)(?![A-Z])", WhoType.SSL_DYSPLASIA, WHO),
    Rule(
        "type.ssl",
        "type",
        r"(?:无蒂|广基)(?:型)?锯齿状?(?:病变|腺瘤(?:/息肉)?|息肉)(?:\(?/?SSL\)?)?|"
        r"(?<![A-Z])SS(?:L|A/P|P|A)(?![A-Z])|SESSILE SERRATED (?:LESION|ADENOMA|POLYP)",
        WhoType.SSL,
        WHO,
    ),
    Rule(
        "type.tsa",
        "type",
        r"传统(?:型|性)?锯齿状?腺瘤|(?<![A-Z])TSA(?![A-Z])|TRADITIONAL SERRATED ADENOMA",
        WhoType.TSA,
        WHO,
    ),
    Rule("type.serrated", "serrated", r"锯齿状(?:腺瘤|病变|息肉)", source=WHO),
    Rule(
        "type.tubulovillous",
        "type",
        r"(?:绒毛(?:状)?[-/]?管状|腺?管(?:状)?[-/]?绒毛状?|混合性管状绒毛状?)腺瘤|"
        r"TUBULO-?VILLOUS ADENOMA|(?<![A-Z])TVA(?![A-Z])",
        WhoType.TUBULOVILLOUS_ADENOMA,
        WHO,
    ),
    Rule("type.villous", "type", r"绒毛状?腺瘤|VILLOUS ADENOMA", WhoType.VILLOUS_ADENOMA, WHO),
    Rule("type.tubular", "type", r"腺?管状腺瘤(?!样|病)|TUBULAR ADENOMA", WhoType.TUBULAR_ADENOMA, WHO),
    Rule("type.no-adenoma", "nothing", r"腺瘤(?:样|性增生|性改变|性息肉病|病)|家族性腺瘤|腺肌瘤"),
    Rule("type.adenoma", "adenoma", r"腺瘤(?:性息肉)?|ADENOMA", source=WHO),
    Rule("type.hyperplastic", "type", r"增生性息肉|HYPERPLASTIC POLYP", WhoType.HYPERPLASTIC_POLYP, WHO),
    Rule(
        "type.inflammatory",
        "type",
        r"炎(?:症)?性(?:增生性)?息肉|INFLAMMATORY POLYP",
        WhoType.INFLAMMATORY_POLYP,
        WHO,
    ),
    Rule(
        "type.fundic-gland", "type", r"胃底腺(?:型)?息肉|FUNDIC GLAND POLYP", WhoType.FUNDIC_GLAND_POLYP, WHO
    ),
    Rule(
        "finding.gastritis",
        "benign",
        r"慢性(?:轻度|中度|重度)?(?:浅表性?|萎缩性?|非萎缩性?|活动性?|糜烂性?)?(?:胃(?:窦|体|"
        r"底|角)?)?(?:黏膜)?(?:慢性)?(?:轻度|中度|重度)?(?:活动性)?炎(?:症)?|"
        r"黏膜(?:组织)?(?:呈)?(?:轻度|中度|重度)?(?:慢性|急性|活动性)?(?:活动性)?炎(?:症)?|"
        r"萎缩性胃炎|CHRONIC (?:ATROPHIC )?GASTRITIS|胃炎",
        Finding.GASTRITIS,
        "登记系统 Finding",
    ),
    Rule(
        "finding.benign",
        "benign.other",
        r"炎性肉芽组织|肉芽组织|(?:轻度|中度|重度)?肠(?:上皮)?化(?:生)?|淋巴组织增生|"
        r"鳞状上皮增生|糖原棘皮症?|黏膜组织|炎性渗出|INTESTINAL METAPLASIA",
        Finding.NON_NEOPLASTIC,
        "登记系统 Finding",
    ),
    Rule(
        "finding.insufficient",
        "insufficient",
        r"(?:组织|标本|材料)(?:过少|太少|量少|不足)[^,。;\n]{0,8}?,?(?:难以|不能|无法|"
        r"不足以)(?:诊断|评价|评估|判断)|标本不足|取材不足|INSUFFICIENT (?:TISSUE|MATERIAL)",
        Finding.INSUFFICIENT,
        "登记系统 Finding",
    ),
    Rule(
        "finding.no-residual",
        "no_residual",
        r"(?:未见|无)(?:明确|明显)?(?:肿瘤|癌|腺瘤|病变|瘤变)?(?:组织)?(?:细胞)?(?:残留|残余)|"
        r"NO RESIDUAL (?:TUMOU?R|CARCINOMA|ADENOMA)",
        Finding.NO_RESIDUAL,
        "登记系统 Finding",
    ),
    Rule("grade.low", "grade", r"低级别(?=[,。;\n)]|$)", Vienna.LOW_GRADE, f"{VIENNA}; {TWO_GRADES}"),
    Rule(
        "grade.high", "grade", r"高级别(?=[,。;\n)]|$)", Vienna.ADENOMA_HIGH_GRADE, f"{VIENNA}; {TWO_GRADES}"
    ),
    Rule(
        "atypia",
        "dysplasia",
        rf"{_DYS}|上皮内瘤变|瘤变|异型(?:腺体|细胞|性)?|重度|[高低]级别|ATYPIA|DYSPLASIA|NEOPLASIA",
        source=VIENNA,
    ),
    Rule(
        "topic",
        "topic",
        r"分化(?:程度|类型)|浸润(?:深度|范围)?|来源|原发|分级|分型|分期|范围",
        source="登记系统：疑问的对象",
    ),
    Rule(
        "villous-percent",
        "result.villous_percent",
        r"绒毛(?:状)?(?:成分|结构)(?:约)?(?:占)?(?:约)?(?:为|:)?\d{1,3}%",
        percent,
        WHO,
    ),
)
