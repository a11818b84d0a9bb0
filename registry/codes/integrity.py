"""What an endoscopist may be asked to look at in the own records, before anybody else is."""

from registry.codes.code_set import CodeSet


class IntegrityKind(CodeSet, source="The registry"):
    """What was counted. None of these says why it is so."""

    SIX_MINUTES = "six_minutes", "退镜时间集中在 6 分钟", "Withdrawal times heap at 6 minutes"
    NORMAL_RUN_UPPER = (
        "normal_run_upper",
        "胃镜连续无所见、无取材",
        "Gastroscopies in a row without lesion or tissue",
    )
    NORMAL_RUN_COLON = (
        "normal_run_colon",
        "肠镜连续无所见、无取材",
        "Colonoscopies in a row without lesion or tissue",
    )
    SAME_WORDS = "same_words", "镜下所见文字相同", "Findings in the same words"
    LATE_ENTRY = "late_entry", "检查后较晚录入", "Entered late"
