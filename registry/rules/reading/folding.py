"""One spelling for one meaning: width, case, dashes and 粘/黏 folded, with the way back to the text."""

import re
import unicodedata
from collections.abc import Sequence

# Numbers in circles list lesions; they become a sign that no text contains.
LISTED = "\x1e"
_ALIKE = {
    **dict.fromkeys("‐‑‒–—―−－~～〜∼˜﹣", "-"),
    **dict.fromkeys("×✕✖╳＊*", "X"),
    **dict.fromkeys("﹖⁇¿", "?"),
    **dict.fromkeys("[【〔［{｛", "("),
    **dict.fromkeys("]】〕］}｝", ")"),
    **dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"),
    "粘": "黏",
    "·": ".",
    "﹢": "+",
    "㎜": "MM",
    "㎝": "CM",
    "㎛": "UM",
    "µ": "U",
    "μ": "U",
    "〇": "0",
    "｡": "。",
}


class _Folds(dict[int, str]):
    """What each character becomes, found when it is first met. Never nothing, so lengths only grow."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_one(chr(code))
        return folded


def _fold_one(sign: str) -> str:
    if "①" <= sign <= "⑳" or "❶" <= sign <= "❿" or "⑴" <= sign <= "⒛":
        return LISTED
    if sign in _ALIKE:
        return _ALIKE[sign]
    if sign.isspace() and sign != "\n":
        return " "
    plain = unicodedata.normalize("NFKC", sign) or sign
    return "".join(_ALIKE.get(one, one.upper() if one.isascii() else one) for one in plain)


_FOLDS = _Folds()
# Most of a text stands as it is, save case; the commonest signs that do not become just one other.
_COMMON = tuple((sign, _fold_one(sign)) for sign in "，：；（）－×粘？＋")
_ODD = re.compile(r"[^!-)+-Z^_a-z|。、一-\u9fff]")


def fold(text: str) -> tuple[str, Sequence[int]]:
    """A text as the rules read it, and for each of its characters the place it came from.

    Spaces stay only between two letters or figures. The second value has one more entry than the
    first has characters: the length of the text.

    >>> fold("０－Ⅱ a，粘膜")
    ('0-II A,黏膜', [0, 1, 2, 2, 3, 4, 5, 6, 7, 8])
    """
    for sign, folded in _COMMON:
        text = text.replace(sign, folded)
    odd = _ODD.search(text)
    if odd is None:
        return text.upper(), range(len(text) + 1)
    signs: list[str] = []
    places: list[int] = []
    last = 0
    while odd is not None:
        place = odd.start()
        if place > last:
            signs.append(text[last:place].upper())
            places += range(last, place)
        last = place + 1
        grown = _FOLDS[ord(text[place])]
        if grown == " ":
            after = _FOLDS[ord(text[last])] if last < len(text) else ""
            grown = " " if signs and _joins(signs[-1][-1:]) and _joins(after[:1]) else ""
        else:
            grown = grown.replace(" ", "")
        if grown:
            signs.append(grown)
            places += [place] * len(grown)
        odd = _ODD.search(text, last)
    signs.append(text[last:].upper())
    places += range(last, len(text) + 1)
    return "".join(signs), places


def _joins(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
