"""States of the quality-control centre's own record: what raised an alert, and how it ended."""

from registry.codes.code_set import CodeSet


class AlertChart(CodeSet, source="The registry"):
    """Where an alert was seen first."""

    FUNNEL = "funnel", "漏斗图", "Funnel"
    CONTROL = "control", "控制图", "Control chart"
    CUSUM = "cusum", "累积和", "CUSUM"


class AlertOutcome(CodeSet, source="The registry"):
    """How an alert ended."""

    IMPROVED = "improved", "已改进", "Improved"
    RECORDS = "records", "记录有误，已更正", "The records were wrong and are corrected"
    CASE_MIX = "case_mix", "病例组成可解释", "Explained by the mix of cases"
    CHANCE = "chance", "查无原因，视为机遇", "No cause found: taken for chance"
    STAYS = "stays", "未改进，另行处理", "Not improved; taken further elsewhere"


class QualityKind(CodeSet, source="Kahn 2016, eGEMs 4(1):1244, with timeliness beside"):
    """What a check of the records asks."""

    COMPLETE = "complete", "完整", "Completeness"
    PLAUSIBLE = "plausible", "合理", "Plausibility"
    TIMELY = "timely", "及时", "Timeliness"


class InquiryState(CodeSet, source="The registry"):
    """Whose turn it is with a query to a centre."""

    ASKED = "asked", "待中心答复", "Waits for the centre"
    ANSWERED = "answered", "已答复，待质控中心", "Answered, waits for the quality centre"
    CLOSED = "closed", "已结束", "Closed"


class InquiryMove(CodeSet, source="The registry"):
    """One step of a query: asked, answered, asked again, closed."""

    ASK = "ask", "质疑", "Asked"
    ANSWER = "answer", "答复", "Answered"
    AGAIN = "again", "再问", "Asked again"
    CLOSE = "close", "结束", "Closed"
