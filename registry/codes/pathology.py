"""Coded values about tissue: how it was taken and what the pathologist says of it."""

from registry.codes.code_set import CodeSet


class Method(CodeSet, source="The registry"):
    """How tissue was taken, from the smallest to the largest specimen."""

    FORCEPS = "forceps", "活检钳", "Forceps biopsy", ("活检", "biopsy", "钳取")
    BRUSH = "brush", "刷检", "Brushing", ("细胞刷", "刷片")
    COLD_SNARE = "cold_snare", "冷圈套切除", "Cold snare", ("CSP", "冷圈套")
    HOT_SNARE = "hot_snare", "热圈套切除", "Hot snare", ("HSP", "热圈套", "圈套电切")
    EMR = "emr", "内镜黏膜切除术", "Endoscopic mucosal resection", ("内镜下黏膜切除术",)
    PEMR = "pemr", "内镜分片黏膜切除术", "Piecemeal endoscopic mucosal resection", ("EPMR", "分片 EMR")
    ESD = "esd", "内镜黏膜下剥离术", "Endoscopic submucosal dissection", ("内镜下黏膜下剥离术",)
    EFTR = "eftr", "内镜全层切除术", "Endoscopic full-thickness resection", ("内镜下全层切除术",)
    SURGERY = "surgery", "外科手术切除", "Surgical resection", ("手术", "外科手术", "手术标本")

    @property
    def resects(self) -> bool:
        """Whether the specimen is meant to hold the whole lesion, so that its depth can be told."""
        return self not in {Method.FORCEPS, Method.BRUSH}


class ViennaVersion(CodeSet, source="Schlemper RJ 2000, Gut 47:251; Dixon MF 2002, Gut 51:130"):
    """Which wording of the Vienna classification a category belongs to."""

    SCHLEMPER_2000 = "schlemper_2000", "原版（Schlemper 2000）", "Original (Schlemper 2000)", ("2000", "原版")
    DIXON_2002 = "dixon_2002", "修订版（Dixon 2002）", "Revised (Dixon 2002)", ("2002", "修订版")


class Vienna(CodeSet, source="Schlemper RJ 2000, Gut 47:251; Dixon MF 2002, Gut 51:130"):
    """Vienna category of gastrointestinal epithelial neoplasia, from least to worst.

    The two versions share the numbers but not their meaning from 4.3 on: what the original calls
    5.1 (intramucosal carcinoma) the revision calls 4.4. Labels are those of the revision except
    for 5.1 and 5.2, which only the original has; `in_dixon` translates. The revision's plain 5
    (submucosal invasion) is stored as 5.2.
    """

    NEGATIVE = "1", "无瘤变", "Negative for neoplasia", ("无上皮内瘤变", "阴性")
    INDEFINITE = "2", "不确定瘤变", "Indefinite for neoplasia", ("不确定上皮内瘤变", "不能确定")
    LOW_GRADE = (
        "3",
        "低级别上皮内瘤变",
        "Low-grade neoplasia",
        ("LGIN", "低级别瘤变", "LGD", "低级别异型增生"),
    )
    ADENOMA_HIGH_GRADE = (
        "4.1",
        "高级别腺瘤／异型增生",
        "High-grade adenoma or dysplasia",
        ("高级别腺瘤", "腺瘤伴高级别上皮内瘤变", "HGIN", "高级别上皮内瘤变", "HGD"),
    )
    CARCINOMA_IN_SITU = "4.2", "非浸润癌（原位癌）", "Non-invasive carcinoma (in situ)", ("原位癌", "CIS")
    SUSPICIOUS = "4.3", "可疑浸润癌", "Suspicious for invasive carcinoma", ("可疑癌",)
    INTRAMUCOSAL = "4.4", "黏膜内癌", "Intramucosal carcinoma", ("黏膜内癌（修订版）",)
    INTRAMUCOSAL_ORIGINAL = "5.1", "黏膜内癌（原版 5.1）", "Intramucosal carcinoma (original 5.1)"
    SUBMUCOSAL = (
        "5.2",
        "黏膜下层及更深的浸润癌",
        "Submucosal carcinoma or beyond",
        ("5", "浸润癌", "黏膜下浸润癌"),
    )

    @property
    def neoplasia(self) -> bool:
        """Whether the category proves neoplasia: 3 and above."""
        return self.rank >= Vienna.LOW_GRADE.rank

    @property
    def high_grade(self) -> bool:
        """Whether it is category 4 of the original version: high grade without proven invasion."""
        return Vienna.ADENOMA_HIGH_GRADE.rank <= self.rank <= Vienna.SUSPICIOUS.rank

    @property
    def carcinoma(self) -> bool:
        """Whether it is a carcinoma that has crossed the basement membrane (4.4, 5.1, 5.2)."""
        return self.rank >= Vienna.INTRAMUCOSAL.rank

    @property
    def intramucosal(self) -> bool:
        """Whether it is carcinoma confined to the mucosa, in either version's number."""
        return self in {Vienna.INTRAMUCOSAL, Vienna.INTRAMUCOSAL_ORIGINAL}

    @property
    def in_dixon(self) -> "Vienna":
        """The same finding as the revision of 2002 numbers it: 5.1 becomes 4.4.

        >>> Vienna("5.1").in_dixon.code, Vienna("5.2").in_dixon.code
        ('4.4', '5.2')
        """
        return Vienna.INTRAMUCOSAL if self is Vienna.INTRAMUCOSAL_ORIGINAL else self


class Finding(CodeSet, source="The registry"):
    """What one result of a report says on the whole. Too little tissue and no residue are results too."""

    NEOPLASIA = (
        "neoplasia",
        "上皮性肿瘤（Vienna 3–5）",
        "Epithelial neoplasia",
        ("肿瘤", "上皮性肿瘤", "neoplastic"),
    )
    NON_NEOPLASTIC = "non_neoplastic", "非肿瘤性", "Non-neoplastic", ("无肿瘤", "增生性")
    GASTRITIS = "gastritis", "胃炎", "Gastritis", ("慢性胃炎", "萎缩性胃炎")
    LYMPHOMA = "lymphoma", "淋巴瘤", "Lymphoma", ("MALT",)
    NET = "net", "神经内分泌肿瘤", "Neuroendocrine neoplasm", ("NEN", "类癌")
    GIST = "gist", "胃肠道间质瘤", "Gastrointestinal stromal tumour", ("间质瘤",)
    INSUFFICIENT = "insufficient", "组织不足", "Insufficient tissue", ("标本不足", "取材不足")
    NO_RESIDUAL = "no_residual", "无残留", "No residual", ("未见残留", "no residual tumour")


class WhoType(CodeSet, source="WHO Classification of Tumours, Digestive System Tumours", edition="5th, 2019"):
    """Histological type in words; finer than morphology where ICD-O has one code for two entities."""

    SQUAMOUS_DYSPLASIA = "squamous_dysplasia", "鳞状上皮异型增生", "Squamous dysplasia", ("鳞状上皮内瘤变",)
    GLANDULAR_DYSPLASIA = "glandular_dysplasia", "腺上皮异型增生", "Glandular dysplasia", ("腺上皮内瘤变",)
    TUBULAR_ADENOMA = "tubular_adenoma", "管状腺瘤", "Tubular adenoma", ("TA", "腺瘤", "adenoma")
    TUBULOVILLOUS_ADENOMA = (
        "tubulovillous_adenoma",
        "管状绒毛状腺瘤",
        "Tubulovillous adenoma",
        ("TVA", "绒毛管状腺瘤"),
    )
    VILLOUS_ADENOMA = "villous_adenoma", "绒毛状腺瘤", "Villous adenoma", ("VA",)
    HYPERPLASTIC_POLYP = "hyperplastic_polyp", "增生性息肉", "Hyperplastic polyp", ("HP",)
    SSL = "ssl", "无蒂锯齿状病变", "Sessile serrated lesion", ("SSA/P", "SSP", "SSA", "广基锯齿状病变")
    SSL_DYSPLASIA = (
        "ssl_dysplasia",
        "无蒂锯齿状病变伴异型增生",
        "Sessile serrated lesion with dysplasia",
        ("SSLD",),
    )
    TSA = "tsa", "传统锯齿状腺瘤", "Traditional serrated adenoma"
    INFLAMMATORY_POLYP = "inflammatory_polyp", "炎性息肉", "Inflammatory polyp", ("炎症性息肉",)
    FUNDIC_GLAND_POLYP = "fundic_gland_polyp", "胃底腺息肉", "Fundic gland polyp", ("FGP",)
    ADENOCARCINOMA = "adenocarcinoma", "腺癌", "Adenocarcinoma", ("管状腺癌", "乳头状腺癌")
    SQUAMOUS_CARCINOMA = "squamous_carcinoma", "鳞状细胞癌", "Squamous cell carcinoma", ("鳞癌", "SCC")
    SIGNET_RING = "signet_ring", "印戒细胞癌", "Signet-ring cell carcinoma", ("低黏附性癌", "SRC")
    MUCINOUS = "mucinous", "黏液腺癌", "Mucinous adenocarcinoma", ("粘液腺癌",)
    ADENOSQUAMOUS = "adenosquamous", "腺鳞癌", "Adenosquamous carcinoma"
    UNDIFFERENTIATED_CARCINOMA = "undifferentiated", "未分化癌", "Undifferentiated carcinoma"
    NEUROENDOCRINE_TUMOUR = "neuroendocrine_tumour", "神经内分泌瘤", "Neuroendocrine tumour", ("NET", "类癌")
    NEUROENDOCRINE_CARCINOMA = (
        "neuroendocrine_carcinoma",
        "神经内分泌癌",
        "Neuroendocrine carcinoma",
        ("NEC",),
    )
    GIST = "gist", "胃肠道间质瘤", "Gastrointestinal stromal tumour", ("间质瘤",)
    LYMPHOMA = "lymphoma", "淋巴瘤", "Lymphoma", ("MALT 淋巴瘤",)
    OTHER = "other", "其他", "Other", ("其他类型",)

    @property
    def is_adenoma(self) -> bool:
        """Whether it counts as an adenoma in detection rates (conventional; serrated types stand apart)."""
        return self in {WhoType.TUBULAR_ADENOMA, WhoType.TUBULOVILLOUS_ADENOMA, WhoType.VILLOUS_ADENOMA}

    @property
    def is_villous(self) -> bool:
        """Whether a quarter or more of an adenoma is villous."""
        return self in {WhoType.TUBULOVILLOUS_ADENOMA, WhoType.VILLOUS_ADENOMA}

    @property
    def is_serrated(self) -> bool:
        """Whether it belongs to the serrated family, hyperplastic polyps included."""
        return self in {WhoType.HYPERPLASTIC_POLYP, WhoType.SSL, WhoType.SSL_DYSPLASIA, WhoType.TSA}

    @property
    def is_carcinoma(self) -> bool:
        """Whether it is a carcinoma of the epithelium; a neuroendocrine tumour is not counted as one."""
        return self in _CARCINOMAS


_CARCINOMAS = frozenset(
    {
        WhoType.ADENOCARCINOMA,
        WhoType.SQUAMOUS_CARCINOMA,
        WhoType.SIGNET_RING,
        WhoType.MUCINOUS,
        WhoType.ADENOSQUAMOUS,
        WhoType.UNDIFFERENTIATED_CARCINOMA,
        WhoType.NEUROENDOCRINE_CARCINOMA,
    }
)


class Morphology(CodeSet, source="ICD-O-3, morphology, the list used for the digestive tract", edition="3.2"):
    """Histology as cancer registries code it. 8213/0 covers SSL and TSA, so `WhoType` tells them apart."""

    NEOPLASM_MALIGNANT = "8000/3", "恶性肿瘤，未特指", "Neoplasm, malignant", ("恶性肿瘤",)
    CARCINOMA = "8010/3", "癌，未特指", "Carcinoma, NOS", ("癌", "癌，NOS", "癌NOS", "carcinoma")
    UNDIFFERENTIATED = "8020/3", "未分化癌", "Undifferentiated carcinoma"
    SQUAMOUS_IN_SITU = "8070/2", "鳞状细胞原位癌", "Squamous cell carcinoma in situ", ("鳞状上皮原位癌",)
    SQUAMOUS = "8070/3", "鳞状细胞癌", "Squamous cell carcinoma", ("鳞癌",)
    SQUAMOUS_LOW_GRADE = "8077/0", "鳞状上皮内瘤变，低级别", "Squamous intraepithelial neoplasia, low grade"
    SQUAMOUS_HIGH_GRADE = "8077/2", "鳞状上皮内瘤变，高级别", "Squamous intraepithelial neoplasia, high grade"
    ADENOMA = "8140/0", "腺瘤，未特指", "Adenoma, NOS", ("腺瘤",)
    ADENOCARCINOMA_IN_SITU = "8140/2", "原位腺癌", "Adenocarcinoma in situ"
    ADENOCARCINOMA = "8140/3", "腺癌", "Adenocarcinoma, NOS", ("adenocarcinoma",)
    GLANDULAR_LOW_GRADE = "8148/0", "腺上皮内瘤变，低级别", "Glandular intraepithelial neoplasia, low grade"
    GLANDULAR_HIGH_GRADE = "8148/2", "腺上皮内瘤变，高级别", "Glandular intraepithelial neoplasia, high grade"
    TUBULAR_ADENOMA = "8211/0", "管状腺瘤", "Tubular adenoma"
    TUBULAR_ADENOMA_HIGH_GRADE = "8211/2", "管状腺瘤，高级别", "Tubular adenoma, high grade"
    SERRATED = "8213/0", "锯齿状腺瘤（SSL、TSA）", "Serrated adenoma (SSL, TSA)", ("锯齿状腺瘤",)
    CARCINOID = "8240/3", "神经内分泌瘤（G1）", "Neuroendocrine tumour, grade 1", ("类癌",)
    NEUROENDOCRINE_CARCINOMA = "8246/3", "神经内分泌癌", "Neuroendocrine carcinoma"
    VILLOUS_ADENOMA = "8261/0", "绒毛状腺瘤", "Villous adenoma"
    VILLOUS_ADENOMA_HIGH_GRADE = "8261/2", "绒毛状腺瘤，高级别", "Villous adenoma, high grade"
    TUBULOVILLOUS_ADENOMA = "8263/0", "管状绒毛状腺瘤", "Tubulovillous adenoma"
    TUBULOVILLOUS_ADENOMA_HIGH_GRADE = "8263/2", "管状绒毛状腺瘤，高级别", "Tubulovillous adenoma, high grade"
    MUCINOUS = "8480/3", "黏液腺癌", "Mucinous adenocarcinoma", ("粘液腺癌",)
    SIGNET_RING = "8490/3", "印戒细胞癌", "Signet-ring cell carcinoma"
    ADENOSQUAMOUS = "8560/3", "腺鳞癌", "Adenosquamous carcinoma"
    GIST = "8936/3", "胃肠道间质瘤", "Gastrointestinal stromal tumour", ("间质瘤",)
    LYMPHOMA_LARGE_B = "9680/3", "弥漫大 B 细胞淋巴瘤", "Diffuse large B-cell lymphoma", ("DLBCL",)
    LYMPHOMA_MALT = "9699/3", "MALT 淋巴瘤", "MALT lymphoma", ("边缘区淋巴瘤",)

    @property
    def behaviour(self) -> str:
        """The behaviour digit: "0" benign, "2" in situ, "3" malignant at the primary site."""
        return self.code[-1]

    @property
    def invasive(self) -> bool:
        """Whether the behaviour is malignant."""
        return self.behaviour == "3"

    @property
    def adenoma(self) -> bool:
        """Whether it is a conventional adenoma, of either grade."""
        return self.code[:4] in {"8211", "8261", "8263"} or self is Morphology.ADENOMA

    @property
    def carcinoma(self) -> bool:
        """Whether it is an invasive carcinoma: not GIST, lymphoma, low-grade NET or merely "malignant"."""
        return (
            self.invasive
            and self.code < "8900"
            and self not in {Morphology.NEOPLASM_MALIGNANT, Morphology.CARCINOID}
        )


class Differentiation(
    CodeSet, source="WHO 5th edition 2019; Japanese Classification of Gastric Carcinoma 15th"
):
    """How far a carcinoma resembles its tissue of origin.

    Where a rule for the stomach speaks of two kinds (eCura, JGCA), "differentiated" is well or
    moderate, "undifferentiated" is poor, undifferentiated or signet-ring (`differentiated`). A
    mixture is judged by what predominates, so `MIXED` alone answers neither.
    """

    WELL = "well", "高分化", "Well differentiated", ("G1", "高")
    MODERATE = "moderate", "中分化", "Moderately differentiated", ("G2", "中", "高-中分化", "中-高分化")
    POOR = "poor", "低分化", "Poorly differentiated", ("G3", "低", "中-低分化")
    UNDIFFERENTIATED = "undifferentiated", "未分化", "Undifferentiated", ("G4", "未分化型")
    MIXED = "mixed", "混合型", "Mixed", ("分化与未分化混合",)

    @property
    def differentiated(self) -> bool | None:
        """Differentiated in the two-kind sense of the stomach; None for a mixture."""
        if self is Differentiation.MIXED:
            return None
        return self in {Differentiation.WELL, Differentiation.MODERATE}


class Depth(
    CodeSet, source="Japanese classifications of oesophageal, gastric and colorectal carcinoma; WHO 2019"
):
    """Deepest layer invaded, one set for all organs, from the surface down.

    The oesophagus tells EP, LPM and MM apart; stomach and colorectum say M. SM means submucosa
    without saying how deep and stands before SM1, so the more precise of two answers ranks worse.
    """

    EP = "EP", "上皮层（EP）", "Epithelium (EP)", ("m1", "上皮层", "上皮内")
    LPM = "LPM", "黏膜固有层（LPM）", "Lamina propria (LPM)", ("m2", "固有层", "黏膜固有层")
    MM = "MM", "黏膜肌层（MM）", "Muscularis mucosae (MM)", ("m3", "黏膜肌层")
    M = "M", "黏膜层（M）", "Mucosa (M)", ("黏膜层", "黏膜内", "mucosa", "粘膜层", "粘膜内")
    SM = (
        "SM",
        "黏膜下层，未细分（SM）",
        "Submucosa, not specified (SM)",
        ("黏膜下层", "粘膜下层", "submucosa"),
    )
    SM1 = "SM1", "黏膜下层浅层（SM1）", "Superficial submucosa (SM1)", ("黏膜下浅层",)
    SM2 = "SM2", "黏膜下层中层或深层（SM2）", "Deeper submucosa (SM2)", ("黏膜下中层",)
    SM3 = "SM3", "黏膜下层深层（SM3）", "Deepest submucosa (SM3)", ("黏膜下深层",)
    MP = "MP", "固有肌层（MP）", "Muscularis propria (MP)", ("固有肌层", "肌层")
    SS_ADVENTITIA = (
        "SS/A",
        "浆膜下层或外膜（SS/A）",
        "Subserosa or adventitia (SS/A)",
        ("SS", "浆膜下层", "外膜", "AD"),
    )
    SE = "SE", "穿透浆膜（SE）", "Serosa (SE)", ("浆膜", "浆膜层", "serosa")
    SI = "SI", "侵及邻近结构（SI）", "Neighbouring structures (SI)", ("邻近器官", "AI")

    @property
    def intramucosal(self) -> bool:
        """Whether invasion stays within the mucosa."""
        return self.rank <= Depth.M.rank

    @property
    def submucosal(self) -> bool:
        """Whether invasion ends in the submucosa."""
        return Depth.SM.rank <= self.rank <= Depth.SM3.rank


class Margin(CodeSet, source="Japanese classifications; UICC residual tumour"):
    """A cut edge, horizontal or vertical; X when it cannot be judged."""

    CLEAR = "0", "阴性", "Clear", ("(-)", "neg", "negative", "HM0", "VM0")
    INVOLVED = "1", "阳性", "Involved", ("+", "pos", "positive", "HM1", "VM1")
    UNCERTAIN = "X", "无法判定", "Cannot be assessed", ("HMX", "VMX", "不确定")


class Lymphatic(CodeSet, source="UICC TNM, L", edition="8"):
    """Invasion of lymphatic vessels."""

    ABSENT = "0", "无淋巴管侵犯", "No lymphatic invasion", ("Ly0", "L0", "(-)", "无", "阴性")
    PRESENT = "1", "淋巴管侵犯", "Lymphatic invasion", ("Ly1", "L1", "+", "有", "阳性")
    UNCERTAIN = "X", "淋巴管侵犯无法判定", "Lymphatic invasion cannot be assessed", ("LyX", "LX", "不确定")


class Venous(CodeSet, source="UICC TNM, V", edition="8"):
    """Invasion of veins."""

    ABSENT = "0", "无静脉侵犯", "No venous invasion", ("V0", "(-)", "无", "阴性")
    PRESENT = "1", "静脉侵犯", "Venous invasion", ("V1", "V2", "+", "有", "阳性")
    UNCERTAIN = "X", "静脉侵犯无法判定", "Venous invasion cannot be assessed", ("VX", "不确定")


class Ulceration(CodeSet, source="JGCA Gastric Cancer Treatment Guidelines", edition="6th, 2021"):
    """Ulcer or its scar within the tumour."""

    ABSENT = "0", "无溃疡", "No ulceration", ("UL0", "(-)", "无")
    PRESENT = "1", "有溃疡或溃疡瘢痕", "Ulceration or scar", ("UL1", "+", "有", "有溃疡")
    UNCERTAIN = "X", "溃疡无法判定", "Ulceration cannot be assessed", ("ULX", "不确定")


class Budding(CodeSet, source="ITBCC 2016, Lugli A et al., Mod Pathol 2017;30:1299", edition="2016"):
    """Tumour budding at the invasive front."""

    LOW = "1", "出芽 1 级（低）", "Budding 1 (low)", ("Bd1", "BD1", "低", "G1")
    INTERMEDIATE = "2", "出芽 2 级（中）", "Budding 2 (intermediate)", ("Bd2", "中", "G2")
    HIGH = "3", "出芽 3 级（高）", "Budding 3 (high)", ("Bd3", "高", "G3")
