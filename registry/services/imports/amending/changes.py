"""What a source says otherwise than the last time: written where nobody edited it since, else asked."""

import json
from typing import Any

from sqlalchemy import select

from registry.access import unscoped
from registry.extensions import db
from registry.models import AuditEntry, Base, ImportedCase
from registry.services.imports.ahead.prepared import Prepared
from registry.services.imports.case import Records
from registry.services.imports.memory import digests, said, value_digest
from registry.services.lists import questions
from registry.services.unit import Unit


class Changes:
    """What a source says otherwise than the last time, and whether it may be written."""

    def __init__(self, unit: Unit, prepared: Prepared, memory: ImportedCase) -> None:
        self.unit, self.sound, self.memory = unit, prepared.sound, memory
        self.before: dict[str, str] = json.loads(memory.fields or "{}")
        self.now = digests(said(prepared.case))
        self.asked = 0

    def differs(self, path: str) -> bool:
        """Whether the source says something else there than it last did."""
        return self.before.get(path) != self.now.get(path)

    def of(self, row: Base, path: str, values: Records, *, shared: bool = False) -> Records:
        """Those of the values that the source changed and that may be stored on a record.

        What a person edited since becomes a question. `shared` is for records that other cases
        write too: there only what this case's source last said is replaced.
        """
        return {
            name: value
            for name, value in values.items()
            if self.differs(f"{path}-{name}") and self._may(row, f"{path}-{name}", name, value, shared)
        }

    def _may(self, row: Base, path: str, name: str, value: Any, shared: bool) -> bool:
        stored = getattr(row, name)
        if stored == value:
            return False
        if value_digest(path, stored) == self.before.get(path, ""):
            return True
        if edited(row, name):
            self.ask(row, name, value)
            return False
        return not shared

    def ask(self, row: Base, name: str, value: Any) -> None:
        """Leave a question on a record."""
        examination_id = self.memory.examination_id
        self.asked += questions.ask(
            self.unit, row, name, value, examination_id=examination_id, import_id=self.memory.import_id,
            person_id=self.memory.person_id,
        )  # fmt: skip


def edited(row: Base, *names: str) -> bool:
    """Whether a person changed one of these columns of a record since it was brought in."""
    entries = select(AuditEntry.changes).where(
        AuditEntry.subject == row.__tablename__,
        AuditEntry.subject_id == row.id,  # type: ignore[attr-defined]
        AuditEntry.kind == "update",
        AuditEntry.action.not_like("import.%"),
        AuditEntry.action != questions.TAKE,
    )
    with unscoped("import"):
        changed = {key for told in db.session().scalars(entries) if told for key in json.loads(told)}
    return bool(changed & {*names, *(f"{name}_sealed" for name in names)})
