"""How a person is found without a name being read: keyed digests of documents and of search words.

Digests of documents are the same across the alliance, so one number finds one person. Search words
are digested anew for each centre: equal names in two houses do not show as equal.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice, product

from registry import keyring
from registry.codes.person import DocumentType
from registry.rules import identity

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
_HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def document_digest(kind: DocumentType, value: str) -> str:
    """The digest by which one document finds its person, whichever centre saw it; `value` is cleaned."""
    return keyring.current().digest("document", f"{kind.code}|{identity.clean(value)}")


def record_number_digest(centre_id: int, value: str) -> str:
    """The digest of a centre's own record number."""
    return keyring.current().digest(f"record number {centre_id}", plain(value))


def word_digest(centre_id: int, word: str) -> str:
    """The digest of one search word at one centre; `word` as `plain` gives it."""
    return keyring.current().digest(f"search {centre_id}", word)


def plain(text: str) -> str:
    """A search word as it is compared: without width, case, spaces, dots and hyphens; ü typed as v.

    >>> plain(" Lǚ bù "), plain("买买提·阿里"), plain("ＺＳ")
    ('lvbu', '买买提阿里', 'zs')
    """
    if text.isascii():
        return _SEPARATORS.sub("", text.casefold())
    folded = unicodedata.normalize("NFKC", text).casefold()
    spelt = unicodedata.normalize("NFD", re.sub("[üǖǘǚǜ]", "v", unicodedata.normalize("NFC", folded)))
    bare = "".join(sign for sign in spelt if not unicodedata.combining(sign))
    return _SEPARATORS.sub("", unicodedata.normalize("NFC", bare))


def words(
    *,
    name: str | None = None,
    documents: Iterable[str] = (),
    record_number: str | None = None,
    phone: str | None = None,
) -> set[str]:
    """Every word by which a person may be looked up at the centre that enrolled them.

    The name, its pinyin in full and by initials, each document and phone number and their last
    four places, and the record number.

    >>> sorted(words(name="单雄信", phone="13800001234"))[:3]
    ['1234', '13800001234', 'chanxiongshen']
    """
    found = name_words(name) if name else set()
    for number in (plain(text) for text in (*documents, phone) if text):
        found |= {number, number[-4:]}
    if record_number:
        found.add(plain(record_number))
    return found - {""}


def name_words(name: str) -> set[str]:
    """The spellings of a name: as written, in pinyin by every usual reading, and by initials."""
    whole = plain(name)
    found = {whole}
    if not _HAN.search(whole):
        parts = [plain(part) for part in re.split(r"[\s·・•.,\-]+", name) if plain(part)]
        return found | set(parts) | {"".join(part[0] for part in parts)}
    for reading in islice(product(*_readings(whole)), READINGS):
        full = "".join(reading)
        found |= {full, full.replace("v", "u"), full.replace("v", "yu"), "".join(part[0] for part in reading)}
    return found | {plain(part) for part in re.split(r"[·・•]", name)}


def _readings(name: str) -> list[list[str]]:
    """For each sign its readings, that of the surname first."""
    from pypinyin import Style, pinyin

    read = pinyin(name, style=Style.NORMAL, heteronym=False)
    other = pinyin(name, style=Style.NORMAL, heteronym=True)
    signs = [[*usual, *more] for usual, more in zip(read, other, strict=False)] or other
    for length in (2, 1):
        if (known := SURNAMES.get(name[:length])) and len(name) > length - (length == 1):
            signs[:length] = [[first, *rest] for first, rest in zip(known.split(), signs, strict=False)]
            break
    if len(signs) == len(name):
        signs = [
            [RARE[sign], *rest] if sign in RARE else rest for sign, rest in zip(name, signs, strict=True)
        ]
    kept = [list(dict.fromkeys(plain(reading) for reading in rest if plain(reading))) for rest in signs]
    return [readings[: 3 if place == 0 else 2] for place, readings in enumerate(kept) if readings]
