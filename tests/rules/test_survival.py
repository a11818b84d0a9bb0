"""When survival starts and ends, and who is left out: each sentence of the definition."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.codes.person import Precision, Vital
from registry.codes.tumour import Basis
from registry.rules.dates import PartialDate
from registry.rules.survival import Excluded, Followed, follow, start

BEGIN = date(2020, 3, 10)
DEAD = {"vital": Vital.DEAD}


def test_survival_starts_with_the_tissue_that_proved_invasion() -> None:
    assert start(invasive_on=BEGIN, incidence_on=date(2020, 1, 1)) == PartialDate(BEGIN)
    assert start(
        invasive_on=None, incidence_on=date(2020, 1, 1), incidence_precision=Precision.YEAR
    ) == PartialDate(date(2020, 1, 1), Precision.YEAR)
    assert start(invasive_on=None) is None


@pytest.mark.parametrize(
    ("facts", "days", "dead"),
    [
        ({**DEAD, "died_on": date(2020, 3, 20)}, 10, True),
        ({**DEAD, "died_on": BEGIN}, 0, True),  # same-day deaths kept
        # censored at last contact unless a death list reaches the closing date
        ({"last_alive_on": date(2021, 3, 10)}, 365, False),
        ({"last_alive_on": date(2021, 3, 10), "closing_on": date(2022, 3, 10)}, 365, False),
        (
            {
                "last_alive_on": date(2021, 3, 10),
                "linked_until": date(2022, 3, 10),
                "closing_on": date(2022, 3, 10),
            },
            730,
            False,
        ),
        (
            {
                "last_alive_on": date(2021, 3, 10),
                "linked_until": date(2022, 3, 9),
                "closing_on": date(2022, 3, 10),
            },
            365,
            False,
        ),
        ({"last_alive_on": date(2021, 3, 10), "linked_until": date(2022, 3, 10)}, 730, False),
        # nothing after the closing date counts
        ({"last_alive_on": date(2023, 3, 10), "closing_on": date(2021, 3, 10)}, 365, False),
        ({**DEAD, "died_on": date(2021, 3, 11), "closing_on": date(2021, 3, 10)}, 365, False),
        ({**DEAD, "died_on": date(2021, 3, 10), "closing_on": date(2021, 3, 10)}, 365, True),
        # month → 15th, year → 1 July
        ({**DEAD, "died_on": date(2020, 5, 1), "died_precision": Precision.MONTH}, 66, True),
        ({**DEAD, "died_on": date(2021, 1, 1), "died_precision": Precision.YEAR}, 478, True),
        # … bounded so that the time is not negative
        ({**DEAD, "died_on": date(2020, 3, 1), "died_precision": Precision.MONTH}, 5, True),
        ({**DEAD, "died_on": date(2020, 1, 1), "died_precision": Precision.YEAR}, 113, True),
        # … and not before last known alive
        (
            {
                **DEAD,
                "died_on": date(2020, 5, 1),
                "died_precision": Precision.MONTH,
                "last_alive_on": date(2020, 5, 20),
            },
            71,
            True,
        ),
        # the tissue came from a living person: no later news is zero days
        ({}, 0, False),
        ({"last_alive_on": date(2020, 1, 1)}, 0, False),
    ],
)
def test_days_and_event(facts: dict[str, Any], days: int, dead: bool) -> None:
    assert follow(BEGIN, **facts) == Followed(days, dead)


def test_a_death_in_a_month_that_began_before_the_start_is_not_negative() -> None:
    late = date(2020, 3, 28)
    followed = follow(late, vital=Vital.DEAD, died_on=date(2020, 3, 1), died_precision=Precision.MONTH)
    assert followed == Followed(0, True)


def test_a_start_known_to_the_month_yields_to_an_exact_end() -> None:
    march = PartialDate(date(2020, 3, 1), Precision.MONTH)
    assert follow(march, vital=Vital.DEAD, died_on=date(2020, 3, 3)) == Followed(0, True)
    assert follow(march, vital=Vital.DEAD, died_on=date(2020, 3, 25)) == Followed(10, True)
    assert follow(march, last_alive_on=date(2020, 3, 3)) == Followed(0, False)
    year = PartialDate(date(2020, 5, 5), Precision.YEAR)
    assert follow(year, last_alive_on=date(2020, 7, 11)) == Followed(10, False)


@pytest.mark.parametrize(
    ("begin", "facts", "reason"),
    [
        (BEGIN, {"basis": Basis.DCO, **DEAD, "died_on": BEGIN}, Excluded.DCO),
        (BEGIN, {"basis": Basis.AUTOPSY, **DEAD, "died_on": BEGIN}, Excluded.AUTOPSY),
        (None, {"last_alive_on": BEGIN}, Excluded.NO_START),
        (BEGIN, DEAD, Excluded.NO_DEATH_DATE),
        (BEGIN, {**DEAD, "died_on": date(2020, 3, 9)}, Excluded.BACKWARDS),
        (BEGIN, {"closing_on": date(2020, 3, 9), "last_alive_on": BEGIN}, Excluded.AFTER_CLOSING),
    ],
)
def test_who_is_left_out_and_why(begin: date | None, facts: dict[str, Any], reason: Excluded) -> None:
    followed = follow(begin, **facts)
    assert (followed.days, followed.dead, followed.excluded) == (None, None, reason)
    assert reason.label.zh and reason.label.en


def test_a_histological_basis_is_not_left_out() -> None:
    assert follow(BEGIN, basis=Basis.HISTOLOGY_PRIMARY, last_alive_on=BEGIN).excluded is None


dates = st.dates(date(2018, 1, 1), date(2024, 12, 31))
some = st.none() | dates


@given(dates, st.sampled_from(list(Precision)), some, st.sampled_from(list(Precision)), some, some, some)
def test_time_is_never_negative_and_never_ends_before_life_is_known(
    begin: date,
    begin_precision: Precision,
    died: date | None,
    died_precision: Precision,
    alive: date | None,
    linked: date | None,
    closing: date | None,
) -> None:
    started = PartialDate(begin, begin_precision)
    followed = follow(
        started,
        vital=Vital.DEAD if died else Vital.ALIVE,
        died_on=died,
        died_precision=died_precision,
        last_alive_on=alive,
        linked_until=linked,
        closing_on=closing,
    )
    assert (followed.days is None) == (followed.excluded is not None)
    if followed.days is None:
        return
    assert followed.days >= 0
    assert followed.dead is not None and (not followed.dead or died is not None)
    last = closing or linked
    if last is not None:
        assert started.first + timedelta(followed.days) <= max(last, started.last)
    exact_start = begin_precision is Precision.DAY and died_precision is not Precision.DAY
    if exact_start and followed.dead and alive and died and alive <= PartialDate(died, died_precision).last:
        assert begin + timedelta(followed.days) >= alive
