"""People enrolled once or twice, with the mistakes of real desks, and relatives who are not each other.

Everybody here is made up. Each record says who it truly is, so that linkage can be held against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from registry.codes.person import DocumentType, Precision, Sex
from registry.exchange.made_up import names
from registry.exchange.made_up.chance import Among
from registry.rules.likeness.compare import Told
from registry.rules.likeness.names import VARIANTS
from registry.rules.pinyin import sounds

# Signs of one sound, or nearly, that a keyboard offers beside each other.
_OF_ONE_SOUND = (
    "伟韦纬 芳方 建健剑 国果 军君均 丽莉利力立 华花 玉育钰 明名铭 英瑛鹰 平萍苹 燕艳雁 红洪宏鸿 志智 "
    "永勇咏 庆清青 春纯 林琳霖 文雯 波博 静敬晶 敏民 娟涓 霞侠夏 辉惠慧 斌彬滨 杰洁捷 兰岚 梅美媒 珍真贞 "
    "云芸 莲连 玲铃凌灵 桂贵 凤奉 香湘 月岳 翠萃 琴勤 淑书舒 成诚程 福富 德得 刚钢"
)
ALIKE = {
    sign: [other for other in group if other != sign] for group in _OF_ONE_SOUND.split() for sign in group
}
FULL = {simple: full for full, simple in VARIANTS.items()}
# What goes wrong when somebody is enrolled again, and how often; "nothing" leaves all as it was.
SLIPS = Among(
    {
        "nothing": 40, "a sign of the same sound": 14, "full signs": 4, "another sign": 8, "letters": 5,
        "day and month": 6, "one digit": 7, "age only": 10, "lunar birthday": 3, "wrong sex": 3,
    }
)  # fmt: skip
RELATIVES = Among({"twins": 25, "twins of one sound": 5, "father and son": 25, "siblings": 20, "couple": 25})
WITH_PAPER, MOVED, SILENT, TWO_SLIPS = 0.45, 0.3, 0.3, 0.12


@dataclass(frozen=True)
class Made:
    """One record: who it truly is, how it came about, and what it tells."""

    truth: int
    how: str
    told: Told


def register(seed: int, *, people: int, twice: int, related: int) -> Iterator[Made]:
    """Records of so many people, of whom `twice` are enrolled a second time, and relatives of `related`.

    The second records have no document – with one there would be nothing to ask –, often another phone
    or none, and one of SLIPS, some of them two.
    """
    rng, truth = Random(seed), 0  # noqa: S311 – chance, not secrecy
    for number in range(people):
        truth += 1
        first = person(rng)
        yield Made(truth, "first", first)
        if number < twice:
            slip = SLIPS.pick(rng)
            second = again(rng, first, slip)
            if rng.random() < TWO_SLIPS:
                slip, second = "two slips", again(rng, second, SLIPS.pick(rng))
            yield Made(truth, slip, called(rng, second))
        elif number < twice + related:
            kind = RELATIVES.pick(rng)
            truth += 1
            yield Made(truth, kind, relative(rng, first, kind))


def person(rng: Random) -> Told:
    """Somebody with a name, a birth, a phone, and often a document."""
    sex = Sex.MALE if rng.random() < 0.52 else Sex.FEMALE
    born = date(1935, 1, 1) + timedelta(days=rng.randrange(55 * 365))
    papers = _paper(rng, born, sex) if rng.random() < WITH_PAPER else ()
    return Told(names.name(rng, sex), sex, born, Precision.DAY, names.phone(rng), papers)


def again(rng: Random, first: Told, slip: str) -> Told:
    """The same person as another desk wrote them, without the document."""
    bare, name = replace(first, papers=()), first.name or ""
    if slip == "a sign of the same sound":
        bare = replace(bare, name=_sign(rng, name, ALIKE))
    if slip == "full signs":
        bare = replace(bare, name="".join(FULL.get(sign, sign) for sign in name))
    if slip == "another sign":
        bare = replace(bare, name=_other_sign(rng, first))
    if slip == "letters":
        bare = replace(bare, name=sounds(name)[0].upper())
    if slip == "wrong sex":
        bare = replace(bare, sex=_other(first.sex))
    return replace(bare, **_birth(rng, first.born_on or date.min, slip))


def called(rng: Random, told: Told) -> Told:
    """The same under another phone, or under none."""
    chance = rng.random()
    if chance < MOVED:
        return replace(told, phone=names.phone(rng))
    return replace(told, phone=None) if chance < MOVED + SILENT else told


def relative(rng: Random, first: Told, kind: str) -> Told:
    """Somebody else of the same household: they share a phone, and more."""
    name, born, sex = first.name or "", first.born_on or date.min, first.sex or Sex.MALE
    if kind == "twins":
        name = _other_sign(rng, first)
    elif kind == "twins of one sound":
        name = _sign(rng, name, ALIKE)
    elif kind == "father and son":
        born = _moved(born, round(rng.uniform(20, 34) * 365.25))
    elif kind == "siblings":
        name, born = _other_sign(rng, first), _moved(born, rng.randrange(400, 2500))
    else:
        sex = _other(sex)
        name, born = names.name(rng, sex), _moved(born, rng.randrange(-1500, 1500))
    papers = _paper(rng, born, sex) if rng.random() < WITH_PAPER else ()
    same = name == first.name and born == first.born_on
    return Told(names.name(rng, sex) if same else name, sex, born, Precision.DAY, first.phone, papers)


def _paper(rng: Random, born: date, sex: Sex) -> tuple[tuple[DocumentType, str, bool], ...]:
    return ((DocumentType.RESIDENT_ID, names.identity_number(rng, born, sex), False),)


def _birth(rng: Random, born: date, slip: str) -> dict[str, Any]:
    if slip == "day and month" and born.day <= 12:
        return {"born_on": date(born.year, born.day, born.month)}
    if slip == "one digit":
        return {"born_on": _digit(rng, born)}
    if slip == "age only":
        return {"born_on": date(born.year + rng.choice((0, 0, 1)), 7, 1), "born_precision": Precision.AGE}
    if slip == "lunar birthday":
        return {"born_on": date(born.year, 1, 1) + timedelta(days=rng.randrange(330))}
    return {}


def _digit(rng: Random, born: date) -> date:
    """The date with one digit mistyped, as long as that is a date."""
    while True:
        digits = list(f"{born:%Y%m%d}")
        place = rng.randrange(3, 8)
        digits[place] = rng.choice("0123456789")
        try:
            found = date(int("".join(digits[:4])), int("".join(digits[4:6])), int("".join(digits[6:])))
        except ValueError:
            continue
        if found != born:
            return found


def _moved(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _other(sex: Sex | None) -> Sex:
    return Sex.FEMALE if sex is Sex.MALE else Sex.MALE


def _sign(rng: Random, name: str, others: dict[str, list[str]]) -> str:
    """The name with one sign of the given name exchanged, where there is one to take."""
    places = [place for place in range(1, len(name)) if others.get(name[place])]
    if not places:
        return name
    place = rng.choice(places)
    return name[:place] + rng.choice(others[name[place]]) + name[place + 1 :]


def _other_sign(rng: Random, first: Told) -> str:
    """The name with its last sign exchanged for another."""
    name = first.name or ""
    signs = names.MALE if first.sex is Sex.MALE else names.FEMALE
    return name[:-1] + rng.choice([sign for sign in signs if sign != name[-1]])
