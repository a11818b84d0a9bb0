"""Keys by which records meet that may be one person: only those that share a key are ever compared.

Each key survives some of the usual mistakes: a wrong sign of the same sound, a wrong given name, day
and month swapped, a wrong year, another name under the same phone.
"""

import re
from collections.abc import Iterator
from datetime import date

from registry.codes.person import Precision, Sex
from registry.rules.pinyin import folded, plain, sounds

SEXES = (Sex.MALE, Sex.FEMALE)
SOUNDS = 2
_DIGITS = re.compile(r"\d")


def keys(
    *,
    name: str | None,
    sex: Sex | None = None,
    born_on: date | None = None,
    born_precision: Precision | None = None,
    phone: str | None = None,
) -> set[str]:
    """The keys of one record, in plain words; they are stored only as keyed digests.

    The sound of the name with the year of birth (its neighbours too where only the year or an age is
    known) or with the day of birth in whichever order; the day of birth with sex and the first sound;
    the phone with sex. An unknown sex stands for both.

    >>> sorted(keys(name="李芳", sex=Sex.FEMALE, born_on=date(1960, 3, 4)))
    ['birth 1960 3-4 2 l', 'name lifan 1960', 'name lifan 3-4']
    """
    spoken = [folded(sound) for sound in sounds(name, most=SOUNDS)] if name else []
    either = (sex,) if sex in SEXES else SEXES
    found = set(_of_name(spoken, born_on, born_precision or Precision.DAY))
    if born_on is not None and (born_precision or Precision.DAY) is Precision.DAY:
        for one in either:
            found |= {f"birth {born_on.year} {_day(born_on)} {one.code} {sound[0]}" for sound in spoken}
    if number := telephone(phone):
        found |= {f"phone {number} {one.code}" for one in either}
    return found


def _of_name(spoken: list[str], born_on: date | None, precision: Precision) -> Iterator[str]:
    for sound in spoken:
        if born_on is None:
            yield f"name {sound}"
            continue
        if precision is Precision.DAY:
            yield f"name {sound} {_day(born_on)}"
        around = 1 if precision in {Precision.YEAR, Precision.AGE} else 0
        yield from (f"name {sound} {born_on.year + step}" for step in range(-around, around + 1))


def _day(born_on: date) -> str:
    """Day and month, the smaller first, so that swapping them makes no difference."""
    first, second = sorted((born_on.month, born_on.day))
    return f"{first}-{second}"


def telephone(text: str | None) -> str | None:
    """A number as it is compared: its last eleven digits; None for what nobody can be called under.

    >>> telephone("+86 138-0000-1234"), telephone("无"), telephone("13333333333")
    ('13800001234', None, None)
    """
    digits = "".join(_DIGITS.findall(plain(text))) if text else ""
    if len(digits) < 7 or len(set(digits[-8:])) < 2:
        return None
    return digits[-11:]
