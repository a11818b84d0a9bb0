"""One spelling for one meaning: width, case, dashes and 粘/黏 folded, with the way back to the text."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

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
    last = shift = 0  # shift: how much longer the folded text is so far
    for match in _uneven().finditer(text):
        place = match.start()
        if place > last:
            signs.append(folded[last + shift : place + shift])
            places += range(last, place)
        last = place + 1
        grown = _FOLDS[ord(match.group())]
        after = place + shift + len(grown)
        shift += len(grown) - 1
        if grown == " ":
            kept = signs and _joins(signs[-1][-1:]) and _joins(folded[after : after + 1])
            grown = " " if kept else ""
        else:
            grown = grown.replace(" ", "")
        if grown:
            signs.append(grown)
            places += [place] * len(grown)
    signs.append(folded[last + shift :])
    places += range(last, len(text) + 1)
    return "".join(signs), places


@cache
def _uneven() -> re.Pattern[str]:
    """What does not fold to just one sign: spaces, and signs that become several, such as Ⅱ and ㎝."""
    grow = (chr(code) for code in range(0x80, 0x20000) if len(_fold_one(chr(code))) != 1)
    spaces = (chr(code) for code in range(0x3001) if chr(code).isspace() and _fold_one(chr(code)) == " ")
    return re.compile(f"[{re.escape(''.join([*spaces, *grow]))}]")


def _joins(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
