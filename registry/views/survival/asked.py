"""What a page of survival was asked for, read from its address; nonsense is taken for nothing asked."""

from collections.abc import Callable
from typing import Any

from flask import request

from registry.codes.lesion import Organ
from registry.label import Label
from registry.queries.releases import survival as released
from registry.queries.survival import life_tables
from registry.queries.survival.by_days import ROLES, divisions
from registry.reports.rates.quality import only_aggregates
from registry.reports.survival.curves import periods
from registry.reports.survival.method import Method, Wanted
from registry.reports.survival.methods import METHODS
from registry.reports.survival.regression import USUAL, covariates
from registry.reports.survival.sentences import ENDS, INTERVALS, ORIGINS
from registry.stats.age_standard import PATIENTS
from registry.views import asked

SITES = (("colorectum", Label("结直肠", "Colorectum")), *((organ.code, organ.label) for organ in Organ))
HORIZONS = (1, 3, 5, 10)  # years that a restricted mean is offered to
SHOWN_YEARS = (1, 3, 5, 10)


def wanted() -> Wanted:
    """Everything asked for, as the methods take it."""
    chosen = asked.centre()
    first, last = years()
    selection = {
        "site": site() or None,
        "invasive": behaviour() == "invasive",
        "role": role(),
        "centre_ids": [chosen.id] if chosen else None,
        **periods(first, last),
    }
    answers = {name: read() for name, read in OPTIONS.items() if name in method().options}
    given = {name: value for name, value in answers.items() if value not in (None, ())}
    return Wanted(by=by(), at=SHOWN_YEARS, smallest=asked.smallest(), selection=selection, **given)


def method() -> Method:
    """The method asked for, else Kaplan–Meier."""
    return METHODS[asked.one_of("method", METHODS, "km")]


def methods() -> list[Method]:
    """The methods that this reader gets answers of."""
    return [one for one in METHODS.values() if one.remembered or not only_aggregates()]


def options() -> frozenset[str]:
    """What of the method may be chosen; for readers of aggregates only how the same numbers are said."""
    return method().options & {"interval"} if only_aggregates() else method().options


def offered(key: str) -> bool:
    """Whether this reader may divide so."""
    return key != "centre" or asked.across_centres()


def divides(key: str | None) -> bool:
    """Whether this reader may divide the site asked for so; None leaves it whole."""
    if not only_aggregates():
        return key is None or offered(key)
    return released.offered(released.table_called(key, role()), site() or released.ALL)


def usual() -> str | None:
    """The division where none was asked for: by stage, else by organ, else none."""
    return next((key for key in ("summary_stage", "organ") if divides(key)), None)


def asked_by() -> str | None:
    """The division asked for, whether or not the site is divided so for this reader."""
    given = asked.one_of("by", [key for key in divisions() if offered(key)], usual())
    return None if request.args.get("by") == "none" or given is None else str(given)


def by() -> str | None:
    """The division asked for, or the usual one where the site is not divided so for this reader."""
    given = asked_by()
    return given if divides(given) else usual()


def site() -> str:
    """The organ asked for, or nothing."""
    return str(asked.one_of("site", dict(SITES), ""))


def behaviour() -> str:
    """Invasive cancers, or what is not invasive yet."""
    return str(asked.one_of("behaviour", ("invasive", "noninvasive"), "invasive"))


def role() -> str:
    """Which centre is meant."""
    return str(asked.one_of("role", ROLES, "detecting"))


def years() -> tuple[int | None, int | None]:
    """First and last year of diagnosis."""
    return _span("from", "to")


def _span(start: str, end: str) -> tuple[int | None, int | None]:
    first, last = _year(start), _year(end)
    return (first, first) if first and last and last < first else (first, last)


def _year(name: str) -> int | None:
    given = request.args.get(name, type=int)
    return given if given is not None and 1900 <= given <= 2200 else None


def life_table() -> str | None:
    """The name of the life table asked for."""
    name: str | None = asked.one_of("life_table", tables(), None)
    return name


def standard() -> str | None:
    """The standard population asked for."""
    name: str | None = asked.one_of("standard", PATIENTS, None)
    return name


def period() -> tuple[int, int] | None:
    """First and last year of the follow-up that counts; a single year is both."""
    given = [year for year in _span("seen_from", "seen_to") if year]
    return (given[0], given[-1]) if given else None


def clock() -> str | None:
    """From when on time is counted, where that is not diagnosis."""
    name: str | None = asked.one_of("clock", ORIGINS, None)
    return name


def end() -> str | None:
    """Which deaths count, where that is not all."""
    name: str | None = asked.one_of("end", ENDS, None)
    return name


def landmark() -> int | None:
    """The day beyond which people must have lived, asked for in days."""
    return _days("landmark")


def restricted() -> int | None:
    """The day up to which the mean is taken, asked for in years."""
    years_on = request.args.get("restricted", type=float)
    return int(365.25 * years_on) if years_on is not None and 0 < years_on <= 50 else None


def interval() -> str | None:
    """The scale of the interval."""
    name: str | None = asked.one_of("interval", INTERVALS, None)
    return name


def strata() -> str | None:
    """Within what the test compares."""
    name: str | None = asked.one_of("strata", [key for key in divisions() if offered(key)], None)
    return name if name != by() else None


def with_covariates() -> tuple[str, ...]:
    """The covariates of a model that there are, in the order given; each may name its reference level."""
    given = [part.strip() for part in ",".join(request.args.getlist("with")).split(",")]
    known = [
        part for part in given if part.partition(":")[0] in covariates() and offered(part.partition(":")[0])
    ]
    return tuple({part.partition(":")[0]: part for part in known}.values())


def chosen_covariates() -> list[str]:
    """The covariates of the model that is shown, the usual ones where none were named."""
    return [part.partition(":")[0] for part in with_covariates() or USUAL]


def _days(name: str) -> int | None:
    given = request.args.get(name, type=int)
    return given if given is not None and 0 < given <= 20_000 else None


def tables() -> list[str]:
    """The names of the life tables that there are."""
    return [one.name for one in life_tables.all_tables()]


# The field of `Wanted` that an option of the address fills; None where nothing sensible was asked.
OPTIONS: dict[str, Callable[[], Any]] = {
    "origin": clock,
    "end": end,
    "landmark": landmark,
    "restricted": restricted,
    "interval": interval,
    "strata": strata,
    "covariates": with_covariates,
    "life_table": life_table,
    "standard": standard,
    "period": period,
}
