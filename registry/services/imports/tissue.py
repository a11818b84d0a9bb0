"""What pathology in a run proves: the tumours of its persons, settled before rates see the run."""

from typing import Any

from sqlalchemy import Select, or_, select

from registry.access import unscoped
from registry.codes.pathology import Vienna
from registry.extensions import db
from registry.models import Examination, Lesion, Sighting, Tumour
from registry.services import tumours
from registry.services.imports.held import put_back
from registry.services.unit import change

GRAVE = [category for category in Vienna if category.high_grade or category.carcinoma]
STEP = 20


def settle(run_id: int, *, reason: str) -> None:
    """Settle the tumours of everybody in whom a lesion of this run is grave and counted as none yet.

    Twenty persons to a change, so that nobody waits long; a run that was killed meanwhile finds the
    rest again.
    """
    with unscoped("import"):
        waiting = list(db.session().scalars(_waiting(run_id)))
    db.session().rollback()
    for begin in range(0, len(waiting), STEP):
        with change("import.tumours", reason=reason) as unit:
            unit.run_id = run_id
            for person_id in waiting[begin : begin + STEP]:
                tumours.settle(unit, person_id)
                for row in unit.added:
                    if isinstance(row, Tumour):
                        row.import_id = run_id
            put_back(unit, run_id)


def _waiting(run_id: int) -> Select[Any]:
    counted = select(Sighting.id).where(Sighting.lesion_id == Lesion.id).exists()
    return (
        select(Examination.person_id)
        .join(Lesion, Lesion.examination_id == Examination.id)
        .where(Examination.import_id == run_id, ~counted)
        .where(or_(Lesion.cancer.is_(True), Lesion.worst.in_(GRAVE)))
        .distinct()
        .order_by(Examination.person_id)
    )
