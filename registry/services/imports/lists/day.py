"""A day's list brought by a file: each line found or enrolled, and put on the list."""

from registry.services.imports.case import Case
from registry.services.lists import day_list


def store(case: Case, *, run_id: int, source: str) -> str:
    """Put one line on the list of the centre that is acted for: "new", "updated" or "unchanged".

    Who is enrolled by a list stays enrolled though the run is cancelled, and counts in no rate.

    Raises
    ------
    Invalid
        Storing nothing, with problems by path.
    """
    return day_list.put_on(
        listed=case.listed, person=case.person, enrolment=case.enrolment, document=case.document
    )
