"""Coded values about a person: sex, documents, consent, history, and why a value is missing."""

from registry.codes.code_set import CodeSet


class Sex(CodeSet, source="GB/T 2261.1-2003 个人基本信息分类与代码 第1部分：人的性别代码", edition="2003"):
    """Sex as the identity document states it."""

    MALE = "1", "男", "Male", ("M", "男性", "man")
    FEMALE = "2", "女", "Female", ("F", "女性", "woman")
    UNKNOWN = "0", "未知的性别", "Unknown sex", ("U", "未知", "不详", "unknown")
    NOT_STATED = "9", "未说明的性别", "Sex not stated", ("未说明", "not stated")


class Precision(CodeSet, source="The registry; after the date conventions of ENCR 2022"):
    """How much of a date is known, from the whole day to no more than an age."""

    DAY = "day", "精确到日", "Day", ("日", "D")
    MONTH = "month", "精确到月", "Month", ("月", "M")
    YEAR = "year", "精确到年", "Year", ("年", "Y")
    AGE = "age", "由年龄推算", "From age", ("年龄", "推算")


class DocumentType(CodeSet, source="WS 364.3-2011 卫生信息数据元值域代码 第3部分, adapted"):
    """The kind of identity document a number was read from."""

    RESIDENT_ID = "resident_id", "居民身份证", "Resident identity card", ("身份证", "二代身份证", "ID card")
    HMT_PERMIT = (
        "hmt_permit",
        "港澳台居民来往内地通行证",
        "Mainland travel permit (HK, Macau, Taiwan)",
        ("回乡证", "台胞证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证"),
    )
    HMT_RESIDENCE = (
        "hmt_residence",
        "港澳台居民居住证",
        "Residence permit (HK, Macau, Taiwan)",
        ("港澳居民居住证", "台湾居民居住证"),
    )
    FOREIGN_PERMANENT = (
        "foreign_permanent",
        "外国人永久居留身份证",
        "Foreign permanent resident card",
        ("永久居留证", "外国人永久居留证"),
    )
    PASSPORT = "passport", "护照", "Passport"
    BIRTH_CERTIFICATE = "birth_certificate", "出生医学证明", "Birth certificate", ("出生证", "出生证明")
    OTHER = "other", "其他证件", "Other document", ("其他",)
    NONE = "none", "无证件", "No document", ("无", "没有")


class DocumentOwner(CodeSet, source="The registry"):
    """Whose document it is: the number of a relative must never be matched as the person's own."""

    OWN = "own", "本人", "Own", ("self", "自己")
    MOTHER = "mother", "母亲", "Mother's", ("母",)
    FATHER = "father", "父亲", "Father's", ("父",)
    OTHER = "other", "他人", "Another person's", ("其他",)


class Vital(CodeSet, source="ENCR recommendations, vital status", edition="2022"):
    """Whether a person is known to live."""

    ALIVE = "alive", "存活", "Alive", ("在世", "健在", "生存")
    DEAD = "dead", "死亡", "Dead", ("已故", "去世", "deceased")
    UNKNOWN = "unknown", "不详", "Unknown", ("未知",)


class VitalSource(CodeSet, source="The registry"):
    """Where a vital status was learnt."""

    CENTRE = "centre", "本中心记录", "Centre's record", ("病历", "医院")
    DEATH_LIST = "death_list", "死因登记名单", "Death list", ("死因监测", "死亡名单", "death register")
    FAMILY = "family", "家属告知", "Family", ("家属",)
    REGISTER = "register", "肿瘤登记", "Cancer register", ("肿瘤登记处",)


class Consent(CodeSet, source="The registry; Personal Information Protection Law 2021, art. 13, 29 and 55"):
    """The ground on which a person's data are held."""

    SIGNED = "signed", "签署知情同意", "Signed consent", ("知情同意", "书面同意", "written")
    VERBAL = "verbal", "口头同意", "Verbal consent", ("口头", "oral")
    CLINICAL_CARE = (
        "clinical_care",
        "临床诊疗（未征询同意）",
        "Clinical care, no consent asked",
        ("临床诊疗",),
    )
    REFUSED = "refused", "拒绝", "Refused", ("不同意", "declined")


class Relation(CodeSet, source="GB/T 4761-2008 家庭关系代码, condensed", edition="2008"):
    """Whom a telephone number or address reaches."""

    SELF = "self", "本人", "The person", ("自己", "own")
    SPOUSE = "spouse", "配偶", "Spouse", ("丈夫", "妻子", "爱人", "husband", "wife")
    CHILD = "child", "子女", "Child", ("儿子", "女儿", "son", "daughter")
    PARENT = "parent", "父母", "Parent", ("父亲", "母亲", "father", "mother")
    SIBLING = "sibling", "兄弟姐妹", "Sibling", ("兄弟", "姐妹", "brother", "sister")
    OTHER = "other", "其他", "Other", ("他人", "其他关系")


class Syndrome(CodeSet, source="The registry; NCCN Genetic/Familial High-Risk Assessment: Colorectal"):
    """A known condition that puts a person outside the rules for average risk."""

    FAP = "fap", "家族性腺瘤性息肉病", "Familial adenomatous polyposis", ("家族性息肉病",)
    LYNCH = "lynch", "林奇综合征", "Lynch syndrome", ("Lynch 综合征", "HNPCC", "遗传性非息肉病性结直肠癌")
    IBD_UC = "ibd_uc", "溃疡性结肠炎", "Ulcerative colitis", ("UC", "溃结")
    IBD_CD = "ibd_cd", "克罗恩病", "Crohn's disease", ("CD", "Crohn")
    PEUTZ_JEGHERS = "peutz_jeghers", "黑斑息肉综合征", "Peutz–Jeghers syndrome", ("PJS", "P-J 综合征")
    JUVENILE = "juvenile", "幼年性息肉病综合征", "Juvenile polyposis syndrome", ("JPS", "幼年性息肉病")
    HDGC = "hdgc", "遗传性弥漫型胃癌", "Hereditary diffuse gastric cancer", ("CDH1",)
    OTHER = "other", "其他", "Other", ("其他综合征",)


class Surgery(CodeSet, source="The registry"):
    """An earlier operation on the digestive tract."""

    DISTAL_GASTRECTOMY = "distal_gastrectomy", "远端胃切除", "Distal gastrectomy", ("胃大部切除", "残胃")
    PROXIMAL_GASTRECTOMY = "proximal_gastrectomy", "近端胃切除", "Proximal gastrectomy"
    TOTAL_GASTRECTOMY = "total_gastrectomy", "全胃切除", "Total gastrectomy"
    OESOPHAGECTOMY = "oesophagectomy", "食管切除", "Oesophagectomy", ("esophagectomy", "食管癌根治术")
    RIGHT_COLECTOMY = (
        "right_colectomy",
        "右半结肠切除",
        "Right colectomy",
        ("right hemicolectomy", "右半结肠"),
    )
    LEFT_COLECTOMY = "left_colectomy", "左半结肠切除", "Left colectomy", ("left hemicolectomy", "左半结肠")
    SIGMOID_COLECTOMY = "sigmoid_colectomy", "乙状结肠切除", "Sigmoid colectomy", ("sigmoidectomy",)
    TOTAL_COLECTOMY = "total_colectomy", "全结肠切除", "Total colectomy", ("次全结肠切除",)
    RECTAL_RESECTION = "rectal_resection", "直肠切除", "Rectal resection", ("Dixon", "Miles", "直肠前切除")
    BYPASS = "bypass", "短路（旁路）手术", "Bypass", ("旁路手术", "短路手术", "胃肠吻合")
    OTHER = "other", "其他手术", "Other operation", ("其他",)

    @property
    def gastric(self) -> bool:
        """Whether part of the stomach is gone, so scores from gastric secretion do not hold."""
        return self in {Surgery.DISTAL_GASTRECTOMY, Surgery.PROXIMAL_GASTRECTOMY, Surgery.TOTAL_GASTRECTOMY}

    @property
    def colorectal(self) -> bool:
        """Whether part of the large bowel is gone, so a caecum or a segment may be missing."""
        return self.code.endswith("colectomy") or self is Surgery.RECTAL_RESECTION


class Missing(CodeSet, source="The registry; after HL7 NullFlavor"):
    """Why a value is empty."""

    NOT_ASKED = "not_asked", "未询问", "Not asked", ("未问",)
    NOT_DONE = "not_done", "未做", "Not done", ("未查", "未进行")
    NOT_APPLICABLE = "not_applicable", "不适用", "Not applicable", ("NA", "N/A")
    REFUSED = "refused", "拒绝", "Refused", ("拒答", "拒绝回答")
    AWAITED = "awaited", "结果未回", "Awaited", ("待回报", "待结果", "pending")
    NOT_MEASURED = "not_measured", "未测量", "Not measured", ("未测",)
    ILLEGIBLE = "illegible", "无法辨认", "Illegible", ("字迹不清", "看不清")
