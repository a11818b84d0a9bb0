"""What was counted of one endoscopist's records, and whether chance gives it; never why it is so."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from registry.codes.integrity import IntegrityKind
from registry.label import Label

STANDS_OUT = 0.001  # five counts: by chance alone at most some 5 in 1000 persons a half-year


class Look(Enum):
    """What may be said of a count."""

    TOO_FEW = Label("太少，不作判断", "too few to say")
    ORDINARY = Label("可由机遇解释", "can be chance")
    STANDS_OUT = Label("值得看一看", "worth a look")


@dataclass(frozen=True)
class Signal:
    """One count of one endoscopist at one centre over some months, in words; `p` is None where too few."""

    kind: IntegrityKind
    centre_id: int
    operator_id: int
    first: date
    last: date
    counted: int
    known: int
    p: float | None
    look: Look
    said: Label

    @property
    def mark(self) -> str:
        """By this the same count is known again."""
        return f"{self.kind.code}|{self.centre_id}|{self.operator_id}|{self.last}"


def judged(p: float, *, few: bool, counted: int = 0, least: int = 0) -> Look:
    """What may be said by the p value; nothing where there is too little, and nothing of a handful."""
    if few or math.isnan(p):
        return Look.TOO_FEW
    return Look.STANDS_OUT if p < STANDS_OUT and counted >= least else Look.ORDINARY


def worth_raising(signal: Signal, ended: Iterable[date]) -> bool:
    """Whether a signal is new: no earlier one of the person and kind covers any of its days.

    `ended` are the last days that the earlier ones were about.
    """
    return signal.look is Look.STANDS_OUT and all(last < signal.first for last in ended)


# For each count an explanation that blames nobody; somebody who knows the work may have a better one.
INNOCENT = {
    IntegrityKind.SIX_MINUTES: Label(
        "可能的原因：科室用 6 分钟计时器；按整数填写；系统默认值；到 6 分钟提示后即结束。",
        "It may be: a timer set to six minutes; rounding by hand; a value the system fills in; "
        "ending when the bell rings.",
    ),
    IntegrityKind.NORMAL_RUN_UPPER: Label(
        "可能的原因：体检人群集中的日子；活检由别人录入；资料只导入了一部分。",
        "It may be: days of check-ups of healthy people; biopsies entered by somebody else; "
        "files that brought only a part.",
    ),
    IntegrityKind.NORMAL_RUN_COLON: Label(
        "可能的原因：体检人群集中的日子；活检由别人录入；资料只导入了一部分。",
        "It may be: days of check-ups of healthy people; biopsies entered by somebody else; "
        "files that brought only a part.",
    ),
    IntegrityKind.SAME_WORDS: Label(
        "可能的原因：自己的报告模板；同类小息肉的惯用写法；同一段文字被导入两次。",
        "It may be: a template of one's own; a habit of wording for small polyps; "
        "a text that was brought in twice.",
    ),
    IntegrityKind.LATE_ENTRY: Label(
        "可能的原因：由别人集中录入；纸质表每周送来；停机或休假。",
        "It may be: somebody else enters them in batches; paper forms that come once a week; "
        "a system that was down; leave.",
    ),
}
