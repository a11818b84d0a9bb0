"""Names as they sound: pinyin by every usual reading, surnames by their own, and words made comparable."""

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

# Readings that surnames have and dictionaries put last or leave out, and readings of rare signs.
SURNAMES = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "区": "ou", "朴": "piao",
    "盖": "ge", "任": "ren", "华": "hua", "覃": "qin", "员": "yun", "缪": "miao", "冼": "xian",
    "洗": "xian", "纪": "ji", "宁": "ning", "翟": "zhai", "种": "chong", "折": "she", "秘": "bi",
    "乐": "yue", "黑": "he", "郇": "huan", "繁": "po", "尉": "wei", "召": "shao", "祭": "zhai",
    "欧阳": "ou yang", "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "澹台": "tan tai",
    "单于": "chan yu", "令狐": "ling hu", "夏侯": "xia hou", "皇甫": "huang fu", "宰父": "zai fu",
}  # fmt: skip
RARE = {"𬱖": "wei", "䶮": "yan"}
READINGS = 24
_SEPARATORS = re.compile(r"[\s\-–—_·・•.,'’]")
_USUAL = re.compile(r"[\u4e00-\u9fff]+")  # signs that stand for nothing but themselves
HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def plain(text: str) -> str:
    """A search word as it is compared: without width, case, spaces, dots and hyphens; ü typed as v.

    >>> plain(" Lǚ bù "), plain("买买提·阿里"), plain("ＺＳ")
    ('lvbu', '买买提阿里', 'zs')
    """
    if text.isascii():
        return text.casefold() if text.isalnum() else _SEPARATORS.sub("", text.casefold())
    if _USUAL.fullmatch(text):
        return text
    folded = unicodedata.normalize("NFKC", text).casefold()
    spelt = unicodedata.normalize("NFD", re.sub("[üǖǘǚǜ]", "v", unicodedata.normalize("NFC", folded)))
    bare = "".join(sign for sign in spelt if not unicodedata.combining(sign))
    return _SEPARATORS.sub("", unicodedata.normalize("NFC", bare))


def readings(name: str) -> list[list[str]]:
    """For each sign its readings, that of the surname first: at most three for the first sign, then two.

    >>> readings("单雄信")
    [['shan', 'dan', 'chan'], ['xiong'], ['xin', 'shen']]
    """
    return [list(each) for each in _read(name)]


@lru_cache(maxsize=2048)
def _read(name: str) -> tuple[tuple[str, ...], ...]:
    signs = [list(_sign(sign)) for sign in name]
    if any(len(heard) != 1 for heard in signs):
        signs = _spoken(name)
    for length in (2, 1):
        if (known := SURNAMES.get(name[:length])) and len(name) > length - (length == 1):
            signs[:length] = [[first, *rest] for first, rest in zip(known.split(), signs, strict=False)]
            break
    if len(signs) == len(name):
        signs = [
            [RARE[sign], *rest] if sign in RARE else rest for sign, rest in zip(name, signs, strict=True)
        ]
    kept = [list(dict.fromkeys(plain(reading) for reading in rest if plain(reading))) for rest in signs]
    return tuple(tuple(heard[: 3 if place == 0 else 2]) for place, heard in enumerate(kept) if heard)


@lru_cache(maxsize=8192)
def _sign(sign: str) -> tuple[str, ...]:
    """The readings of one sign by itself; where every sign of a name has one, no neighbour matters."""
    from pypinyin import Style, pinyin  # takes half a second: only where a name is read

    return tuple(pinyin(sign, style=Style.NORMAL, heteronym=True)[0])


def _spoken(name: str) -> list[list[str]]:
    """For each sign the reading that its neighbours suggest, then every other."""
    from pypinyin import Style, pinyin

    return list(pinyin(name, style=Style.NORMAL, heteronym=True))


def sounds(name: str, *, most: int = READINGS) -> list[str]:
    """The whole name in pinyin, the usual reading first; a name written in letters stays as it is.

    >>> sounds("曾丽", most=2), sounds("Zeng Li")
    (['zengli', 'cengli'], ['zengli'])
    """
    whole = plain(name)
    if not HAN.search(whole):
        return [whole] if whole else []
    return ["".join(reading) for reading in islice(product(*readings(whole)), most)]


# What ears and keyboards mix up: zh and z, ch and c, sh and s, -ng and -n.
_MIXED = re.compile(r"(?<=[zcs])h|(?<=[aei]n)g(?![aeiou])")


def folded(sound: str) -> str:
    """Pinyin without the differences that much of the country does not hear.

    >>> folded("chenzhengying"), folded("wangang")
    ('cenzenyin', 'wangan')
    """
    return _MIXED.sub("", sound)
