"""Coded values about a tumour as a cancer registry counts it: proof, detection and stage."""

from registry.codes.code_set import CodeSet


class Basis(CodeSet, source="IARC/ENCR basis of diagnosis, ENCR 1999; 8 after Jensen 1991, IARC Sci Publ 95"):
    """The most valid ground a diagnosis rests on, from least to most valid.

    ENCR counts histology from an autopsy under 6 and 7; it is told apart here as in IARC 1991,
    because a tumour first known after death can have no survival. Code 3 is not used, and 9
    (unknown) is an empty value. That a case was first notified by a death certificate (DCN) says
    nothing about its proof and is a column of its own.
    """

    DCO = "0", "仅有死亡证明", "Death certificate only", ("DCO", "死亡证明")
    CLINICAL = "1", "临床", "Clinical", ("临床诊断",)
    INVESTIGATION = "2", "临床辅助检查", "Clinical investigation", ("影像", "内镜", "imaging")
    MARKERS = "4", "肿瘤标志物", "Specific tumour markers", ("生化", "免疫")
    CYTOLOGY = "5", "细胞学", "Cytology", ("脱落细胞", "血片")
    HISTOLOGY_METASTASIS = "6", "转移灶组织学", "Histology of a metastasis", ("病理（继发）", "继发灶病理")
    HISTOLOGY_PRIMARY = "7", "原发灶组织学", "Histology of the primary", ("病理", "病理（原发）", "histology")
    AUTOPSY = "8", "尸检发现", "First found at autopsy", ("尸检", "autopsy")

    @property
    def before_death(self) -> bool:
        """Whether the tumour was known while the person lived."""
        return self not in {Basis.DCO, Basis.AUTOPSY}


class DetectionMode(CodeSet, source="IARC Handbooks vol. 17; EU 2010 quality assurance, adapted"):
    """How a tumour came to be found."""

    SCREEN = "screen", "筛查发现", "Screen-detected", ("筛查", "screening")
    INTERVAL = "interval", "间期癌", "Interval cancer", ("间期",)
    SYMPTOMS = "symptoms", "因症状就诊", "Symptomatic", ("症状",)
    SURVEILLANCE = "surveillance", "监测发现", "Surveillance", ("监测", "复查")
    INCIDENTAL = "incidental", "偶然发现", "Incidental", ("偶然",)
    UNKNOWN = "unknown", "不详", "Unknown", ("未知",)


class StageEdition(CodeSet, source="UICC TNM Classification of Malignant Tumours"):
    """Which edition of TNM a stage was read by."""

    UICC7 = "uicc7", "UICC 第 7 版", "UICC 7th", ("7", "第 7 版", "AJCC 7")
    UICC8 = "uicc8", "UICC 第 8 版", "UICC 8th", ("8", "第 8 版", "AJCC 8")
    UICC9 = "uicc9", "UICC 第 9 版", "UICC 9th", ("9", "第 9 版", "AJCC 9")


class StagePrefix(CodeSet, source="UICC TNM Classification of Malignant Tumours", edition="8"):
    """What a stage was read from."""

    CLINICAL = "c", "临床分期", "Clinical", ("cTNM",)
    PATHOLOGICAL = "p", "病理分期", "Pathological", ("pTNM",)
    POST_THERAPY = "yp", "新辅助治疗后病理分期", "Pathological after therapy", ("ypTNM",)


class TCategory(CodeSet, source="UICC TNM Classification of Malignant Tumours", edition="8"):
    """Extent of the primary tumour. TX is a valid answer: it was looked for and cannot be judged."""

    T0 = "T0", "T0（无原发肿瘤证据）", "T0 (no primary tumour found)"
    TIS = "Tis", "Tis（原位癌）", "Tis (in situ)", ("原位癌",)
    T1 = "T1", "T1", "T1"
    T1A = "T1a", "T1a", "T1a"
    T1B = "T1b", "T1b", "T1b"
    T2 = "T2", "T2", "T2"
    T3 = "T3", "T3", "T3"
    T4 = "T4", "T4", "T4"
    T4A = "T4a", "T4a", "T4a"
    T4B = "T4b", "T4b", "T4b"
    TX = "TX", "TX（无法判定）", "TX (cannot be assessed)"

    @property
    def invasive(self) -> bool:
        """Whether the category means an invasive tumour: T1 and beyond."""
        return TCategory.T1.rank <= self.rank < TCategory.TX.rank

    @property
    def within_mucosa(self) -> bool:
        """Whether the category says that the tumour ends in the mucosa: Tis or T1a."""
        return self in {TCategory.TIS, TCategory.T1A}

    @property
    def within_submucosa(self) -> bool:
        """Whether the category says that the tumour ends in the submucosa at the deepest: Tis to T1b."""
        return TCategory.TIS.rank <= self.rank <= TCategory.T1B.rank

    @property
    def beyond_submucosa(self) -> bool:
        """Whether the category says that the tumour goes deeper than the submucosa: T2 and beyond."""
        return TCategory.T2.rank <= self.rank < TCategory.TX.rank


class NCategory(CodeSet, source="UICC TNM Classification of Malignant Tumours", edition="8"):
    """Regional lymph nodes."""

    N0 = "N0", "N0", "N0"
    N1 = "N1", "N1", "N1"
    N1A = "N1a", "N1a", "N1a"
    N1B = "N1b", "N1b", "N1b"
    N1C = "N1c", "N1c", "N1c"
    N2 = "N2", "N2", "N2"
    N2A = "N2a", "N2a", "N2a"
    N2B = "N2b", "N2b", "N2b"
    N3 = "N3", "N3", "N3"
    N3A = "N3a", "N3a", "N3a"
    N3B = "N3b", "N3b", "N3b"
    NX = "NX", "NX（无法判定）", "NX (cannot be assessed)"


class MCategory(CodeSet, source="UICC TNM Classification of Malignant Tumours", edition="8"):
    """Distant metastasis. MX left UICC with the 7th edition but still arrives from sources."""

    M0 = "M0", "M0", "M0"
    M1 = "M1", "M1", "M1"
    M1A = "M1a", "M1a", "M1a"
    M1B = "M1b", "M1b", "M1b"
    M1C = "M1c", "M1c", "M1c"
    MX = "MX", "MX（无法判定）", "MX (cannot be assessed)"


class StageGroup(CodeSet, source="UICC TNM Classification of Malignant Tumours", edition="8"):
    """Stage group; which T, N and M make it up differs by organ and edition."""

    STAGE_0 = "0", "0 期", "Stage 0"
    I = "I", "Ⅰ 期", "Stage I", ("1",)  # noqa: E741
    IA = "IA", "ⅠA 期", "Stage IA", ("1A",)
    IB = "IB", "ⅠB 期", "Stage IB", ("1B",)
    II = "II", "Ⅱ 期", "Stage II", ("2",)
    IIA = "IIA", "ⅡA 期", "Stage IIA", ("2A",)
    IIB = "IIB", "ⅡB 期", "Stage IIB", ("2B",)
    IIC = "IIC", "ⅡC 期", "Stage IIC", ("2C",)
    III = "III", "Ⅲ 期", "Stage III", ("3",)
    IIIA = "IIIA", "ⅢA 期", "Stage IIIA", ("3A",)
    IIIB = "IIIB", "ⅢB 期", "Stage IIIB", ("3B",)
    IIIC = "IIIC", "ⅢC 期", "Stage IIIC", ("3C",)
    IV = "IV", "Ⅳ 期", "Stage IV", ("4",)
    IVA = "IVA", "ⅣA 期", "Stage IVA", ("4A",)
    IVB = "IVB", "ⅣB 期", "Stage IVB", ("4B",)
    IVC = "IVC", "ⅣC 期", "Stage IVC", ("4C",)
    X = "X", "分期无法判定", "Stage cannot be assessed", ("不详",)

    @property
    def broad(self) -> "StageGroup":
        """The group without its letter: 0, I, II, III, IV or X.

        >>> StageGroup("IIIB").broad.code
        'III'
        """
        return StageGroup(self.code.rstrip("ABC"))


class SummaryStage(CodeSet, source="IARC CanReg5; SEER Summary Stage 2018, condensed", edition="2018"):
    """Stage in three steps, for tumours without TNM."""

    LOCALISED = "localised", "局限", "Localised", ("localized", "局部", "原位局限")
    REGIONAL = "regional", "区域", "Regional", ("区域转移", "区域扩散")
    DISTANT = "distant", "远处", "Distant", ("远处转移", "metastatic")
    UNKNOWN = "unknown", "不详", "Unknown", ("未知",)


class MultiplePrimary(CodeSet, source="IACR/ENCR 2004; SEER Solid Tumor Rules"):
    """The rule by which two tumours of a person were counted as one or two."""

    IARC = "iarc", "IARC/ENCR 多原发规则", "IARC/ENCR rules", ("IACR", "ENCR")
    SEER = "seer", "SEER 多原发规则", "SEER rules"
