"""What endoscopists write in one cell about the way, the preparation, the place and the shape."""

import re
from typing import Any

from registry.codes.code_set import plain as folded
from registry.codes.endoscopy import Extent, IncompleteReason
from registry.codes.lesion import Lst, Paris
from registry.exchange.cells.about import About, Unread, nothing
from registry.exchange.cells.numbers import far
from registry.exchange.cells.words import known

SEGMENTS = ("bbps_right", "bbps_transverse", "bbps_left")
_THREE = re.compile(r"(?:(\d)分?[(:=])?([0-3])\s*[/,、+;\-]\s*([0-3])\s*[/,、+;\-]\s*([0-3])\)?(?:=(\d))?分?")
_TOTAL = re.compile(r"([0-9])\s*分?")
_BRACKETS = re.compile(r"[(（](.+?)[)）]")
_REASONS = {
    IncompleteReason.INTOLERANCE: ("耐受", "疼痛", "不配合", "拒绝"),
    IncompleteReason.POOR_PREPARATION: ("准备", "粪", "潴留"),
    IncompleteReason.STRICTURE: ("狭窄", "梗阻", "无法通过", "不能通过"),
    IncompleteReason.LOOPING: ("襻", "袢"),
    IncompleteReason.ANATOMICAL_VARIANT: ("变异", "解剖"),
    IncompleteReason.BLEEDING: ("出血",),
    IncompleteReason.EQUIPMENT: ("设备", "故障"),
}
_PHOTO = ("留图", "有图", "拍照", "摄影")
_ROMAN = str.maketrans({"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "ⅰ": "I", "ⅱ": "II", "ⅲ": "III"})


def bbps(cell: str, about: About) -> dict[str, Any]:
    """Boston Bowel Preparation Scale: 3/3/2 and 3-3-2 as right, transverse, left; 8(3+2+3); 7分 alone.

    A total alone stays one: which segment it comes from is not told. A total beside its segments that
    is not their sum is refused.
    """
    if nothing(cell):
        return {about.field: None}
    plain = cell.casefold().replace("bbps", "").strip(" :")
    if three := _THREE.fullmatch(plain):
        segments = [int(three[place]) for place in (2, 3, 4)]
        said = three[1] or three[5]
        if said is not None and int(said) != sum(segments):
            raise Unread(
                f"“{cell}” 总分与各段之和不符", f"the total of “{cell}” is not the sum of its segments"
            )
        return dict(zip(SEGMENTS, segments, strict=True))
    if total := _TOTAL.fullmatch(plain):
        return {"bbps_total": int(total[1])}
    raise Unread(
        f"“{cell}” 不是 BBPS，请写 3/3/2、3-3-2、8(3+3+2) 或只写总分 8分",
        f"“{cell}” is no BBPS; write 3/3/2, 3-3-2, 8(3+3+2) or the total alone, 8分",
    )


def extent(cell: str, about: About) -> dict[str, Any]:
    """The farthest point, and in brackets why no farther: 回盲部, 末端回肠, 乙状结肠（患者不耐受）.

    A point of the lower tract says whether the caecum was reached. It was photographed only where the
    cell says so.
    """
    if nothing(cell):
        return {about.field: None}
    brackets = _BRACKETS.findall(cell)
    place = _BRACKETS.sub("", cell).strip(" ,，;；")
    point = known(Extent, place.removeprefix("达").removeprefix("至").removeprefix("到"))
    told: dict[str, Any] = {about.field: point}
    if point in {Extent.CAECUM, Extent.TERMINAL_ILEUM}:
        told["caecum_reached"] = True
    elif isinstance(point, Extent) and point.short_of_caecum:
        told["caecum_reached"] = False
    for said in brackets:
        told |= _aside(said, cell)
    return told


def _aside(said: str, cell: str) -> dict[str, Any]:
    if any(sign in said for sign in _PHOTO):
        return {"caecum_photo": not said.startswith(("未", "无"))}
    for reason, signs in _REASONS.items():
        if any(sign in said for sign in signs):
            return {"incomplete_reason": reason}
    try:
        return {"incomplete_reason": known(IncompleteReason, said)}
    except Unread as wrong:
        raise Unread(
            f"“{cell}”：看不懂括号里的原因", f"“{cell}”: the reason in brackets is not understood"
        ) from wrong


def site(cell: str, about: About) -> dict[str, Any]:
    """A site of the digestive tract, or a distance where the source gives that instead: 距肛门25cm."""
    if nothing(cell):
        return {about.field: None}
    if (centimetres := far(cell)) is not None and not cell.isdecimal():
        return {"distance_cm": centimetres}
    words = _BRACKETS.sub("", cell).strip()
    if (beside := _BRACKETS.findall(cell)) and (centimetres := far(beside[0])) is not None:
        return {about.field: known(about.codes, words), "distance_cm": centimetres}
    return {about.field: known(about.codes, words)}


def paris(cell: str, about: About) -> dict[str, Any]:
    """A Paris type in any spelling (Ⅱa, 0－IIa, Isp, 0-Ⅱa+Ⅱc), or the LST that stands in its place.

    LST alone says neither granular nor not and has no code: it is kept as a note.
    """
    if nothing(cell):
        return {about.field: None}
    words = cell.translate(_ROMAN).replace("型", "").strip()
    if words.casefold().startswith("lst"):
        try:
            return {"lst": known(Lst, words)}
        except Unread:
            if folded(words) == "lst":
                return {"note": cell}
            raise
    parts = [part.strip().removeprefix("0-").removeprefix("0") for part in words.split("+")]
    try:
        return {about.field: known(Paris, words if len(parts) == 1 else "+".join(parts))}
    except Unread as wrong:
        raise Unread(
            f"“{cell}” 不是巴黎分型，请写 0-Is、0-IIa、0-IIa+IIc 或 LST 分型",
            f"“{cell}” is no Paris type; write 0-Is, 0-IIa, 0-IIa+IIc or an LST type",
        ) from wrong
