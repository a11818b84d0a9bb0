"""How a code is shown where room is short, and by which letters a list finds it."""

import re
from functools import lru_cache

from registry.codes import endoscopy, lesion, pathology, tumour
from registry.codes.code_set import CodeSet
from registry.label import Label, reading

BY_CODE = (
    endoscopy.Kimura,
    endoscopy.LosAngeles,
    endoscopy.Operative,
    endoscopy.Agree,
    lesion.Borrmann,
    lesion.Jnet,
    lesion.Nice,
    lesion.Jes,
    pathology.Budding,
)
LST = {"g": "G", "ng": "NG", "g_h": "G-H", "g_nm": "G-NM", "ng_f": "NG-F", "ng_pd": "NG-PD"}
# Beside the key, which is the code itself: HM0 is answered with 0.
THERE = {"0": Label("无", "absent"), "1": Label("有", "present"), "X": Label("无法判定", "unclear")}
FREE = {"0": Label("阴性", "clear"), "1": Label("阳性", "involved"), "X": Label("无法判定", "unclear")}
IN_BRACKETS = re.compile(r"\s*[（(].*?[）)]")


def short_label(member: CodeSet) -> Label:
    """A member's words for a button: the code where doctors say the code, else without brackets."""
    if isinstance(member, BY_CODE):
        return Label(member.code, member.code)
    if isinstance(member, lesion.Paris):
        return Label(member.code.removeprefix("0-"), member.code.removeprefix("0-"))
    if isinstance(member, lesion.Lst):
        return Label(LST[member.code], LST[member.code])
    if isinstance(member, pathology.Lymphatic | pathology.Venous | pathology.Ulceration):
        return THERE[member.code]
    if isinstance(member, pathology.Vienna):
        bare = [IN_BRACKETS.sub("", words) for words in member.label]
        return Label(f"{member.code} {bare[0]}", f"{member.code} {bare[1]}")
    if isinstance(member, endoscopy.ExaminationType):
        return Label(member.label.zh.removesuffix("检查"), IN_BRACKETS.sub("", member.label.en))
    if isinstance(member, tumour.StageEdition):
        return Label(member.label.zh.replace(" 第 ", " ").removesuffix(" 版"), member.label.en)
    if isinstance(member, pathology.Margin):
        return FREE[member.code]
    return Label(*(IN_BRACKETS.sub("", words) for words in member.label))


@lru_cache(maxsize=4096)
def typing_keys(zh: str, en: str, code: str) -> str:
    """What one may type to find an option: pinyin or its initials, English, and the code without its dots."""
    from pypinyin import Style, lazy_pinyin

    initials, whole = (
        "".join(lazy_pinyin(zh, style=style, errors=lambda signs: re.sub(r"\W", "", signs))).lower()
        for style in (Style.FIRST_LETTER, Style.NORMAL)
    )
    words = [initials, whole, en.lower(), code.lower(), re.sub(r"[\W_]", "", code).lower()]
    return "|".join(dict.fromkeys(words))


def keys_of(label: object, code: str) -> str:
    """`typing_keys` of a label, or of plain words such as a doctor's name."""
    if isinstance(label, Label):
        with reading("zh"):
            return typing_keys(label.zh, label.en, code)
    return typing_keys(str(label), str(label), code)
