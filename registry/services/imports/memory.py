"""What is remembered of an imported case: by which key its source knows it, and what each field said.

All of it as keyed digests, so that a second reading changes nothing, a third finds the one field
that changed, and nothing here tells a value.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import keyring
from registry.models import ImportedCase
from registry.services.chain import canonical, plain
from registry.services.imports.case import Case

ONE = ("person", "enrolment", "document", "examination", "background", "tumour", "vital_status")
SHORT = 10


def key_digest(source: str, case: Case) -> str:
    """By which a later reading of the same source finds the case again."""
    return keyring.current().digest(f"import key {source}", case.key)


def content_digest(fields: str) -> str:
    """What a case says, as a keyed digest over those of its fields: equal when nothing has changed."""
    return keyring.current().digest("import content", fields)


def fields(case: Case) -> str:
    """The digests of a case's fields, as stored: JSON of path → short keyed digest."""
    return json.dumps(digests(said(case)), separators=(",", ":"))


def without_person(fields: str) -> str:
    """The stored digests of a case but for those of what its person is: the next reading tells these anew."""
    kept = {
        path: digest
        for path, digest in json.loads(fields).items()
        if not path.startswith("person-") and path != "enrolment-region"
    }
    return json.dumps(kept, separators=(",", ":"))


def digests(values: Mapping[str, Any]) -> dict[str, str]:
    """A short keyed digest of each value that is known, by path."""
    ring, found = keyring.current(), {}
    for path, value in values.items():
        if value is None or value == "":
            continue
        try:
            found[path] = _digest(ring, path, value)
        except TypeError:  # a list of results, which no cache can hold
            found[path] = _short(ring, path, canonical(value))
    return found


def value_digest(path: str, value: Any) -> str:
    """The short digest of one field's value; empty where nothing is known."""
    return digests({path: value}).get(path, "")


def said(case: Case) -> dict[str, Any]:
    """What a case says, field by field. A lesion goes by its number, a specimen by its 病理号 or letter."""
    found = {
        f"{name}-{field}": value for name in ONE for field, value in (case.records.get(name) or {}).items()
    }
    for place, lesion in enumerate(case.lesions, 1):
        path = f"lesion {lesion.get('number') or place}"
        found |= {f"{path}-{field}": value for field, value in lesion.items() if field != "number"}
        found[f"{path}-number"] = lesion.get("number") or place
    for place, specimen in enumerate(case.specimens, 1):
        path = f"specimen {specimen_key(specimen, place)}"
        report = specimen.get("report") or {}
        found |= {f"{path}-{field}": value for field, value in specimen.items() if field != "report"}
        found |= {f"{path}-report-{field}": value for field, value in report.items()}
        found[f"{path}-letter"] = specimen.get("letter") or place
    if case.adverse_events:
        found["adverse_events"] = case.adverse_events
    return found


def specimen_key(specimen: Mapping[str, Any], place: int) -> str:
    """What a specimen is known by within its case."""
    return str(specimen.get("pathology_number") or specimen.get("letter") or place)


def known(session: Session, digests: Iterable[str], *, source: str, centre_id: int) -> dict[str, Any]:
    """What earlier readings of the source left, by key digest: id, content_digest, person_id, import_id …"""
    memory = ImportedCase
    columns = (
        memory.id, memory.key_digest, memory.content_digest, memory.person_id, memory.import_id,
        memory.examination_id,
    )  # fmt: skip
    found = session.execute(
        select(*columns).where(
            memory.centre_id == centre_id, memory.source == source, memory.key_digest.in_(list(digests))
        )
    )
    return {row.key_digest: row for row in found}


@lru_cache(maxsize=20_000)
def _digest(ring: keyring.KeyRing, path: str, value: Any) -> str:
    value = plain(value)
    return _short(ring, path, value if isinstance(value, str) else canonical(value))


def _short(ring: keyring.KeyRing, path: str, text: str) -> str:
    return ring.digest(f"import field {path}", text)[:SHORT]
