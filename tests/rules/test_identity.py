"""Identity numbers: the check character of GB 11643-1999, and every way a number arrives spoilt."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.codes.person import DocumentType, Precision, Sex
from registry.rules.identity import CHECK_CHARACTERS, check, check_character, clean, mask, read

TODAY = date(2026, 11, 21)
EXAMPLE = "11010519491231002X"  # the example printed in GB 11643-1999

numbers = st.builds(
    lambda region, birth, order: region + birth.strftime("%Y%m%d") + order,
    st.sampled_from(["110105", "320481", "810000", "820000", "830000", "911156"]),
    st.dates(date(1900, 1, 1), TODAY),
    st.from_regex(r"[0-9]{3}", fullmatch=True),
).map(lambda first: first + check_character(first))


def test_the_example_of_the_standard() -> None:
    identity = read(EXAMPLE, today=TODAY)
    assert (identity.birth, identity.sex, identity.place) == (date(1949, 12, 31), Sex.FEMALE, "110105")


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'110105-19491231-002x",
    ],
)
def test_spelling_does_not_matter(typed: str) -> None:
    assert read(typed, today=TODAY).number == EXAMPLE == clean(typed)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("110105194912310021", "check character"),
        ("11010519491231002", "18 places"),
        ("110105491231002", "15 digits"),
        ("1.1010519491231e+17", "spreadsheet"),
        ("1.1010519491231E+17", "spreadsheet"),
        (1.1010519491231e17, "spreadsheet"),
        (110105194912310000, "spreadsheet"),
        ("1.10105E17", "spreadsheet"),
        ("", "18 places"),
        ("A1010519491231002X", "Only digits"),
        ("1101051949123100X2", "Only digits"),
        ("１1010519491231٠02X", "Only digits"),
    ],
)
def test_what_is_refused_says_why_and_does_not_repeat_the_number(typed: object, reason: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read(typed, today=TODAY)
    message = caught.value.args[0]
    assert reason in message.en and message.zh
    assert "9491231" not in message.en + message.zh


@pytest.mark.parametrize(
    ("birth", "reason"),
    [("19490231", "does not exist"), ("19491301", "does not exist"), ("20261122", "lies after")],
)
def test_a_birth_date_that_cannot_be_is_refused(birth: str, reason: str) -> None:
    first = f"110105{birth}002"
    with pytest.raises(ValueError, match=r".") as caught:
        read(first + check_character(first), today=TODAY)
    assert reason in caught.value.args[0].en


def test_born_on_the_day_of_the_examination_is_possible() -> None:
    first = "11010520261121002"
    assert read(first + check_character(first), today=TODAY).birth == TODAY


@pytest.mark.parametrize(
    ("region", "kind"),
    [
        ("810000", DocumentType.HMT_RESIDENCE),
        ("820000", DocumentType.HMT_RESIDENCE),
        ("830000", DocumentType.HMT_RESIDENCE),
        ("911156", DocumentType.FOREIGN_PERMANENT),
        ("999999", DocumentType.FOREIGN_PERMANENT),
        ("110105", DocumentType.RESIDENT_ID),
    ],
)
def test_residence_permits_are_read_like_resident_cards(region: str, kind: DocumentType) -> None:
    first = f"{region}19700101001"
    identity = read(first + check_character(first), today=TODAY)
    assert (identity.type, identity.sex) == (kind, Sex.MALE)


@given(numbers)
def test_birth_and_sex_stand_where_the_standard_says(number: str) -> None:
    identity = read(number, today=TODAY)
    assert identity.birth.strftime("%Y%m%d") == number[6:14]
    assert (identity.sex is Sex.MALE) == (int(number[16]) % 2 == 1)


@given(numbers, st.integers(0, 17), st.sampled_from(CHECK_CHARACTERS))
def test_one_wrong_character_is_always_noticed(number: str, place: int, other: str) -> None:
    """ISO 7064 MOD 11-2 finds every single substitution."""
    if number[place] == other:
        return
    with pytest.raises(ValueError, match=r"."):
        read(number[:place] + other + number[place + 1 :], today=TODAY)


@given(numbers)
def test_a_masked_number_keeps_six_and_four(number: str) -> None:
    shown = mask(number)
    assert shown[:6] == number[:6] and shown[14:] == number[14:] and shown[6:14] == "********"
    assert number not in repr(read(number, today=TODAY))


def test_masks_of_other_documents() -> None:
    assert mask(EXAMPLE) == "110105********002X"
    assert mask("E12345678") == "E1*****78"
    assert mask("1234") == "****"


def test_a_record_that_contradicts_the_number_is_flagged() -> None:
    identity = read(EXAMPLE, today=TODAY)
    assert check(identity, sex=Sex.FEMALE, born_on=date(1949, 12, 31)) == []
    assert [problem.field for problem in check(identity, sex=Sex.MALE, born_on=date(1949, 12, 30))] == [
        "sex",
        "born_on",
    ]
    assert check(identity, sex=Sex.UNKNOWN, born_on=date(1949, 1, 1), born_precision=Precision.YEAR) == []
