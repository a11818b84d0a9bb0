"""Identity numbers: read from however they were typed, checked, and never shown whole.

No message repeats the number, so none can carry it into a log.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from registry.codes.person import DocumentType, Precision, Sex
from registry.label import Label
from registry.rules.problem import Problem, warning

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
STANDARD = "GB 11643-1999"


@dataclass(frozen=True)
class Identity:
    """What a valid number of 18 places tells about its owner."""

    number: str
    birth: date
    sex: Sex

    def __repr__(self) -> str:
        return f"Identity({mask(self.number)})"

    @property
    def type(self) -> DocumentType:
        """The document the number belongs to, by its first digits."""
        if self.number[0] == "9":
            return DocumentType.FOREIGN_PERMANENT
        if self.number[:2] in {"81", "82", "83"}:
            return DocumentType.HMT_RESIDENCE
        return DocumentType.RESIDENT_ID

    @property
    def place(self) -> str:
        """Region code (GB/T 2260) where the number was first issued: a hint, not where the person lives."""
        return self.number[:6]


def clean(text: str) -> str:
    """A document number without spaces, hyphens and full-width forms, in capitals.

    >>> clean(" １１０１０５ 19491231 002ｘ ")
    '11010519491231002X'
    """
    folded = unicodedata.normalize("NFKC", text).upper().replace("×", "X")
    return re.sub(r"[\s\-–—'’`·]", "", folded)


def check_character(first_17: str) -> str:
    """The 18th character, modulo 11 (ISO 7064).

    >>> check_character("11010519491231002")
    'X'
    """
    weighed = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_17, strict=True))
    return CHECK_CHARACTERS[weighed % 11]


def read(text: object, *, today: date) -> Identity:
    """Read a resident identity number, or one of the residence permits made like it.

    Permits of residents from Hong Kong, Macau and Taiwan begin with 81, 82 or 83, those of
    permanently resident foreigners with 9; both carry birth date, sex and check character in the
    same places. `today` is the day the person must have been born by: that of the examination. A cell
    that is a figure, not text, is refused even when whole: spreadsheets keep 15 of its 18 digits.

    Raises
    ------
    ValueError
        With a `Label` that says what is wrong, never with the number.

    >>> read("11010519491231002x", today=date(2026, 1, 1))
    Identity(110105********002X)
    """
    number = clean(str(text))
    if isinstance(text, int | float) or re.fullmatch(r"\d(\.\d+)?E\+?\d+", number):
        raise ValueError(
            Label(
                "表格软件把号码变成了数字，末几位已丢失；请把该列设为文本后重新填写",
                "A spreadsheet turned the number into a figure and lost its last digits; "
                "make the column text and enter it again",
            )
        )
    if re.fullmatch(r"\d{15}", number):
        raise ValueError(
            Label(
                "15 位旧号码已停用，且没有校验码；请填写现行 18 位号码",
                "Old numbers of 15 digits are out of use and have no check character; "
                "enter the present one of 18",
            )
        )
    if len(number) != 18:
        raise ValueError(Label("号码应为 18 位", "The number has 18 places"))
    if not re.fullmatch(r"\d{17}[\dX]", number) or not number.isascii():
        raise ValueError(Label("号码只能含数字，末位可为 X", "Only digits, and X in the last place"))
    return _told(number, today)


@lru_cache(maxsize=16)  # the same number is read for its cell, its document and its person
def _told(number: str, today: date) -> Identity:
    if number[17] != check_character(number[:17]):
        raise ValueError(
            Label(
                "校验码不符，请核对有无错位或错字", "The check character does not fit; look for a wrong digit"
            )
        )
    return Identity(number, _birth(number, today), Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def _birth(number: str, today: date) -> date:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise ValueError(
            Label("号码中的出生日期不存在", "The birth date in the number does not exist")
        ) from error
    if birth > today:
        raise ValueError(
            Label("号码中的出生日期在检查日期之后", "The birth date in the number lies after this day")
        )
    return birth


def holds_number(text: str) -> bool:
    """Whether somewhere in a text stands what can only be an identity number, however it is spaced.

    Eighteen places with a birth date and the right check character; one in eleven numbers of that shape
    has it by chance, and a text for others to read can spare those.

    >>> holds_number("见 110105 19491231 002X 的病历"), holds_number("检查号 202401150012345678")
    (True, False)
    """
    for found in re.finditer(r"(?=(\d{17}[\dX]))", clean(text)):
        number = found[1]
        if number.isascii() and number[17] == check_character(number[:17]):
            try:
                date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
            except ValueError:
                continue
            if "1800" < number[6:10] < "2200":
                return True
    return False


def mask(number: str) -> str:
    """A document number fit to be shown: enough to recognise, too little to use.

    >>> mask("11010519491231002X"), mask("E12345678"), mask("123")
    ('110105********002X', 'E1*****78', '***')
    """
    keep_first, keep_last = (6, 4) if len(number) == 18 else (2, 2)
    hidden = len(number) - keep_first - keep_last
    if hidden < 1:
        return "*" * len(number)
    return number[:keep_first] + "*" * hidden + number[-keep_last:]


def check(
    identity: Identity,
    *,
    sex: Sex | None = None,
    born_on: date | None = None,
    born_precision: Precision | None = None,
) -> list[Problem]:
    """Where a person's own number and the sex or birth date on record disagree."""
    problems = []
    if sex in {Sex.MALE, Sex.FEMALE} and sex is not identity.sex:
        problems.append(
            warning("sex", "性别与身份证号不符", "Sex differs from the identity number", STANDARD)
        )
    exact = born_precision in {None, Precision.DAY}
    if born_on is not None and exact and born_on != identity.birth:
        problems.append(
            warning(
                "born_on", "出生日期与身份证号不符", "Birth date differs from the identity number", STANDARD
            )
        )
    return problems
