"""How alike two records are: names by sign and sound, days by their usual mistakes, documents by slips."""

from datetime import date

import pytest

from registry.codes.person import DocumentType, Precision, Sex
from registry.rules.identity import check_character
from registry.rules.likeness import births, names
from registry.rules.likeness.blocks import keys
from registry.rules.likeness.compare import Told, compare
from registry.rules.likeness.weights import ASK_BITS, BITS, LINK_BITS, WEIGHTS, Item, PaperLikeness
from registry.rules.pinyin import sounds

BORN = date(1958, 3, 4)
MAN = Told("单建国", Sex.MALE, BORN, Precision.DAY, "13800000001")


def number(serial):
    first = f"13090019580304{serial:03d}"
    return first + check_character(first)


def paper(value, doubtful=False):
    return ((DocumentType.RESIDENT_ID, value, doubtful),)


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("单雄信", "shanxiongxin"), ("仇英", "qiuying"), ("曾巩", "zenggong"), ("解缙", "xiejin"),
        ("查慎行", "zhashenxing"), ("区国平", "ouguoping"), ("朴海燕", "piaohaiyan"), ("欧阳修", "ouyangxiu"),
    ],
)  # fmt: skip
def test_surnames_are_read_as_surnames(name, sound):
    assert sounds(name)[0] == sound
    assert names.compare(name, sound.upper()).code == "sound"


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("王芳", "王芳", "same"), ("王 芳", "王芳", "same"), ("傅红", "付红", "variant"),
        ("劉德華", "刘德华", "variant"), ("王方", "王芳", "sound"), ("陈静", "程静", "sound"),
        ("王建国", "王建军", "one_sign"), ("王国", "王建国", "one_sign"), ("王芳", "汪洋", "different"),
        ("王芳", "王丽", "part"), ("买买提·阿里", "买买提阿里", "same"), ("ZHANG WEI", "zhang-wei", "same"),
        ("ZHANGWEI", "ZHANGWEN", "one_sign"), ("LI", "WANG", "different"),
    ],
)  # fmt: skip
def test_names(one, other, level):
    assert names.compare(one, other).code == names.compare(other, one).code == level


def test_what_is_not_told_is_not_compared():
    assert names.compare("", "王芳") is None
    assert births.compare(None, None, BORN, None) is None
    assert compare(Told(), MAN).levels == {}
    assert Item.SEX not in compare(MAN, Told(sex=Sex.UNKNOWN)).levels


@pytest.mark.parametrize(
    ("other", "precision", "level"),
    [
        (BORN, None, "same"), (date(1958, 4, 3), None, "swapped"), (date(1968, 3, 4), None, "one_digit"),
        (date(1958, 3, 1), Precision.MONTH, "month"), (date(1958, 7, 1), Precision.YEAR, "year"),
        (date(1959, 7, 1), Precision.YEAR, "different"), (date(1959, 7, 1), Precision.AGE, "year"),
        (date(1958, 11, 30), None, "same_year"), (date(1961, 11, 30), None, "different"),
        (date(1984, 3, 4), None, "generation"),
    ],
)  # fmt: skip
def test_birth_dates(other, precision, level):
    assert births.compare(BORN, None, other, precision).code == level
    assert births.compare(other, precision, BORN, None).code == level


def test_a_slip_in_a_doubtful_number_is_a_slip_and_two_sound_ones_are_two_persons():
    sound, other = number(1), number(21)
    typo = sound[:9] + sound[10] + sound[9] + sound[11:]

    def level(value, doubtful):
        one, two = (Told(papers=paper(*each)) for each in ((sound,), (value, doubtful)))
        return compare(one, two).levels.get(Item.DOCUMENT)

    assert level(sound, False) is PaperLikeness.SAME
    assert level(typo, True) is PaperLikeness.TYPO
    assert level(sound[:-1], True) is PaperLikeness.TYPO
    assert level(other, False) is PaperLikeness.DIFFERENT
    assert level(other, True) is None


def test_all_four_link_and_a_document_against_it_forbids():
    same = compare(MAN, MAN)
    assert same.links
    assert same.bits >= LINK_BITS
    one, two = (Told(**{**vars(MAN), "papers": paper(number(serial))}) for serial in (1, 21))
    against = compare(one, two)
    assert not against.links
    assert against.asks


@pytest.mark.parametrize(
    "other",
    [
        Told("单建军", Sex.MALE, BORN, Precision.DAY, "13800000001"),  # the twin
        Told("单健国", Sex.MALE, BORN, Precision.DAY, "13800000001"),  # a twin of the same sound
        Told("单建国", Sex.MALE, date(1984, 3, 4), Precision.DAY, "13800000001"),  # the son
        Told("单建国", Sex.MALE, BORN, Precision.DAY, "13911112222"),  # a namesake of the same day
    ],
)
def test_relatives_and_namesakes_are_never_linked(other):
    assert not compare(MAN, other).links


def test_a_number_given_out_once_decides_unless_the_rest_is_against_it():
    entry = Told("单建国", papers=paper(number(1)))
    assert compare(entry, Told("单建国", Sex.MALE, BORN, Precision.DAY, None, paper(number(1)))).links
    stranger = Told("李大海", Sex.FEMALE, date(1990, 1, 1), Precision.DAY, None, paper(number(1)))
    assert not compare(Told("单建国", Sex.MALE, BORN, papers=paper(number(1))), stranger).links


@pytest.mark.parametrize(
    "again",
    [
        {"name": "单健国"}, {"name": "SHAN JIANGUO"}, {"born_on": date(1958, 4, 3)},
        {"born_on": date(1959, 7, 1), "born_precision": Precision.AGE}, {"born_on": date(1985, 3, 4)},
        {"name": "李大海"}, {"name": "单伟"}, {"sex": Sex.UNKNOWN, "name": "单伟"},
    ],
)  # fmt: skip
def test_records_with_one_mistake_share_a_key(again):
    known = {"name": MAN.name, "sex": MAN.sex, "born_on": BORN, "phone": MAN.phone}
    assert keys(**known) & keys(**(known | again))


def test_no_key_is_shared_by_strangers():
    other = keys(name="李大海", sex=Sex.MALE, born_on=date(1971, 5, 6), phone="13911112222")
    assert not other & keys(name=MAN.name, sex=MAN.sex, born_on=BORN, phone=MAN.phone)


def test_every_level_has_a_weight_of_the_right_sign():
    for codes, item in ((names.NameLikeness, Item.NAME), (births.BirthLikeness, Item.BIRTH)):
        assert {level for each, level in BITS if each is item} == set(codes)
    assert all(0 < weight.m < 1 and 0 < weight.u < 1 and weight.clause for weight in WEIGHTS)
    assert (
        BITS[Item.BIRTH, births.BirthLikeness.GENERATION]
        < BITS[Item.BIRTH, births.BirthLikeness.DIFFERENT]
        < 0
    )
    assert ASK_BITS < LINK_BITS


def test_what_names_somebody_is_not_printed():
    assert "单建国" not in repr(MAN)
    assert "13800000001" not in repr(MAN)
