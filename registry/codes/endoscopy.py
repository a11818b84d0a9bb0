"""Coded values about an endoscopic examination, its completeness, background and adverse events."""

from registry.codes.code_set import CodeSet


class ExaminationType(
    CodeSet, source="The registry; NHC 2022 消化内镜诊疗技术医疗质量控制指标", edition="2022"
):
    """The kind of endoscopy that was done."""

    OGD = "ogd", "胃镜检查", "Gastroscopy (OGD)", ("胃镜", "上消化道内镜", "EGD", "gastroscopy", "电子胃镜")
    COLONOSCOPY = "colonoscopy", "结肠镜检查", "Colonoscopy", ("结肠镜", "肠镜", "电子结肠镜", "全结肠镜")
    SIGMOIDOSCOPY = "sigmoidoscopy", "乙状结肠镜检查", "Sigmoidoscopy", ("乙状结肠镜", "乙镜")
    EUS = "eus", "超声内镜检查", "Endoscopic ultrasound", ("超声内镜",)
    THERAPEUTIC_UPPER = "therapeutic_upper", "上消化道内镜治疗", "Therapeutic upper endoscopy", ("胃镜治疗",)
    THERAPEUTIC_LOWER = "therapeutic_lower", "下消化道内镜治疗", "Therapeutic lower endoscopy", ("肠镜治疗",)
    CAPSULE = "capsule", "胶囊内镜检查", "Capsule endoscopy", ("胶囊内镜", "胶囊胃镜")
    OTHER = "other", "其他内镜检查", "Other endoscopy", ("其他",)

    @property
    def upper(self) -> bool:
        """Whether the scope goes through the mouth to the stomach."""
        return self in {ExaminationType.OGD, ExaminationType.THERAPEUTIC_UPPER}

    @property
    def lower(self) -> bool:
        """Whether the scope goes through the anus."""
        lower = ExaminationType.COLONOSCOPY, ExaminationType.SIGMOIDOSCOPY, ExaminationType.THERAPEUTIC_LOWER
        return self in lower


class Indication(CodeSet, source="The registry; after ASGE/ACG 2024 and ESGE 2017 indicator definitions"):
    """Why the examination was done."""

    SCREENING_ORGANISED = (
        "screening_organised",
        "组织性筛查",
        "Organised screening",
        ("项目筛查", "人群筛查", "筛查"),
    )
    SCREENING_OPPORTUNISTIC = (
        "screening_opportunistic",
        "机会性筛查",
        "Opportunistic screening",
        ("机会筛查",),
    )
    CHECK_UP = "check_up", "健康体检", "Health check-up", ("体检",)
    POSITIVE_TEST = "positive_test", "初筛阳性", "Positive primary test", ("FIT 阳性", "便潜血阳性")
    SURVEILLANCE = "surveillance", "监测复查", "Surveillance", ("复查", "监测", "随访复查")
    SYMPTOMS = "symptoms", "症状", "Symptoms", ("有症状", "门诊症状")
    WORK_UP = (
        "work_up",
        "已知病变或癌的进一步检查",
        "Work-up of a known lesion or cancer",
        ("进一步检查", "精查"),
    )
    THERAPY = "therapy", "治疗", "Therapy", ("内镜治疗",)


class Sedation(CodeSet, source="ASGE/ASA continuum of sedation, condensed"):
    """Sedation or anaesthesia during the examination."""

    NONE = "none", "无镇静", "None", ("无", "普通", "咽部麻醉", "局麻")
    SEDATION = "sedation", "镇静", "Sedation", ("无痛", "静脉镇静")
    GENERAL = "general", "全身麻醉", "General anaesthesia", ("全麻", "general anesthesia")


class Extent(CodeSet, source="The registry"):
    """The farthest point the scope reached: first the upper tract, then the lower, each inward."""

    OESOPHAGUS = "oesophagus", "食管", "Oesophagus", ("esophagus",)
    STOMACH = "stomach", "胃", "Stomach"
    BULB = "bulb", "十二指肠球部", "Duodenal bulb", ("球部", "D1")
    D2 = "d2", "十二指肠降部", "Second part of duodenum", ("降部", "十二指肠降段")
    RECTUM = "rectum", "直肠", "Rectum"
    SIGMOID = "sigmoid", "乙状结肠", "Sigmoid colon"
    DESCENDING = "descending", "降结肠", "Descending colon"
    SPLENIC = "splenic", "脾曲", "Splenic flexure", ("结肠脾曲",)
    TRANSVERSE = "transverse", "横结肠", "Transverse colon"
    HEPATIC = "hepatic", "肝曲", "Hepatic flexure", ("结肠肝曲",)
    ASCENDING = "ascending", "升结肠", "Ascending colon"
    CAECUM = "caecum", "盲肠", "Caecum", ("cecum", "回盲部")
    TERMINAL_ILEUM = "terminal_ileum", "回肠末端", "Terminal ileum", ("回肠末段", "末端回肠")
    ANASTOMOSIS = "anastomosis", "吻合口", "Anastomosis"

    @property
    def upper(self) -> bool:
        """Whether the point lies in the upper tract."""
        return self.rank <= Extent.D2.rank

    @property
    def short_of_caecum(self) -> bool:
        """Whether a scope that got no farther has not seen the caecum.

        An anastomosis is left open: after a right colectomy it is all there is to reach.
        """
        return Extent.RECTUM.rank <= self.rank < Extent.CAECUM.rank


class IncompleteReason(CodeSet, source="NHC 2022, CDEI-06; UK JAG/BSG/ACPGBI 2016, adapted"):
    """Why the examination stopped short."""

    ANATOMICAL_VARIANT = "anatomical_variant", "解剖变异", "Anatomical variant", ("解剖异常",)
    STRICTURE = (
        "stricture",
        "狭窄或梗阻",
        "Stricture or obstruction",
        ("狭窄", "梗阻", "stenosis", "stricture"),
    )
    POOR_PREPARATION = (
        "poor_preparation",
        "准备不良",
        "Poor preparation",
        ("肠道准备差", "准备差", "食物潴留"),
    )
    INTOLERANCE = "intolerance", "不能耐受", "Intolerance", ("无法耐受", "疼痛", "discomfort")
    LOOPING = "looping", "结襻", "Looping", ("袢曲", "loop")
    BLEEDING = "bleeding", "出血", "Bleeding"
    COMPLICATION = "complication", "并发症", "Complication"
    EQUIPMENT = "equipment", "设备故障", "Equipment failure", ("设备",)
    OTHER = "other", "其他原因", "Other reason", ("其他",)


class SiteSeen(CodeSet, source="NHC 2022, CDEI-04", edition="2022"):
    """Whether one of the eleven sites of a complete gastroscopy was seen, and photographed."""

    PHOTOGRAPHED = "photographed", "观察并留图", "Seen and photographed", ("留图", "有图")
    SEEN = "seen", "观察未留图", "Seen, not photographed", ("未留图",)
    NOT_SEEN = "not_seen", "未观察", "Not seen", ("未见到",)


class Visibility(CodeSet, source="ESGE upper GI performance measures, condensed", edition="2025"):
    """How well the mucosa could be seen during a gastroscopy."""

    GOOD = "good", "良好", "Good", ("好", "优", "清晰")
    FAIR = "fair", "尚可", "Fair", ("一般", "中")
    POOR = "poor", "差", "Poor", ("不良", "不佳")


class AdverseKind(CodeSet, source="AGREE classification, Nass 2022, Gastrointest Endosc 95:1078, condensed"):
    """The kind of harm an examination or treatment did."""

    BLEEDING = "bleeding", "出血", "Bleeding", ("haemorrhage", "hemorrhage")
    PERFORATION = "perforation", "穿孔", "Perforation"
    PANCREATITIS = "pancreatitis", "胰腺炎", "Pancreatitis"
    INFECTION = "infection", "感染", "Infection", ("sepsis", "败血症")
    CARDIOPULMONARY = "cardiopulmonary", "心肺事件", "Cardiopulmonary", ("心肺并发症", "心血管事件")
    STRICTURE = "stricture", "狭窄", "Stricture", ("stenosis",)
    OTHER = "other", "其他", "Other"


class Agree(CodeSet, source="Nass KJ et al., Gastrointest Endosc 2022;95:1078", edition="2022"):
    """AGREE severity of an adverse event: from a longer stay or a call to death."""

    I = "I", "Ⅰ 级", "Grade I", ("1", "1 级")  # noqa: E741
    II = "II", "Ⅱ 级", "Grade II", ("2", "2 级")
    IIIA = "IIIa", "Ⅲa 级", "Grade IIIa", ("3a",)
    IIIB = "IIIb", "Ⅲb 级", "Grade IIIb", ("3b",)
    IVA = "IVa", "Ⅳa 级", "Grade IVa", ("4a",)
    IVB = "IVb", "Ⅳb 级", "Grade IVb", ("4b",)
    V = "V", "Ⅴ 级（死亡）", "Grade V (death)", ("5", "5 级", "Ⅴ 级", "Grade V")


class AdverseOutcome(CodeSet, source="ICH E2B(R3), outcome of reaction, condensed"):
    """What became of the person after an adverse event."""

    RECOVERED = "recovered", "痊愈", "Recovered", ("治愈", "恢复")
    RECOVERING = "recovering", "好转中", "Recovering", ("好转",)
    DISABLED = "disabled", "致残", "Disabled", ("残疾", "后遗症")
    DIED = "died", "死亡", "Died", ("death",)
    UNKNOWN = "unknown", "不详", "Unknown", ("未知",)


class Intervention(CodeSet, source="NHC 2022, CDEI-11, adapted", edition="2022"):
    """What an adverse event had to be treated with; the most invasive, in this order."""

    NONE = "none", "无需处理", "None", ("无", "观察")
    CONSERVATIVE = "conservative", "保守治疗", "Conservative", ("药物治疗", "输血")
    ENDOSCOPIC = "endoscopic", "内镜治疗", "Endoscopic", ("内镜止血",)
    INTERVENTIONAL_RADIOLOGY = (
        "interventional_radiology",
        "介入治疗",
        "Interventional radiology",
        ("介入", "DSA"),
    )
    SURGERY = "surgery", "外科手术", "Surgery", ("手术",)


class Kimura(CodeSet, source="Kimura K, Takemoto T. Endoscopy 1969;1:87", edition="1969"):
    """Endoscopic extent of gastric atrophy: closed, then open."""

    C0 = "C-0", "C-0（无萎缩）", "C-0 (no atrophy)", ("无萎缩",)
    C1 = "C-1", "C-1", "C-1", ("闭合型 1",)
    C2 = "C-2", "C-2", "C-2", ("闭合型 2",)
    C3 = "C-3", "C-3", "C-3", ("闭合型 3",)
    O1 = "O-1", "O-1", "O-1", ("开放型 1",)
    O2 = "O-2", "O-2", "O-2", ("开放型 2",)
    O3 = "O-3", "O-3", "O-3", ("开放型 3",)


class LosAngeles(CodeSet, source="Lundell LR et al., Gut 1999;45:172; N and M after Japanese usage"):
    """Reflux oesophagitis."""

    N = "N", "N 级（正常）", "Grade N (normal)", ("正常", "LA-N")
    M = "M", "M 级（轻微变化）", "Grade M (minimal change)", ("轻微变化", "LA-M")
    A = "A", "A 级", "Grade A", ("LA-A",)
    B = "B", "B 级", "Grade B", ("LA-B",)
    C = "C", "C 级", "Grade C", ("LA-C",)
    D = "D", "D 级", "Grade D", ("LA-D",)


class Operative(CodeSet, source="Rugge M et al., Gut 2007;56:631; Capelle LG et al., GIE 2010;71:1150"):
    """Stage of atrophy (OLGA) or of intestinal metaplasia (OLGIM)."""

    STAGE_0 = "0", "0 期", "Stage 0"
    STAGE_I = "I", "Ⅰ 期", "Stage I", ("1", "1 期")
    STAGE_II = "II", "Ⅱ 期", "Stage II", ("2", "2 期")
    STAGE_III = "III", "Ⅲ 期", "Stage III", ("3", "3 期")
    STAGE_IV = "IV", "Ⅳ 期", "Stage IV", ("4", "4 期")
