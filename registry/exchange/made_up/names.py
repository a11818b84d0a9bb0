"""Names, numbers and hospitals that belong to nobody."""

from datetime import date
from random import Random

from registry.codes.alliance import CentreKind, CentrePlace
from registry.codes.person import Sex
from registry.exchange.made_up.chance import Among
from registry.rules.identity import check_character

CITY, COUNTY, TOWNSHIP, PRIVATE = CentreKind.CITY, CentreKind.COUNTY, CentreKind.TOWNSHIP, CentreKind.PRIVATE
LEAD, DEPUTY = CentrePlace.LEAD, CentrePlace.DEPUTY_LEAD
COUNCIL, MEMBER = CentrePlace.COUNCIL, CentrePlace.MEMBER

# Code, name, kind, place, and its part of all examinations.
HOSPITALS = (
    ("YX01", "云溪市第一医院", "Yunxi First Hospital", CITY, LEAD, 22),
    ("YX02", "云溪市人民医院", "Yunxi People's Hospital", CITY, DEPUTY, 13),
    ("YX03", "云溪市中医医院", "Yunxi Hospital of Chinese Medicine", CITY, COUNCIL, 6),
    ("QH01", "青禾县人民医院", "Qinghe County People's Hospital", COUNTY, DEPUTY, 7),
    ("QH02", "青禾县中医医院", "Qinghe County Hospital of Chinese Medicine", COUNTY, MEMBER, 3),
    ("LS01", "柳山县人民医院", "Liushan County People's Hospital", COUNTY, COUNCIL, 6),
    ("LS02", "柳山县第二医院", "Liushan County Second Hospital", COUNTY, MEMBER, 3),
    ("BT01", "白塔县人民医院", "Baita County People's Hospital", COUNTY, COUNCIL, 5),
    ("SQ01", "石泉岭县人民医院", "Shiquanling County People's Hospital", COUNTY, MEMBER, 4),
    ("HW01", "鹤湾县人民医院", "Hewan County People's Hospital", COUNTY, COUNCIL, 5),
    ("HW02", "鹤湾县中医医院", "Hewan County Hospital of Chinese Medicine", COUNTY, MEMBER, 2),
    ("MX01", "梅汐区医院", "Meixi District Hospital", COUNTY, COUNCIL, 5),
    ("DL01", "东麓区医院", "Donglu District Hospital", COUNTY, MEMBER, 4),
    ("XP01", "杏坪县人民医院", "Xingping County People's Hospital", COUNTY, MEMBER, 3),
    ("QH11", "青禾县稻香镇卫生院", "Daoxiang Township Hospital", TOWNSHIP, MEMBER, 1.2),
    ("LS11", "柳山县松坪镇卫生院", "Songping Township Hospital", TOWNSHIP, MEMBER, 1),
    ("BT11", "白塔县渡口镇卫生院", "Dukou Township Hospital", TOWNSHIP, MEMBER, 0.8),
    ("HW11", "鹤湾县芦花镇卫生院", "Luhua Township Hospital", TOWNSHIP, MEMBER, 1),
    ("MX11", "梅汐区南桥社区卫生服务中心", "Nanqiao Community Health Centre", TOWNSHIP, MEMBER, 1),
    ("YX21", "云溪安禾医院", "Yunxi Anhe Hospital", PRIVATE, MEMBER, 3),
    ("YX22", "云溪明澈体检医院", "Yunxi Mingche Check-up Hospital", PRIVATE, MEMBER, 3),
    ("DL21", "东麓仁川消化病医院", "Donglu Renchuan Digestive Hospital", PRIVATE, MEMBER, 2),
)
# A city's own code: resident numbers bear those of counties and districts, so nobody has such a number.
REGION = "130900"
SURNAMES = Among(
    dict(
        zip(
            "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈",
            range(52, 1, -1),
            strict=False,
        )
    )
)
MALE = "伟强军勇杰涛明超刚平辉鹏斌波宁健建国志海福德永庆春林学文武成"
FEMALE = "芳娜敏静丽艳娟霞秀英玲桂兰凤梅红燕萍珍云莲玉华淑琴香月翠"
SCOPES = ("GIF-HQ290", "GIF-H260", "EG-L590ZW", "EG-760R"), ("CF-HQ290", "CF-H260AI", "EC-L590ZW", "EC-760R")


def name(rng: Random, sex: Sex) -> str:
    """A surname and one or two signs."""
    signs = MALE if sex is Sex.MALE else FEMALE
    given = rng.choice(signs) + (rng.choice(signs[:6]) if rng.random() < 0.7 else "")
    return SURNAMES.pick(rng) + given


def identity_number(rng: Random, born: date, sex: Sex) -> str:
    """A number of 18 places, right in form, of a region where none is given out."""
    place = rng.randrange(100) * 10 + rng.randrange(5) * 2 + (sex is Sex.MALE)
    first = f"{REGION}{born:%Y%m%d}{place:03d}"
    return first + check_character(first)


def phone(rng: Random) -> str:
    """Eleven digits that no telephone has."""
    return f"100{rng.randrange(10**8):08d}"
