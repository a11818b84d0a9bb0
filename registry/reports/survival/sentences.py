"""The sentences of a methods section: what was done, by what, in which version."""

from importlib.metadata import PackageNotFoundError, version

from registry.label import Label
from registry.reports.survival.method import Wanted

INTERVALS = {
    "log-log": Label("log-log 变换", "on the log-log scale"),
    "log": Label("对数变换", "on the log scale"),
    "plain": Label("不作变换", "untransformed"),
    "logit": Label("logit 变换", "on the logit scale"),
    "arcsin": Label("反正弦变换", "on the arcsine square-root scale"),
}
ENDS = {
    "death": Label("任何原因死亡", "Death from any cause"),
    "cancer": Label("死于本癌，其他死亡作删失", "Death of this cancer, other deaths censored"),
}
_OF_CANCER = Label(
    "终点为死于本癌（ICD-10 根本死因），死于其他原因和死因不详者作删失；此曲线不等于竞争风险下的实际比例。",
    "The event is death of this cancer by the underlying cause in ICD-10; deaths of another cause, or of "
    "one not "
    "known, are censored. The curve is not the share that dies of it where other causes compete.",
)
ORIGINS = {
    "diagnosis": Label("诊断", "Diagnosis"),
    "treatment": Label("首次治疗", "First treatment"),
    "entry": Label("诊断，自首次治疗起观察", "Diagnosis, seen from the first treatment on"),
}


def software(*packages: str) -> Label:
    """The registry and the packages that calculated, each with its version."""
    told = [f"{name} {_version(name)}" for name in packages]
    return Label("本登记 %(own)s，%(others)s。", "Registry %(own)s, %(others)s.") % {
        "own": _version("gi-early-cancer-registry"),
        "others": Label("，".join(told), ", ".join(told)),
    }


def joined(*sentences: Label | None) -> Label:
    """Sentences one after another, as each language sets them."""
    said = [one for one in sentences if one is not None]
    return Label("".join(one.zh for one in said), " ".join(one.en for one in said))


def kaplan_meier(wanted: Wanted, *, tested: bool) -> Label:
    """How Kaplan–Meier curves were made, with the options that were chosen; and compared, if they were."""
    told = Label(
        "Kaplan–Meier 法，95 %% 区间按 Greenwood 方差，%(interval)s；%(test)s"
        "第 y 年为第 ⌊365.25·y⌋ 天，风险人数为时间不短于该日者；同日死亡者保留。",
        "Kaplan–Meier estimate with 95 %% intervals on Greenwood's variance, %(interval)s; %(test)s"
        "year y is day ⌊365.25·y⌋, at risk are those with a time of at least that day; deaths on the first "
        "day are kept.",
    )
    test = Label("", "")
    if tested:
        test = Label("组间用对数秩检验；", "log-rank test between groups; ")
        if wanted.strata:
            test = Label("组间用对数秩检验（分层）；", "stratified log-rank test between groups; ")
    return joined(
        told % {"interval": INTERVALS[wanted.interval], "test": test},
        _OF_CANCER if wanted.end == "cancer" else None,
        clock(wanted),
        restricted(wanted),
        software("NumPy", "SciPy"),
    )


def clock(wanted: Wanted) -> Label | None:
    """When time starts and who is seen, where that is not diagnosis and everybody."""
    sentences = []
    if wanted.origin == "treatment":
        sentences.append(
            Label(
                "时间自首次治疗起算，未治疗者不计入。",
                "Time starts with the first treatment; those never treated are left out.",
            )
        )
    if wanted.origin == "entry":
        sentences.append(
            Label(
                "时间自诊断起算，自首次治疗日起进入风险集（左截断），未治疗者不计入。",
                "Time starts at diagnosis; people are at risk from their first treatment on (delayed "
                "entry); those "
                "never treated are left out.",
            )
        )
    if wanted.landmark:
        sentences.append(
            Label(
                "界标分析：仅含第 %(day)s 天后仍存活且在随访者，生存率以此为条件。",
                "Landmark analysis: only those alive and followed beyond day %(day)s; survival is "
                "conditional on it.",
            )
            % {"day": wanted.landmark}
        )
    return joined(*sentences) if sentences else None


def restricted(wanted: Wanted) -> Label | None:
    """The restricted mean, where it was asked for."""
    if not wanted.restricted:
        return None
    since = (
        Label("自第 %(a)s 天起", ", counted from day %(a)s") % {"a": wanted.landmark}
        if wanted.landmark
        else Label("", "")
    )
    return Label(
        "限制平均生存时间%(since)s至第 %(day)s 天，标准误按曲线下面积的 Greenwood 方差，"
        "区间在失去时间（第 %(day)s 天减均数）的对数尺度上对称。",
        "Restricted mean survival time to day %(day)s%(since)s, with Greenwood's variance of the area "
        "under the curve and limits symmetric on the logarithm of the time lost.",
    ) % {"day": wanted.restricted, "since": since}


def cumulative_incidence(wanted: Wanted, *, tested: bool) -> Label:
    """How cumulative incidence was estimated; and compared, if it was."""
    return joined(
        Label(
            "Aalen–Johansen 累积发生率，竞争结局为死于本癌、死于其他原因和死因不详（按 ICD-10 "
            "根本死因归类）；"
            "95 % 区间按 Aalen 方差，log(−log) 变换。",
            "Aalen–Johansen cumulative incidence; the competing ends are death of this cancer, of another "
            "cause and of a cause not known, by the underlying cause in ICD-10; 95 % intervals on Aalen's "
            "variance, on the log(−log) scale.",
        ),
        Label("组间用 Gray 检验。", "Groups were compared by Gray's test.") if tested else None,
        clock(wanted),
        software("NumPy", "SciPy"),
    )


def cox(wanted: Wanted, reference: Label) -> Label:
    """How the regression was made."""
    return joined(
        Label(
            "Cox 比例风险回归，Efron 法处理同日死亡，风险比附 95 % Wald 区间；参照组：",
            "Cox proportional hazards regression with Efron's ties; hazard ratios with 95 % Wald intervals; "
            "reference levels:",
        ),
        Label(f"{reference.zh}。", f"{reference.en}."),
        Label(
            "比例风险假定用 Grambsch–Therneau 得分检验（时间变换为 1 − Kaplan–Meier，与 R survival 3 的 "
            "cox.zph 相同）。",
            "Proportional hazards were tested by Grambsch and Therneau's score test on 1 − Kaplan–Meier, "
            "as cox.zph "
            "of R's survival 3 does.",
        ),
        clock(wanted),
        software("lifelines", "NumPy", "SciPy"),
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # run from the source tree, not installed
        return "–"
