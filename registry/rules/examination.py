"""Rules about one examination: its day, how far it went, how well it was prepared and performed."""

from collections.abc import Collection
from datetime import date

from registry.codes.endoscopy import ExaminationType, Extent
from registry.codes.person import Missing, Precision, Surgery
from registry.label import Label
from registry.rules.dates import age_on, partial
from registry.rules.life import within_life
from registry.rules.problem import Problem, refusal, warning

BBPS = Label("波士顿肠道准备量表，Lai 2009", "Boston Bowel Preparation Scale, Lai 2009")
CAECUM = Label("盲肠插镜，国家卫健委 2022 CDEI-06", "Caecal intubation, NHC 2022 CDEI-06")
WITHDRAWAL = Label("退镜时间 2–60 分钟", "Withdrawal between 2 and 60 minutes")
AGE = Label("年龄 18–100 岁", "Age between 18 and 100")
ADVERSE = Label("选了无就是没有", "None means that there was none")
PRAGUE = Label("布拉格 C 与 M 分级，Sharma 2006", "Prague C and M, Sharma 2006")

_PARTS = {"bbps_right": "右半", "bbps_transverse": "横结肠", "bbps_left": "左半"}
_FIRST_REACHED = {"bbps_right": Extent.ASCENDING, "bbps_transverse": Extent.SPLENIC}
_RESECTED = {
    "bbps_right": {Surgery.RIGHT_COLECTOMY, Surgery.TOTAL_COLECTOMY},
    "bbps_transverse": {Surgery.TOTAL_COLECTOMY},
    "bbps_left": {Surgery.TOTAL_COLECTOMY},
}


def check(
    *,
    type: ExaminationType | None = None,
    performed_on: date | None = None,
    age: int | None = None,
    extent: Extent | None = None,
    caecum_reached: bool | None = None,
    caecum_photo: bool | None = None,
    withdrawal_min: float | None = None,
    bbps_right: int | None = None,
    bbps_right_missing: Missing | None = None,
    bbps_transverse: int | None = None,
    bbps_transverse_missing: Missing | None = None,
    bbps_left: int | None = None,
    bbps_left_missing: Missing | None = None,
    bbps_total: int | None = None,
    born_on: date | None = None,
    born_precision: Precision | None = None,
    died_on: date | None = None,
    died_precision: Precision | None = None,
    surgeries: Collection[Surgery] = (),
    today: date | None = None,
    **_other: object,
) -> list[Problem]:
    """Contradictions within an examination and with the person's dates and earlier operations.

    Columns are named as in the record; `born_on` … `died_precision` are the person's,
    `surgeries` the operations before this day. Further columns are looked at by no rule.
    """
    born, died = partial(born_on, born_precision), partial(died_on, died_precision)
    segments = {"bbps_right": bbps_right, "bbps_transverse": bbps_transverse, "bbps_left": bbps_left}
    reasons = {
        "bbps_right": bbps_right_missing,
        "bbps_transverse": bbps_transverse_missing,
        "bbps_left": bbps_left_missing,
    }
    if age is None and performed_on is not None and born_on is not None and performed_on >= born_on:
        age = age_on(born_on, performed_on)
    return [
        *within_life(
            "performed_on", performed_on, Label("检查", "Examination"), born=born, died=died, today=today
        ),
        *unusual_age(age),
        *preparation(segments, bbps_total, reasons),
        *segments_not_there(segments, reasons, extent, surgeries),
        *caecum(extent, caecum_reached, caecum_photo),
        *withdrawal(withdrawal_min),
    ]


def unusual_age(age: int | None) -> list[Problem]:
    """Children and the very old are rare enough here to be looked at again."""
    if age is None or 18 <= age <= 100:
        return []
    return [warning("age", "年龄不在 18–100 岁，请核对", "Age outside 18–100 years, please check", AGE)]


def preparation(
    segments: dict[str, int | None], total: int | None, reasons: dict[str, Missing | None]
) -> list[Problem]:
    """Each segment is 0 to 3; the total is the sum of those that apply, or may stand alone."""
    problems = [
        refusal(field, f"BBPS {_PARTS[field]}应为 0–3", "A BBPS segment is 0 to 3", BBPS)
        for field, value in segments.items()
        if value is not None and not 0 <= value <= 3
    ]
    if total is None or problems:
        return problems
    known = [value for value in segments.values() if value is not None]
    open_ones = [
        field
        for field, value in segments.items()
        if value is None and reasons[field] is not Missing.NOT_APPLICABLE
    ]
    if not sum(known) <= total <= sum(known) + 3 * len(open_ones):
        problems.append(
            refusal(
                "bbps_total",
                "BBPS 总分与各段之和不符，请核对或只留各段",
                "BBPS total differs from the sum of its segments: correct it or leave it empty",
                BBPS,
            )
        )
    return problems


def segments_not_there(
    segments: dict[str, int | None],
    reasons: dict[str, Missing | None],
    extent: Extent | None,
    surgeries: Collection[Surgery],
) -> list[Problem]:
    """A segment that was not reached or is resected is not applicable, never 0."""
    problems = []
    for field, value in segments.items():
        if value is None:
            continue
        first = _FIRST_REACHED.get(field)
        if extent and first and extent.short_of_caecum and extent.rank < first.rank:
            problems.append(
                warning(
                    field,
                    f"未到达的肠段不应评分（{_PARTS[field]}），请选“不适用”",
                    "A segment that was not reached has no score; choose “not applicable”",
                    BBPS,
                )
            )
        elif _RESECTED[field] & set(surgeries):
            problems.append(
                warning(
                    field,
                    f"已切除的肠段不应评分（{_PARTS[field]}），请选“不适用”",
                    "A resected segment has no score; choose “not applicable”",
                    BBPS,
                )
            )
        elif reasons.get(field):
            problems.append(
                warning(
                    f"{field}_missing",
                    "已有评分，却又填了缺失原因",
                    "There is a score and also a reason why it is missing",
                    BBPS,
                )
            )
    return problems


def caecum(extent: Extent | None, reached: bool | None, photo: bool | None) -> list[Problem]:
    """Whoever reached the caecum got at least that far."""
    problems = []
    if reached and extent and (extent.short_of_caecum or extent.upper):
        problems.append(
            refusal(
                "extent",
                "已到达盲肠，到达部位却在其远端，请改正其一",
                "Caecum reached, but the extent stops short of it: correct one of them",
                CAECUM,
            )
        )
    if reached is False and extent in {Extent.CAECUM, Extent.TERMINAL_ILEUM}:
        problems.append(
            warning(
                "caecum_reached",
                "到达部位为盲肠或以远，却填未到达盲肠",
                "The extent is the caecum or beyond",
                CAECUM,
            )
        )
    if reached is False and photo:
        problems.append(
            warning("caecum_photo", "未到达盲肠，却有盲肠照片", "Caecum photographed but not reached", CAECUM)
        )
    return problems


def withdrawal(minutes: float | None) -> list[Problem]:
    """Very short or very long withdrawals are usually slips of the keyboard."""
    if minutes is None or 2 <= minutes <= 60:
        return []
    return [
        warning(
            "withdrawal_min",
            "退镜时间不在 2–60 分钟，请核对",
            "Withdrawal outside 2–60 minutes, please check",
            WITHDRAWAL,
        )
    ]


def adverse_events(said: bool | None, count: int) -> list[Problem]:
    """Whoever lists an adverse event does not say that there was none."""
    if said is not False or count == 0:
        return []
    return [
        refusal(
            "any_adverse_event",
            "填了“无不良事件”，却列有不良事件",
            "No adverse event is stated, but one is listed",
            ADVERSE,
        )
    ]


def check_background(
    *, prague_c: float | None = None, prague_m: float | None = None, **_other: object
) -> list[Problem]:
    """The circumferential part of a Barrett's oesophagus cannot be longer than the whole."""
    if prague_c is None or prague_m is None or prague_c <= prague_m:
        return []
    return [
        refusal(
            "prague_c",
            "布拉格分级 C 不能大于 M，请核对是否填反",
            "Prague C cannot exceed M: check whether they are swapped",
            PRAGUE,
        )
    ]
