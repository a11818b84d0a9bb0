"""Raw rates with what the reader asked to see beside them: one list of rows for page, file and command."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.reports.rates.case_mixed import CaseMixed, case_mixed
from registry.reports.rates.quality import Rate
from registry.reports.rates.shrunken import ShrunkenRate, shrunken
from registry.reports.rates.standardised import Standardised, standardised
from registry.reports.rates.strata import Counted


@dataclass(frozen=True)
class Wanted:
    """What is to stand beside the raw rates: a standard's key, observed over expected, shrunken rates."""

    standard: str | None = None
    case_mix: bool = False
    shrunken: bool = False

    def __bool__(self) -> bool:
        return bool(self.standard or self.case_mix or self.shrunken)


@dataclass(frozen=True)
class Row:
    """A raw rate and what stands beside it; None where it was not asked for or there is none."""

    rate: Rate
    standardised: Standardised | None = None
    case_mixed: CaseMixed | None = None
    shrunken: ShrunkenRate | None = None

    def as_dict(self) -> dict[str, Any]:
        """The raw rate's columns, then those of what there is beside it."""
        beside = (self.standardised, self.case_mixed, self.shrunken)
        return self.rate.as_dict() | {
            name: value for one in beside if one is not None for name, value in one.as_dict().items()
        }


def beside(
    rates: Sequence[Rate],
    wanted: Wanted,
    *,
    by: str | None = None,
    start: date | None = None,
    end: date | None = None,
    centre_ids: Sequence[int] | None = None,
    operator_id: int | None = None,
) -> list[Row]:
    """Each raw rate with what is wanted beside it, which is counted once; errors as `standardised`."""
    counted = Counted(rates, by, start, end, centre_ids, operator_id)
    nothing: list[Any] = [None] * len(rates)
    columns = (
        standardised(counted, wanted.standard) if wanted.standard else nothing,
        case_mixed(counted) if wanted.case_mix else nothing,
        shrunken(rates) if wanted.shrunken else nothing,
    )
    return [Row(rate, *parts) for rate, *parts in zip(rates, *columns, strict=True)]


def as_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as files hold them, all with the same columns; what a row has not is null."""
    found = [row.as_dict() for row in rows]
    names = list(dict.fromkeys(name for row in found for name in row))
    return [{name: row.get(name) for name in names} for row in found]
