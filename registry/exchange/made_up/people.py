"""Persons who come to be examined, one after another, each with the whole course from then to today."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from registry.codes.alliance import CentreKind, CentrePlace
from registry.codes.person import Precision, Sex, Vital, VitalSource
from registry.exchange.made_up import facts
from registry.exchange.made_up.chance import Among, around
from registry.exchange.made_up.course import background_death, follow
from registry.exchange.made_up.growth import Growth, Nature
from registry.exchange.made_up.hospitals import Hospital
from registry.exchange.made_up.lower import colonoscopy
from registry.exchange.made_up.story import Numbers, Story
from registry.exchange.made_up.upper import gastroscopy
from registry.models import Examination, FollowUp, VitalStatus

UPPER, LOWER, BOTH = "upper", "lower", "both"
COMES_FOR = Among({UPPER: 60, LOWER: 27, BOTH: 13})
RARELY_BACK = 0.16
# Underlying causes of other deaths, roughly as people over fifty die of them in China.
OTHER_CAUSES = Among(
    {
        "I63.9": 24,
        "I21.9": 22,
        "J44.9": 14,
        "C34.9": 12,
        "I61.9": 10,
        "E11.9": 6,
        "C22.0": 5,
        "W19": 4,
        "R54": 3,
    }
)
CAUSE_MISSING = 0.06


def lives(
    rng: Random, houses: list[Hospital], numbers: Numbers, *, examinations: int, since: date, today: date
) -> Iterator[Story]:
    """Stories with this many examinations in all, between `since` and `today`.

    A few more come in the last ten days, so that a small alliance has something on its desks.
    """
    made, rota = 0, Among({house: house.weight for house in houses})
    fresh = min(0.04, 160 / examinations)
    cities = Among({house: house.weight for house in houses if house.kind is CentreKind.CITY})
    lead = next(house for house in houses if house.place is CentrePlace.LEAD)
    while made < examinations:
        house = rota.pick(rng)
        city = house if house.kind is CentreKind.CITY else (lead if rng.random() < 0.6 else cities.pick(rng))
        first = today - timedelta(days=9) if rng.random() < fresh else since
        story = _live(rng, numbers, house, city, examinations - made, first, today)
        made += len(story.rows[Examination])
        yield story


def _live(
    rng: Random, numbers: Numbers, house: Hospital, city: Hospital, room: int, since: date, today: date
) -> Story:
    day = _working_day(since + timedelta(days=rng.randrange((today - since).days + 1)), since)
    age = round(around(rng, 55.5, 12.5, 19, 89) * 365.25) + rng.randrange(365)
    sex = Sex.MALE if rng.random() < 0.52 else Sex.FEMALE
    story = Story(rng, numbers, today, house, sex, day - timedelta(days=age), room)
    dies = day + timedelta(days=background_death(rng, age // 365) + 1)
    story.died = dies if dies <= today else None
    wants = COMES_FOR.pick(rng)
    growths: list[Growth] = []
    if wants != LOWER:
        growths += gastroscopy(story, house, house.rota.pick(rng), day)
    if wants != UPPER and story.room > 0:
        growths += colonoscopy(story, house, house.rota.pick(rng), day)
    back = day + timedelta(days=rng.randint(150, 700))
    if rng.random() < RARELY_BACK and story.can(back) and story.room > 0:
        again = gastroscopy if wants != LOWER else colonoscopy
        growths += again(story, house, house.rota.pick(rng), _working_day(back, day))
    for growth in sorted(growths, key=lambda growth: (growth.found, growth.lesions[0]["id"])):
        follow(story, growth, city)
    _end(story, growths)
    facts.settle(story, growths)
    return story


def _working_day(day: date, earliest: date) -> date:
    """The day itself, or the Saturday before a Sunday."""
    return day - timedelta(days=1) if day.weekday() == 6 and day > earliest else day


def _end(story: Story, growths: list[Growth]) -> None:
    """How the registry learns who lives: cancers by the half-yearly death list, others by chance."""
    died = story.died if story.died is not None and story.died <= story.today else None
    closing = _last_list(story.today)
    followed = any(growth.nature.value >= Nature.HIGH.value and growth.answered for growth in growths)
    began = min(row["performed_on"] for row in story.rows[Examination])
    if followed and began <= closing:
        listed = died if died is not None and died <= closing else None
        cause = _cause(story) if listed else None
        _tell(
            story,
            listed or closing,
            VitalSource.DEATH_LIST,
            listed is not None,
            complete_until=closing,
            cause=cause,
        )
    elif died is not None and story.rng.random() < (0.6 if story.rows[FollowUp] else 0.3):
        _tell(story, died, VitalSource.FAMILY if story.rng.random() < 0.6 else VitalSource.CENTRE, True)
    if any(row["vital"] is Vital.DEAD for row in story.rows[VitalStatus]):
        for contact in story.rows[FollowUp]:
            contact["settled"] = True


def _cause(story: Story) -> str | None:
    """The underlying cause as a death list has it; drawn apart, so that it changes no other chance."""
    rng = Random(story.person["pseudonym"])  # noqa: S311 – chance, not secrecy
    if rng.random() < CAUSE_MISSING:
        return None
    return story.died_of or OTHER_CAUSES.pick(rng)


def _last_list(today: date) -> date:
    """The end of the last half-year whose deaths have been listed, two months after it closed."""
    known = today - timedelta(days=60)
    return date(known.year, 6, 30) if (known.month, known.day) >= (6, 30) else date(known.year - 1, 12, 31)


def _tell(story: Story, day: date, source: VitalSource, dead: bool, **more: Any) -> None:
    month_only = dead and source is VitalSource.FAMILY and story.rng.random() < 0.12
    story.add(
        VitalStatus,
        person_id=story.person["id"],
        centre_id=story.home.id,
        vital=Vital.DEAD if dead else Vital.ALIVE,
        as_of=day,
        as_of_precision=Precision.MONTH if month_only else Precision.DAY,
        source=source,
        **more,
    )
