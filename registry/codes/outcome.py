"""Coded values about treatment and what came after it."""

from registry.codes.code_set import CodeSet


class Intent(CodeSet, source="The registry"):
    """What a treatment was meant to achieve."""

    CURATIVE = "curative", "根治性", "Curative", ("根治",)
    PALLIATIVE = "palliative", "姑息性", "Palliative", ("姑息",)
    UNKNOWN = "unknown", "不详", "Unknown", ("未知",)


class TreatmentType(CodeSet, source="The registry"):
    """The kind of treatment. "None" records a decision against treatment, not a gap."""

    ESD = "esd", "内镜黏膜下剥离术", "Endoscopic submucosal dissection", ("内镜下黏膜下剥离术",)
    EMR = (
        "emr",
        "内镜黏膜切除术",
        "Endoscopic mucosal resection",
        ("内镜下黏膜切除术", "圈套切除", "息肉切除"),
    )
    EFTR = "eftr", "内镜全层切除术", "Endoscopic full-thickness resection", ("内镜下全层切除术",)
    SURGERY = "surgery", "外科手术", "Surgery", ("手术", "根治术")
    CHEMOTHERAPY = "chemotherapy", "化疗", "Chemotherapy", ("化学治疗",)
    RADIOTHERAPY = "radiotherapy", "放疗", "Radiotherapy", ("放射治疗",)
    CHEMORADIOTHERAPY = "chemoradiotherapy", "同步放化疗", "Chemoradiotherapy", ("放化疗",)
    TARGETED = (
        "targeted",
        "靶向或免疫治疗",
        "Targeted or immune therapy",
        ("靶向", "免疫治疗", "immunotherapy"),
    )
    ABLATION = "ablation", "消融", "Ablation", ("APC", "RFA", "射频消融", "氩气")
    SUPPORTIVE = "supportive", "支持治疗", "Supportive care", ("对症支持", "姑息支持")
    NONE = "none", "未治疗", "No treatment", ("无", "不治疗", "观察")


class Completeness(CodeSet, source="The registry"):
    """Whether a treatment was carried through."""

    COMPLETE = "complete", "完成", "Complete", ("已完成", "完全")
    INCOMPLETE = "incomplete", "未完成", "Incomplete", ("中断", "不完全")
    UNKNOWN = "unknown", "不详", "Unknown", ("未知",)


class ContactMode(CodeSet, source="The registry"):
    """How a person was followed up."""

    CLINIC = "clinic", "门诊", "Clinic", ("门诊随访", "住院")
    PHONE = "phone", "电话", "Telephone", ("电话随访", "tel")
    MESSAGE = "message", "短信或微信", "Message", ("短信", "微信", "SMS")
    HOME = "home", "入户", "Home visit", ("上门", "入户随访")
    LINKAGE = "linkage", "数据比对", "Linkage", ("死因比对", "名单比对")


class ContactOutcome(CodeSet, source="The registry"):
    """What came of trying to reach a person."""

    BOOKED = "booked", "已约检查", "Examination booked", ("已预约", "约检查")
    DONE_ELSEWHERE = "done_elsewhere", "外院已查", "Done elsewhere", ("外院检查",)
    DECLINED = "declined", "谢绝", "Declined", ("拒绝",)
    NO_ANSWER = "no_answer", "无人接听", "No answer", ("未接通", "无应答")
    WRONG_NUMBER = "wrong_number", "号码有误", "Wrong number", ("空号", "错号", "号码错误")
    DIED = "died", "已故", "Died", ("死亡", "去世", "dead")
    ATTENDED = "attended", "已到院", "Attended", ("已就诊", "来院")
    ALIVE = "alive", "在世", "Alive and well", ("存活", "健在", "alive")

    @property
    def reached(self) -> bool:
        """Whether the person, or somebody who knows, was reached."""
        return self not in {ContactOutcome.NO_ANSWER, ContactOutcome.WRONG_NUMBER}

    @property
    def proves_alive(self) -> bool:
        """Whether the contact shows that the person lived on that day."""
        return self.reached and self is not ContactOutcome.DIED


class Recurrence(CodeSet, source="The registry"):
    """Whether and where a tumour came back."""

    NONE = "none", "无复发", "None", ("无", "未复发")
    LOCAL = "local", "局部复发", "Local", ("局部",)
    REGIONAL = "regional", "区域复发", "Regional", ("区域", "淋巴结转移")
    DISTANT = "distant", "远处转移", "Distant", ("远处", "转移")
    UNKNOWN = "unknown", "不详", "Unknown", ("未知",)
