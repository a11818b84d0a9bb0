"""Every check of the records, as data: completeness, plausibility and timeliness, each with its threshold.

`queries.review.data_quality` counts them, one statement a kind of record; `reports.data_quality` divides.
"""

from registry.indicators.checks import examinations, lesions, pathology, timely, tumours
from registry.indicators.checks.check import TODAY, Check, Records, Threshold, field_of, label_of, table_of

CHECKS: dict[str, Check] = {
    one.key: one
    for one in sorted(
        (
            *examinations.CHECKS,
            *lesions.CHECKS,
            *pathology.CHECKS,
            *tumours.CHECKS,
            *timely.CHECKS,
        ),
        key=lambda one: one.kind.rank,
    )
}

__all__ = [
    "CHECKS",
    "TODAY",
    "Check",
    "Records",
    "Threshold",
    "check_called",
    "field_of",
    "label_of",
    "table_of",
]


def check_called(key: str) -> Check:
    """The check with this key; KeyError names those there are."""
    if key not in CHECKS:
        raise KeyError(f"no check is called {key!r}; there are {', '.join(CHECKS)}")
    return CHECKS[key]
