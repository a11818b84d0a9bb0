"""The labelled sections of a report as a workstation prints it: 检查所见：…, 内镜诊断 …, Findings: …"""

import re
import unicodedata
from collections.abc import Mapping

MOST = 20_000
# Who the report is about, and what the registry does not keep of it: read apart, never into a text.
PERSON = {
    "name": ("姓名", "患者姓名", "病人姓名", "受检者", "patient name", "patient", "name"),
    "sex": ("性别", "sex", "gender"),
    "age": ("年龄", "age"),
}
NOT_KEPT = (
    *("科室", "科别", "床号", "病区", "门诊号", "住院号", "病历号", "登记号", "病案号", "就诊卡号"),
    *("身份证号", "证件号", "电话", "联系电话", "地址", "医院", "申请医师", "申请科室", "送检医师"),
    *("送检科室", "送检医院", "临床诊断", "主诉", "病史", "费别", "审核医师", "复核医师", "护士", "助手"),
    *("记录者", "打印时间", "打印日期", "签名", "备注", "建议", "处理意见", "医嘱", "幽门螺杆菌"),
    *("ward", "bed", "hospital number", "phone", "address", "clinical diagnosis", "history", "advice"),
    *("recommendation", "recommendations", "remarks", "nurse", "assistant", "printed"),
)
_GAP = re.compile(r"[ \u3000]{2,}|\t")
_BETWEEN = r"[ \t\u3000]*"


class Labels:
    """Which words label which field; finds them in a text."""

    def __init__(self, fields: Mapping[str, tuple[str, ...]]) -> None:
        every = {**PERSON, **fields, "": (*NOT_KEPT, *fields.get("", ()))}
        self.by_word = {_bare(word): field for field, words in every.items() for word in words}
        spelt = sorted((word for words in every.values() for word in words), key=len, reverse=True)
        any_label = "|".join(_spaced(word) for word in spelt)
        # At the beginning of a line or after a space; with a colon, in brackets, or alone on its line.
        self.pattern = re.compile(
            rf"(?:^|(?<=[\s\u3000]))(?:[【\[]{_BETWEEN}({any_label}){_BETWEEN}[】\]]{_BETWEEN}[:：]?"
            rf"|({any_label}){_BETWEEN}(?:[:：]|$))",
            re.IGNORECASE | re.MULTILINE,
        )

    def sections(self, text: str) -> list[tuple[str, str, str]]:
        """Field, label as written and text of each section in their order; "" for what is not kept.

        What stands before the first label is the section "head".
        """
        found = list(self.pattern.finditer(text))
        first = found[0].start() if found else len(text)
        parts = [("head", "", text[:first].strip())]
        for place, match in enumerate(found):
            end = found[place + 1].start() if place + 1 < len(found) else len(text)
            label = match[1] or match[2]
            parts.append((self.by_word[_bare(label)], label.strip(), text[match.end() : end].strip()))
        return parts


def first_lines(sections: list[tuple[str, str, str]]) -> dict[str, str]:
    """What stands first in the first section of each field that says anything: for what is short."""
    found: dict[str, str] = {}
    for field, _, text in sections:
        if field and text and field not in found:
            found[field] = _GAP.split(text.splitlines()[0])[0].strip()
    return found


def _spaced(word: str) -> str:
    """A label whose signs may stand apart, as 姓 名."""
    if word.isascii():
        return re.escape(word).replace(r"\ ", r"\s+")
    return _BETWEEN.join(re.escape(sign) for sign in word)


def _bare(word: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", word)).casefold()
