"""A made-up alliance at any size: hospitals, their staff, and persons with their whole course.

Nobody here exists. Every choice hangs on one seed, so the same seed on the same day makes the same
alliance. What is settled from other facts is settled by the same rules as for real cases.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from registry.exchange.made_up import hospitals
from registry.exchange.made_up.people import lives
from registry.exchange.made_up.story import Numbers
from registry.services.made_up import seed


def alliance(
    examinations: int, *, years: float, chance: int, today: date, progress: Callable[[int], object]
) -> None:
    """Fill an empty registry with so many examinations of the last years, up to today.

    `chance` is the seed. `seed.Occupied` when there is anybody in it already.
    """
    seed.demand_empty()
    rng = Random(chance)  # noqa: S311 – chance, not secrecy
    houses = hospitals.hospitals(rng)
    rows = [
        {
            "code": house.code,
            "name_zh": house.name_zh,
            "name_en": house.name_en,
            "kind": house.kind,
            "place": house.place,
            "region": "130900",
        }
        for house in houses
    ]
    hospitals.number(houses, *seed.settle_alliance(rows, hospitals.staff(houses, rng)))
    since = today - timedelta(days=round(years * 365.25))
    seed.store(
        lives(rng, houses, Numbers(), examinations=examinations, since=since, today=today), progress=progress
    )
