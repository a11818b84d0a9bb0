"""The fields of the record that a file may feed, and those that its records cannot do without."""

import re
from typing import Any

from registry.models import (
    AdverseEvent,
    Background,
    Base,
    Enrolment,
    Examination,
    IdentityDocument,
    Lesion,
    Listed,
    Person,
    Report,
    Result,
    Specimen,
    Tumour,
    VitalStatus,
)

RECORDS: dict[str, type[Base]] = {
    "person": Person,
    "enrolment": Enrolment,
    "document": IdentityDocument,
    "examination": Examination,
    "background": Background,
    "lesion": Lesion,
    "specimen": Specimen,
    "report": Report,
    "result": Result,
    "adverse_event": AdverseEvent,
    "tumour": Tumour,
    "vital_status": VitalStatus,
    "listed": Listed,
}
# Records of which a case may hold several, by their name in a case.
MANY = {
    "lesion": "lesions",
    "specimen": "specimens",
    "report": "report",
    "result": "results",
    "adverse_event": "adverse_events",
}
_ALWAYS: dict[str, set[str]] = {"document": {"value"}, "adverse_event": {"kind"}}
_LIFE = {"vital_status": {"vital", "as_of", "source"}}
_CANCER = {"tumour": {"organ"}}
NEEDED: dict[str, dict[str, set[str]]] = {
    "cases": {
        **_ALWAYS,
        **_LIFE,
        **_CANCER,
        "examination": {"type", "performed_on"},
        "specimen": {"method"},
    },
    "day_list": {**_ALWAYS, "listed": {"listed_on"}},
    "pathology": {**_ALWAYS, "specimen": {"pathology_number"}, "report": {"wording"}},
    "deaths": {**_ALWAYS, **_LIFE},
    "register": {**_ALWAYS, **_LIFE, **_CANCER},
}
DERIVED = {"followed_days"}
# What the registry settles by itself from the rest of the record.
SETTLED = {
    "person": {"vital", "died_on", "died_precision", "last_alive_on", "linked_until", "vital_conflict"},
    "tumour": {"sequence", "followed_days", "dead", "awaited", "worst", "deepest", "clinical_early"},
    "document": {"digest"},
    "examination": {"age"},
    "lesion": {"sampled", "awaited", "worst", "deepest", "adenoma", "serrated", "cancer"},
    "specimen": {"reported"},
    "report": {"current"},
    "listed": {"state"},
}
_HIDDEN = re.compile(r"^(id|version|pseudonym|.*_id|.*_sealed|.*_digest)$")


def fields_of(record: str) -> set[str]:
    """The fields of a record that a file may feed: its columns, and what it keeps sealed."""
    columns = {column.name for column in RECORDS[record].__table__.columns}
    sealed = {name.removesuffix("_sealed") for name in columns if name.endswith("_sealed")}
    stored = {name for name in columns if not _HIDDEN.match(name) and name != "settled"}
    return (stored | sealed) - SETTLED.get(record, set())


def column_of(record: str, field: str) -> tuple[dict[str, Any], type]:
    """What a field's column says of itself, and the type of its values; text for what is kept sealed."""
    columns = RECORDS[record].__table__.columns
    if field in columns:
        column = columns[field]
        return column.info, str if "codes" in column.info else column.type.python_type
    return columns[f"{field}_sealed"].info, str


def is_date_with_precision(record: str, field: str) -> str | None:
    """The column that says how exactly a day is known, None where there is none."""
    beside = f"{field.removesuffix('_on')}_precision"
    return beside if beside in RECORDS[record].__table__.columns else None
