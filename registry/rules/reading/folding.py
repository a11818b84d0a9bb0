"""One spelling for one meaning: width, case, dashes and 粘/黏 folded, with the way back to the text."""

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
        sign = chr(code)
        if "①" <= sign <= "⑳" or "❶" <= sign <= "❿" or "⑴" <= sign <= "⒛":
            folded = LISTED
        elif sign in _ALIKE:
            folded = _ALIKE[sign]
        elif sign.isspace() and sign != "\n":
            folded = " "
        else:
            plain = unicodedata.normalize("NFKC", sign) or sign
            folded = "".join(_ALIKE.get(one, one.upper() if one.isascii() else one) for one in plain)
        self[code] = folded
        return folded


_FOLDS = _Folds()


def fold(text: str) -> tuple[str, Sequence[int]]:
    """A text as the rules read it, and for each of its characters the place it came from.

    Spaces stay only between two letters or figures. The second value has one more entry than the
    first has characters: the length of the text.

    >>> fold("０－Ⅱ a，粘膜")
    ('0-II A,黏膜', [0, 1, 2, 2, 3, 4, 5, 6, 7, 8])
    """
    folded = text.translate(_FOLDS)
    if len(folded) == len(text) and " " not in folded:
        return folded, range(len(text) + 1)
    signs: list[str] = []
    places: list[int] = []
    spaced = False
    for place, sign in enumerate(text):
        for one in _FOLDS[ord(sign)]:
            if one == " ":
                spaced = True
                continue
            if spaced and signs and _joins(signs[-1]) and _joins(one):
                signs.append(" ")
                places.append(place - 1)
            spaced = False
            signs.append(one)
            places.append(place)
    places.append(len(text))
    return "".join(signs), places


def _joins(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
