"""What current pathology says of lesions, as the plain facts that rules.summary weighs."""

from typing import Any

from sqlalchemy import Select, select

from registry.models import Report, Result, Specimen


def current_results(*first: Any) -> Select[Any]:
    """The results of current reports on lesions: the caller's columns, then those of `ResultFacts`.

    Report and Specimen are joined; the caller narrows further.
    """
    return (
        select(
            *first,
            Result.finding,
            Result.vienna,
            Result.who_type,
            Result.morphology,
            Result.depth,
            Result.depth_um,
            Specimen.method,
            Specimen.taken_on,
        )
        .join(Report, Report.id == Result.report_id)
        .join(Specimen, Specimen.id == Report.specimen_id)
        .where(Report.current, Result.lesion_id.is_not(None))
    )
