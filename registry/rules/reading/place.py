"""Where: site, wall, and landmarks that are no site."""

from registry.codes.lesion import Site, Wall
from registry.rules.reading.rule import Rule

TOPOGRAPHY = "ICD-O-3.2 部位编码；胃角归胃小弯 C16.5，回盲部归盲肠 C18.0，食管胃结合部归贲门 C16.0"
_THIRD = r"(?:颈段|胸)?"


def _site(key: str, site: Site, pattern: str) -> Rule:
    return Rule(f"site.{key}", "place", pattern, site, TOPOGRAPHY)


RULES = (
    # How far the scope went, and what is named without being meant.
    Rule(
        "site.passed",
        "nothing",
        r"(?:进镜|插镜|循腔进镜|达|到达|进入|抵达|送镜)(?:顺利)?(?:至|到|达)?(?:回肠末段|"
        r"末端回肠|回肠末端|回盲部|回盲瓣|"
        r"盲肠|十二指肠降部|降部|升结肠|横结肠|降结肠|乙状结肠|肝曲|脾曲|直肠)|阑尾(?:开口|窝|"
        r"口|内口)|回盲瓣|"
        r"[近邻](?:肝曲|脾曲|贲门|幽门|胃角|胃窦|胃体|胃底|盲肠|回盲部|直肠|肛管?|乙状结肠|食管)|"
        r"(?:全)?结(?:直)?肠(?:镜|袋)|大肠镜|胃镜|胃液|胃腔|胃潴留|胃蠕动|胃角切迹形态|"
        r"食管(?:裂孔|静脉|炎|胃底静脉)|胃底静脉|"
        r"贲门(?:松弛|失弛缓|齿状线)|幽门(?:螺杆菌|螺旋杆菌|螺旋菌|腺|管)|齿状线|贲门黏膜撕裂",
        source=TOPOGRAPHY,
    ),
    Rule("site.between", "uncoded", r"胃(?:底体|体底|窦体|体窦)交界(?:处|部)?", source=TOPOGRAPHY),
    _site("cardia", Site.CARDIA, r"(?:食管胃|胃食管|食道胃)(?:结合部|交界处?|连接部)|EGJ|贲门下?部?|CARDIA"),
    _site(
        "oesophagus-upper",
        Site.OESOPHAGUS_UPPER,
        rf"食[管道]{_THIRD}(?:上段|上1/3)|(?:胸)上段食[管道]|胸上段|食[管道]颈段|颈段食[管道]",
    ),
    _site(
        "oesophagus-middle",
        Site.OESOPHAGUS_MIDDLE,
        rf"食[管道]{_THIRD}(?:中段|中1/3)(?!-)|(?:胸)?中段食[管道]|胸中段",
    ),
    _site(
        "oesophagus-lower",
        Site.OESOPHAGUS_LOWER,
        rf"食[管道]{_THIRD}(?:下段|下1/3|末端)|(?:胸)?下段食[管道]|胸下段",
    ),
    _site(
        "oesophagus-overlapping",
        Site.OESOPHAGUS_OVERLAPPING,
        r"食[管道](?:中段?-|上段?-|中-下段|上-中段|中下段|上中段)[中下]?段?",
    ),
    _site("oesophagus", Site.OESOPHAGUS_NOS, r"食[管道](?!黏膜白斑)|ESOPHAG(?:US|EAL)|OESOPHAG(?:US|EAL)"),
    _site("fundus", Site.FUNDUS, r"胃底|胃穹窿部?|穹窿部|FUNDUS"),
    _site("angulus", Site.LESSER_CURVE, r"胃角(?:切迹)?|胃小弯|ANGULUS|INCISURA"),
    _site("greater-curve", Site.GREATER_CURVE, r"胃大弯"),
    _site(
        "body", Site.GASTRIC_BODY, r"胃体(?:上部|中部|下部|上段|中段|下段|中上部|中下部)?|GASTRIC BODY|CORPUS"
    ),
    _site("antrum", Site.ANTRUM, r"胃窦(?:部)?|ANTRUM"),
    _site("pylorus", Site.PYLORUS, r"幽门(?:前区|口|部)?|PYLORUS"),
    _site("remnant", Site.STOMACH_NOS, r"残胃"),
    _site("duodenum", Site.DUODENUM, r"十二指肠(?:球部|降部|水平部|乳头|球降交界)?|球部|DUODENUM"),
    _site("caecum", Site.CAECUM, r"盲肠|回盲部|C(?:A)?ECUM"),
    _site("appendix", Site.APPENDIX, r"阑尾"),
    _site(
        "rectosigmoid",
        Site.RECTOSIGMOID,
        r"直(?:肠)?乙(?:状结肠)?(?:状结肠)?(?:交界处?|连接部|移行部)|直乙结?肠?交界",
    ),
    _site("hepatic-flexure", Site.HEPATIC_FLEXURE, r"(?:结肠)?肝曲"),
    _site("splenic-flexure", Site.SPLENIC_FLEXURE, r"(?:结肠)?脾曲"),
    _site("ascending", Site.ASCENDING, r"升结肠|ASCENDING COLON"),
    _site("transverse", Site.TRANSVERSE, r"横结肠|TRANSVERSE COLON"),
    _site("descending", Site.DESCENDING, r"降结肠|DESCENDING COLON"),
    _site("sigmoid", Site.SIGMOID, r"乙状结肠|乙结肠|SIGMOID(?: COLON)?"),
    _site("anal-canal", Site.ANAL_CANAL, r"肛管"),
    _site("rectum", Site.RECTUM, r"直肠|RECTUM|RECTAL"),
    _site("colon", Site.COLON_NOS, r"结肠(?!黏膜|清洁|准备|冗长|炎|黑变)|COLONIC|COLON"),
    Rule(
        "site.elsewhere",
        "elsewhere",
        r"下咽|咽喉|咽部|梨状窝|会厌|声门",
        source=TOPOGRAPHY,
    ),
    Rule("site.uncoded", "uncoded", r"末端回肠|回肠末[端段]|回肠|空肠|吻合口", source=TOPOGRAPHY),
    Rule("wall.anterior", "wall", r"前壁", Wall.ANTERIOR, "登记系统 Wall"),
    Rule("wall.posterior", "wall", r"后壁", Wall.POSTERIOR, "登记系统 Wall"),
    Rule("wall.lesser", "wall", r"小弯(?:侧)?", Wall.LESSER, "登记系统 Wall"),
    Rule("wall.greater", "wall", r"大弯(?:侧)?", Wall.GREATER, "登记系统 Wall"),
    Rule("wall.left", "wall", r"左(?:侧)?壁", Wall.LEFT, "登记系统 Wall"),
    Rule("wall.right", "wall", r"右(?:侧)?壁", Wall.RIGHT, "登记系统 Wall"),
    Rule(
        "wall.circumferential",
        "wall",
        r"(?:环周|全周|环腔)(?!的?约?[\d一二三四])",
        Wall.CIRCUMFERENTIAL,
        "登记系统 Wall",
    ),
)
