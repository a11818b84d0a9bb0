"""Coded values about a lesion as the endoscopist sees it: where it is and what it looks like."""

from registry.codes.code_set import CodeSet


class Organ(CodeSet, source="The registry; groups of ICD-O-3 topography"):
    """The organ a lesion, report or tumour belongs to."""

    OESOPHAGUS = "oesophagus", "食管", "Oesophagus", ("esophagus", "C15")
    STOMACH = "stomach", "胃", "Stomach", ("gastric", "C16")
    DUODENUM = "duodenum", "十二指肠", "Duodenum", ("C17.0",)
    COLON = "colon", "结肠", "Colon", ("C18",)
    RECTUM = "rectum", "直肠", "Rectum", ("C19", "C20")
    ANUS = "anus", "肛门", "Anus", ("肛管", "C21")
    OTHER = "other", "其他", "Other"

    @property
    def colorectal(self) -> bool:
        """Whether the organ is colon or rectum, which most definitions take as one."""
        return self in COLORECTUM

    @property
    def upper(self) -> bool:
        """Whether a gastroscope examines it."""
        return self in {Organ.OESOPHAGUS, Organ.STOMACH, Organ.DUODENUM}


COLORECTUM = frozenset({Organ.COLON, Organ.RECTUM})


class Site(CodeSet, source="ICD-O-3, topography, digestive tract", edition="3.2"):
    """Where a lesion or tumour sits. Codes are those of ICD-O-3, so 9 means "not further specified"."""

    OESOPHAGUS_UPPER = "C15.3", "食管上段", "Upper third of oesophagus", ("C153", "胸上段", "食管上1/3")
    OESOPHAGUS_MIDDLE = "C15.4", "食管中段", "Middle third of oesophagus", ("C154", "胸中段", "食管中1/3")
    OESOPHAGUS_LOWER = "C15.5", "食管下段", "Lower third of oesophagus", ("C155", "胸下段", "食管下1/3")
    OESOPHAGUS_OVERLAPPING = "C15.8", "食管交搭跨越", "Overlapping lesion of oesophagus", ("C158",)
    OESOPHAGUS_NOS = "C15.9", "食管，未特指", "Oesophagus, NOS", ("C159", "食管")
    CARDIA = "C16.0", "贲门", "Cardia", ("C160", "食管胃结合部", "EGJ", "胃食管结合部")
    FUNDUS = "C16.1", "胃底", "Fundus of stomach", ("C161", "fundus")
    GASTRIC_BODY = "C16.2", "胃体", "Body of stomach", ("C162", "corpus")
    ANTRUM = "C16.3", "胃窦", "Gastric antrum", ("C163", "antrum")
    PYLORUS = "C16.4", "幽门", "Pylorus", ("C164",)
    LESSER_CURVE = "C16.5", "胃小弯，未特指", "Lesser curvature, NOS", ("C165", "胃小弯", "胃角", "angulus")
    GREATER_CURVE = "C16.6", "胃大弯，未特指", "Greater curvature, NOS", ("C166", "胃大弯")
    STOMACH_OVERLAPPING = "C16.8", "胃交搭跨越", "Overlapping lesion of stomach", ("C168",)
    STOMACH_NOS = "C16.9", "胃，未特指", "Stomach, NOS", ("C169", "胃")
    DUODENUM = "C17.0", "十二指肠", "Duodenum", ("C170",)
    CAECUM = "C18.0", "盲肠", "Caecum", ("C180", "cecum", "回盲部")
    APPENDIX = "C18.1", "阑尾", "Appendix", ("C181",)
    ASCENDING = "C18.2", "升结肠", "Ascending colon", ("C182",)
    HEPATIC_FLEXURE = "C18.3", "结肠肝曲", "Hepatic flexure", ("C183", "肝曲")
    TRANSVERSE = "C18.4", "横结肠", "Transverse colon", ("C184",)
    SPLENIC_FLEXURE = "C18.5", "结肠脾曲", "Splenic flexure", ("C185", "脾曲")
    DESCENDING = "C18.6", "降结肠", "Descending colon", ("C186",)
    SIGMOID = "C18.7", "乙状结肠", "Sigmoid colon", ("C187",)
    COLON_OVERLAPPING = "C18.8", "结肠交搭跨越", "Overlapping lesion of colon", ("C188",)
    COLON_NOS = "C18.9", "结肠，未特指", "Colon, NOS", ("C189", "结肠")
    RECTOSIGMOID = "C19.9", "直肠乙状结肠连接部", "Rectosigmoid junction", ("C199", "C19", "直乙交界")
    RECTUM = "C20.9", "直肠", "Rectum", ("C209", "C20")
    ANUS_NOS = "C21.0", "肛门，未特指", "Anus, NOS", ("C210", "肛门")
    ANAL_CANAL = "C21.1", "肛管", "Anal canal", ("C211",)
    CLOACOGENIC_ZONE = "C21.2", "泄殖腔带", "Cloacogenic zone", ("C212",)
    ANORECTUM_OVERLAPPING = "C21.8", "直肠、肛门和肛管交搭跨越", "Overlapping lesion of anorectum", ("C218",)

    @property
    def organ(self) -> Organ:
        """The organ the site belongs to."""
        return organ_of(self)

    @property
    def proximal_colon(self) -> bool:
        """Whether the site lies in the right colon, up to but without the splenic flexure."""
        return self.code in {"C18.0", "C18.1", "C18.2", "C18.3", "C18.4"}


_ORGANS = {
    "C15": Organ.OESOPHAGUS,
    "C16": Organ.STOMACH,
    "C17": Organ.DUODENUM,
    "C18": Organ.COLON,
    "C19": Organ.RECTUM,
    "C20": Organ.RECTUM,
    "C21": Organ.ANUS,
}


def organ_of(site: Site) -> Organ:
    """The organ a topography code belongs to; the rectosigmoid junction counts as rectum.

    >>> organ_of(Site.CARDIA).code, organ_of(Site.RECTOSIGMOID).code
    ('stomach', 'rectum')
    """
    return _ORGANS[site.code[:3]]


class Wall(CodeSet, source="The registry"):
    """The wall of the organ on which a lesion lies."""

    ANTERIOR = "anterior", "前壁", "Anterior wall", ("前",)
    POSTERIOR = "posterior", "后壁", "Posterior wall", ("后",)
    LESSER = "lesser", "小弯侧", "Lesser curvature", ("小弯",)
    GREATER = "greater", "大弯侧", "Greater curvature", ("大弯",)
    CIRCUMFERENTIAL = "circumferential", "环周", "Circumferential", ("全周",)
    LEFT = "left", "左侧壁", "Left wall", ("左壁", "左")
    RIGHT = "right", "右侧壁", "Right wall", ("右壁", "右")


class Paris(CodeSet, source="Paris classification, Gastrointest Endosc 2003;58(6 Suppl):S3", edition="2002"):
    """Shape of a superficial lesion; in a combination the part that fills more comes first."""

    IP = "0-Ip", "0-Ip（有蒂）", "0-Ip (pedunculated)", ("Ip", "有蒂", "1p")
    ISP = "0-Isp", "0-Isp（亚蒂）", "0-Isp (subpedunculated)", ("Isp", "亚蒂", "1sp")
    IS = "0-Is", "0-Is（无蒂）", "0-Is (sessile)", ("Is", "无蒂", "广基", "1s")
    IIA = "0-IIa", "0-IIa（浅表隆起）", "0-IIa (slightly raised)", ("IIa", "浅表隆起", "2a")
    IIB = "0-IIb", "0-IIb（平坦）", "0-IIb (flat)", ("IIb", "平坦", "2b")
    IIC = "0-IIc", "0-IIc（浅表凹陷）", "0-IIc (slightly depressed)", ("IIc", "浅表凹陷", "2c")
    III = "0-III", "0-III（凹陷）", "0-III (excavated)", ("III", "凹陷", "溃疡型")
    IS_IIA = "0-Is+IIa", "0-Is+IIa", "0-Is+IIa", ("Is+IIa", "0-Is+0-IIa")
    IS_IIC = "0-Is+IIc", "0-Is+IIc", "0-Is+IIc", ("Is+IIc", "0-Is+0-IIc")
    IIA_IS = "0-IIa+Is", "0-IIa+Is", "0-IIa+Is", ("IIa+Is", "0-IIa+0-Is")
    IIA_IIB = "0-IIa+IIb", "0-IIa+IIb", "0-IIa+IIb", ("IIa+IIb", "0-IIa+0-IIb")
    IIA_IIC = "0-IIa+IIc", "0-IIa+IIc", "0-IIa+IIc", ("IIa+IIc", "0-IIa+0-IIc")
    IIB_IIA = "0-IIb+IIa", "0-IIb+IIa", "0-IIb+IIa", ("IIb+IIa", "0-IIb+0-IIa")
    IIB_IIC = "0-IIb+IIc", "0-IIb+IIc", "0-IIb+IIc", ("IIb+IIc", "0-IIb+0-IIc")
    IIC_IS = "0-IIc+Is", "0-IIc+Is", "0-IIc+Is", ("IIc+Is", "0-IIc+0-Is")
    IIC_IIA = "0-IIc+IIa", "0-IIc+IIa", "0-IIc+IIa", ("IIc+IIa", "0-IIc+0-IIa")
    IIC_IIB = "0-IIc+IIb", "0-IIc+IIb", "0-IIc+IIb", ("IIc+IIb", "0-IIc+0-IIb")
    IIC_III = "0-IIc+III", "0-IIc+III", "0-IIc+III", ("IIc+III", "0-IIc+0-III")
    III_IIC = "0-III+IIc", "0-III+IIc", "0-III+IIc", ("III+IIc", "0-III+0-IIc")


class Borrmann(
    CodeSet, source="Borrmann R, 1926; Japanese Classification of Gastric Carcinoma", edition="15th"
):
    """Shape of an advanced carcinoma."""

    POLYPOID = (
        "1",
        "Borrmann 1 型（隆起型）",
        "Borrmann 1 (polypoid)",
        ("I", "Borrmann I", "Borrmann 1", "隆起型"),
    )
    ULCERATIVE = (
        "2",
        "Borrmann 2 型（局限溃疡型）",
        "Borrmann 2 (ulcerative)",
        ("II", "Borrmann II", "Borrmann 2"),
    )
    INFILTRATIVE = (
        "3",
        "Borrmann 3 型（浸润溃疡型）",
        "Borrmann 3 (infiltrative ulcerative)",
        ("III", "Borrmann III", "Borrmann 3"),
    )
    DIFFUSE = (
        "4",
        "Borrmann 4 型（弥漫浸润型）",
        "Borrmann 4 (diffuse)",
        ("IV", "Borrmann IV", "Borrmann 4", "皮革胃"),
    )


class Lst(CodeSet, source="Kudo S et al., Gastrointest Endosc 2008;68(4 Suppl):S3", edition="2008"):
    """Laterally spreading tumour of the large bowel. Many reports say granular or not, and no more."""

    GRANULAR = "g", "颗粒型 LST-G，亚型不详", "LST-G, subtype not stated", ("LST-G", "颗粒型")
    NON_GRANULAR = "ng", "非颗粒型 LST-NG，亚型不详", "LST-NG, subtype not stated", ("LST-NG", "非颗粒型")
    GRANULAR_HOMOGENEOUS = (
        "g_h",
        "颗粒均一型 LST-G(H)",
        "LST-G, homogeneous",
        ("LST-G-H", "LST-G(H)", "颗粒均一型"),
    )
    GRANULAR_NODULAR = (
        "g_nm",
        "结节混合型 LST-G(NM)",
        "LST-G, nodular mixed",
        ("LST-G-M", "LST-G(NM)", "结节混合型"),
    )
    FLAT_ELEVATED = (
        "ng_f",
        "扁平隆起型 LST-NG(F)",
        "LST-NG, flat elevated",
        ("LST-NG-F", "LST-NG(F)", "扁平隆起型"),
    )
    PSEUDODEPRESSED = (
        "ng_pd",
        "假凹陷型 LST-NG(PD)",
        "LST-NG, pseudodepressed",
        ("LST-NG-PD", "LST-NG(PD)", "假凹陷型"),
    )


class Jnet(CodeSet, source="Sano Y et al., Dig Endosc 2016;28:526", edition="2016"):
    """Magnified narrow-band pattern of a colorectal lesion."""

    TYPE_1 = "1", "JNET 1 型", "JNET type 1", ("JNET 1",)
    TYPE_2A = "2A", "JNET 2A 型", "JNET type 2A", ("JNET 2A",)
    TYPE_2B = "2B", "JNET 2B 型", "JNET type 2B", ("JNET 2B",)
    TYPE_3 = "3", "JNET 3 型", "JNET type 3", ("JNET 3",)


class Nice(CodeSet, source="Hewett DG et al., Gastroenterology 2012;143:599", edition="2012"):
    """Narrow-band pattern of a colorectal lesion without magnification."""

    TYPE_1 = "1", "NICE 1 型", "NICE type 1", ("NICE 1",)
    TYPE_2 = "2", "NICE 2 型", "NICE type 2", ("NICE 2",)
    TYPE_3 = "3", "NICE 3 型", "NICE type 3", ("NICE 3",)


class Jes(CodeSet, source="Oyama T et al., Esophagus 2017;14:105 (Japan Esophageal Society)", edition="2017"):
    """Magnified vessel pattern of a squamous oesophageal lesion."""

    A = "A", "A 型", "Type A", ("JES-A",)
    B1 = "B1", "B1 型", "Type B1", ("JES-B1",)
    B2 = "B2", "B2 型", "Type B2", ("JES-B2",)
    B3 = "B3", "B3 型", "Type B3", ("JES-B3",)


class Impression(CodeSet, source="The registry"):
    """What the endoscopist takes a lesion for before pathology: never a diagnosis."""

    BENIGN = "benign", "良性", "Benign", ("良性病变",)
    NEOPLASIA = "neoplasia", "肿瘤性（非癌）", "Neoplasia", ("上皮内瘤变", "腺瘤", "adenoma")
    EARLY = "early", "内镜下早期癌", "Clinically early cancer", ("早癌", "早期癌", "early cancer")
    ADVANCED = "advanced", "内镜下进展期癌", "Clinically advanced cancer", ("进展期癌", "advanced cancer")
