"""Coded values about risk assessment and the screening round."""

from registry.codes.code_set import CodeSet


class Instrument(CodeSet, source="Each score's own publication; see registry.rules.risk"):
    """A score or grouping by which a person's risk is assessed."""

    LI_CN = (
        "li_cn",
        "新型胃癌筛查评分（Li 评分）",
        "Li score, Chinese edition",
        ("Li 评分", "新型胃癌筛查评分"),
    )
    LI_GUT2019 = "li_gut2019", "Li 评分（Gut 2019 版）", "Li score, Gut 2019 edition", ("Li Gut 2019",)
    APCS = "apcs", "亚太结直肠筛查评分", "APCS", ("亚太评分", "Asia-Pacific Colorectal Screening score")
    APCS_UPDATED = (
        "apcs_updated",
        "亚太结直肠筛查评分（修订版）",
        "Updated APCS",
        ("修订版 APCS", "modified APCS"),
    )
    ABC = "abc", "ABC 法（Hp/PG 分组）", "ABC groups (Hp/PG)", ("ABC 法", "ABC method")


class Tier(CodeSet, source="Each score's own publication; see registry.rules.risk"):
    """The answer of an instrument. Each uses its own tiers, so the set as a whole has no order."""

    LOW = "low", "低危", "Low risk", ("低风险",)
    MEDIUM = "medium", "中危", "Medium risk", ("中风险", "中等风险")
    HIGH = "high", "高危", "High risk", ("高风险",)
    AVERAGE = "average", "一般风险", "Average risk", ("平均风险",)
    MODERATE = "moderate", "中度风险", "Moderate risk"
    A = "a", "A 组", "Group A"
    B = "b", "B 组", "Group B"
    C = "c", "C 组", "Group C"
    D = "d", "D 组", "Group D"
    NOT_APPLICABLE = "not_applicable", "不适用", "Not applicable", ("NA", "N/A")


class HpTest(CodeSet, source="第六次全国幽门螺杆菌感染处理共识报告", edition="2022"):
    """How Helicobacter pylori was looked for."""

    UBT = "ubt", "尿素呼气试验", "Urea breath test", ("呼气试验", "C13", "C14", "13C-UBT", "14C-UBT")
    STOOL_ANTIGEN = "stool_antigen", "粪便抗原", "Stool antigen", ("HpSA",)
    SEROLOGY = "serology", "血清抗体", "Serology", ("抗体", "antibody", "Hp-IgG")
    RUT = "rut", "快速尿素酶试验", "Rapid urease test", ("尿素酶", "CLO")
    HISTOLOGY = "histology", "组织学", "Histology", ("病理", "染色")


class TestResult(CodeSet, source="The registry"):
    """What a test showed. An inadequate sample is a result; an empty value is none."""

    __test__ = False  # the name is the field's; pytest would collect it

    NEGATIVE = "negative", "阴性", "Negative", ("(-)", "neg")
    POSITIVE = "positive", "阳性", "Positive", ("+", "(+)", "pos")
    INADEQUATE = "inadequate", "标本不合格", "Inadequate", ("不合格", "无效")
    AWAITED = "awaited", "结果未回", "Awaited", ("待回报", "pending")


class Smoking(
    CodeSet, source="WHO, Guidelines for controlling and monitoring the tobacco epidemic", edition="1998"
):
    """Tobacco smoking."""

    NEVER = "never", "从不吸烟", "Never smoked", ("不吸烟", "无", "否")
    FORMER = "former", "已戒烟", "Former smoker", ("戒烟", "曾吸烟", "ex-smoker")
    CURRENT = "current", "现在吸烟", "Current smoker", ("吸烟", "smoker")


class Alcohol(CodeSet, source="The registry"):
    """Drinking of alcohol."""

    NEVER = "never", "从不饮酒", "Never drank", ("不饮酒", "无", "否")
    FORMER = "former", "已戒酒", "Former drinker", ("戒酒", "曾饮酒")
    CURRENT = "current", "现在饮酒", "Current drinker", ("饮酒", "drinker")


class Programme(CodeSet, source="IARC Handbooks of Cancer Prevention vol. 17, section 1.3", edition="2019"):
    """How a person came to be screened."""

    ORGANISED = "organised", "组织性筛查", "Organised screening", ("organized", "项目筛查", "人群筛查")
    OPPORTUNISTIC = "opportunistic", "机会性筛查", "Opportunistic screening", ("机会筛查",)
    CHECK_UP = "check_up", "健康体检", "Health check-up", ("体检", "check-up")


class Response(CodeSet, source="CanScreen5 data dictionary, adapted"):
    """What became of an invitation."""

    ATTENDED = "attended", "已参加", "Attended", ("参加", "应答")
    DECLINED = "declined", "谢绝", "Declined", ("拒绝",)
    NONE = "none", "无应答", "No response", ("未应答", "未回应")
    INELIGIBLE = "ineligible", "不符合条件", "Ineligible", ("不合格",)
    MOVED = "moved", "迁出", "Moved away", ("迁移", "搬走")


class Channel(CodeSet, source="The registry"):
    """The way an invitation went out."""

    LETTER = "letter", "信函", "Letter", ("邮寄",)
    PHONE = "phone", "电话", "Telephone", ("tel",)
    SMS = "sms", "短信", "Text message", ("微信", "message")
    DOCTOR = "doctor", "医生告知", "Doctor", ("门诊", "家庭医生")
    COMMUNITY = "community", "社区通知", "Community", ("社区", "村委会")
    OTHER = "other", "其他", "Other"


class PrimaryTest(CodeSet, source="The registry"):
    """The first test of a screening round, which decides about endoscopy."""

    FIT = "fit", "粪便免疫化学检测", "Faecal immunochemical test", ("粪便潜血", "FOBT", "便潜血")
    HP_PG = "hp_pg", "幽门螺杆菌与胃蛋白酶原", "H. pylori and pepsinogen", ("Hp/PG", "Hp+PG", "胃功能")
    QUESTIONNAIRE = "questionnaire", "问卷评分", "Questionnaire", ("问卷",)
    DNA_STOOL = "dna_stool", "粪便 DNA 检测", "Stool DNA test", ("粪便 DNA", "MT-sDNA")
    OTHER = "other", "其他", "Other"
