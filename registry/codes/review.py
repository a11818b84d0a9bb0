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
