"""States of what lies on a desk: files under way, codes read from words, likely doubles, questions."""

from registry.codes.code_set import CodeSet


class RunState(CodeSet, source="The registry"):
    """How far the reading of a file has come. No rate counts a run that is not finished."""

    PREVIEW = "preview", "预览", "Preview"
    WAITING = "waiting", "等待", "Waiting"
    RUNNING = "running", "进行中", "Running"
    FINISHED = "finished", "完成", "Finished"
    CANCELLED = "cancelled", "已取消", "Cancelled"
    FAILED = "failed", "失败", "Failed"


class FileKind(CodeSet, source="The registry"):
    """Why a file is kept for a while: as it came, or with what could not be stored."""

    UPLOADED = "uploaded", "上传的文件", "File as uploaded"
    RETURNED = "returned", "退回的行", "Rows returned"


class SourceKind(CodeSet, source="The registry"):
    """What a source spells in codes of its own."""

    DOCTOR = "doctor", "医师", "Doctor"
    DEVICE = "device", "设备", "Device"
    DEPARTMENT = "department", "科室", "Department"


class TextSource(CodeSet, source="The registry"):
    """Which text something was read from."""

    FINDINGS = "findings", "镜下所见", "Findings"
    DIAGNOSIS = "diagnosis", "内镜诊断", "Endoscopic diagnosis"
    WORDING = "wording", "病理报告", "Pathology report"


class ReadingState(CodeSet, source="The registry"):
    """What a person said of a code that a rule read from words."""

    UNCONFIRMED = "unconfirmed", "来自文本，未确认", "From text, unconfirmed"
    CONFIRMED = "confirmed", "已确认", "Confirmed"
    REJECTED = "rejected", "已否定", "Rejected"
    STALE = "stale", "原文已改", "The text has changed"


class PairState(CodeSet, source="The registry"):
    """Whether two records are one person."""

    OPEN = "open", "待判断", "To be judged"
    SAME = "same", "同一人", "Same person"
    DIFFERENT = "different", "不是同一人", "Different persons"
    UNSURE = "unsure", "不能确定", "Not sure"


class QuestionState(CodeSet, source="The registry"):
    """What became of a source's new value for what a person had corrected."""

    OPEN = "open", "待答", "Open"
    KEPT = "kept", "保留登记值", "The registry's value kept"
    TAKEN = "taken", "采用来源值", "The source's value taken"


class ListedState(CodeSet, source="The registry"):
    """What became of an examination on a day's list."""

    OPEN = "open", "待录入", "To be entered"
    DONE = "done", "已录入", "Entered"
    CANCELLED = "cancelled", "未做", "Not done"
