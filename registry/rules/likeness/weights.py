"""What an agreement is worth: for each item and level the odds, as data with their grounds.

`m` is how often two records of one person stand so, `u` how often those of two persons do who met
under a common key. The weight is log2(m/u), in bits, after Fellegi & Sunter 1969; bits of one pair
add up. The rates are the registry's own estimates, tried on made-up lists: see docs/linkage.md.
"""

from dataclasses import dataclass
from math import log2

from registry.codes.code_set import CodeSet
from registry.codes.person import Sex
from registry.label import Label
from registry.rules.definition import Definition
from registry.rules.likeness.births import BirthLikeness
from registry.rules.likeness.names import NameLikeness

SOURCE = "Fellegi & Sunter 1969, J Am Stat Assoc 64:1183"


class Item(CodeSet, source="The registry"):
    """What is compared of two records."""

    NAME = "name", "姓名", "Name"
    BIRTH = "birth", "出生日期", "Birth date"
    SEX = "sex", "性别", "Sex"
    PHONE = "phone", "电话", "Phone"
    DOCUMENT = "document", "本人证件", "Own document"
    RECORD_NUMBER = "record_number", "登记号", "Record number"


class Plain(CodeSet, source="The registry"):
    """Agreement of what is equal or not."""

    SAME = "same", "相同", "the same"
    DIFFERENT = "different", "不同", "different"


class PaperLikeness(CodeSet, source="The registry"):
    """In what the own documents of two records agree."""

    SAME = "same", "相同", "the same"
    TYPO = "typo", "疑为误录", "a slip of the pen"
    DIFFERENT = "different", "不同", "different"


@dataclass(frozen=True)
class Weight:
    """One level of one item: how often it is met in one person's records and in two persons'."""

    item: Item
    level: CodeSet
    m: float
    u: float
    clause: str

    @property
    def bits(self) -> float:
        return log2(self.m / self.u)


NAME, BIRTH = NameLikeness, BirthLikeness
WEIGHTS = (
    Weight(Item.NAME, NAME.SAME, 0.90, 0.0005, "two of 2,000 share a name; a common one more often"),
    Weight(Item.NAME, NAME.VARIANT, 0.01, 0.00002, "full and simplified forms"),
    Weight(Item.NAME, NAME.SOUND, 0.03, 0.0008, "pinyin keyboards choose a wrong sign"),
    Weight(Item.NAME, NAME.ONE_SIGN, 0.04, 0.01, "siblings share two signs of three"),
    Weight(Item.NAME, NAME.PART, 0.01, 0.08, "a surname is shared by up to one in fourteen"),
    Weight(Item.NAME, NAME.DIFFERENT, 0.01, 0.91, "a name was changed, or is a relative's"),
    Weight(Item.BIRTH, BIRTH.SAME, 0.92, 0.00005, "one day of 55 years"),
    Weight(Item.BIRTH, BIRTH.SWAPPED, 0.01, 0.00003, "day and month exchanged"),
    Weight(Item.BIRTH, BIRTH.ONE_DIGIT, 0.02, 0.0006, "one digit mistyped"),
    Weight(Item.BIRTH, BIRTH.MONTH, 0.95, 0.0014, "one month of 55 years"),
    Weight(Item.BIRTH, BIRTH.YEAR, 0.95, 0.04, "one year of 55, two on either side of an age"),
    Weight(Item.BIRTH, BIRTH.SAME_YEAR, 0.01, 0.02, "lunar birthdays stay in the year"),
    Weight(Item.BIRTH, BIRTH.DIFFERENT, 0.01, 0.95, "another birth date"),
    Weight(Item.BIRTH, BIRTH.GENERATION, 0.0005, 0.5, "father and son of one name"),
    Weight(Item.SEX, Plain.SAME, 0.99, 0.5, "one of two"),
    Weight(Item.SEX, Plain.DIFFERENT, 0.005, 0.5, "sex mistyped"),
    Weight(Item.PHONE, Plain.SAME, 0.60, 0.002, "a household shares a phone"),
    Weight(Item.PHONE, Plain.DIFFERENT, 0.40, 0.998, "phones change"),
    Weight(Item.DOCUMENT, PaperLikeness.SAME, 0.95, 0.000001, "one number, one person"),
    Weight(Item.DOCUMENT, PaperLikeness.TYPO, 0.01, 0.00001, "a doubtful number one slip from a sound one"),
    Weight(Item.DOCUMENT, PaperLikeness.DIFFERENT, 0.002, 0.999, "the check character catches a single slip"),
    Weight(Item.RECORD_NUMBER, Plain.SAME, 0.90, 0.00001, "one number of one house"),
)  # fmt: skip
BITS = {(weight.item, weight.level): weight.bits for weight in WEIGHTS}
ASK = Definition(
    "likeness_ask",
    Label("疑似重复：交人判断", "Possible double: ask"),
    Label("权重合计 ≥ 15 比特", "Weights add up to 15 bits or more"),
    "2026",
    SOURCE,
    "Area of clerical review",
)
LINK = Definition(
    "likeness_link",
    Label("名单比对：自动关联", "Lists: link without asking"),
    Label(
        "权重合计 ≥ 33 比特，且本人证件不相矛盾；两份档案从不自动合并",
        "33 bits or more, and no document against it; two enrolments are never merged unasked",
    ),
    "2026",
    SOURCE,
    "Area of links",
)
ASK_BITS, LINK_BITS = 15.0, 33.0
STATED = (Sex.MALE, Sex.FEMALE)
