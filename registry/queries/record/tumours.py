"""One tumour: who has it, how it was treated, what its resections showed, and where that was."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from registry.access import unscoped
from registry.codes.pathology import Method
from registry.extensions import db
from registry.label import Label
from registry.models import Centre, Lesion, Report, Result, Sighting, Specimen, Tumour
from registry.rules.resection import Resection

RESECTED = tuple(method for method in Method if method.resects)
FACTS = (
    *("who_type", "morphology", "differentiation", "depth", "depth_um", "ulceration", "lymphatic", "venous"),
    *("horizontal_margin", "vertical_margin", "r0", "size_mm", "undifferentiated_mm", "budding"),
)


@dataclass(frozen=True)
class Resected:
    """One resection of a tumour, as its current report tells it."""

    on: date
    centre: Label
    method: Method
    resection: Resection


def tumour(tumour_id: int) -> Tumour | None:
    """A tumour within scope, with its person and treatments; None otherwise."""
    return db.session.scalar(
        select(Tumour)
        .where(Tumour.id == tumour_id)
        .options(joinedload(Tumour.person), selectinload(Tumour.treatments), selectinload(Tumour.sightings))
        .execution_options(populate_existing=True)
    )


def resections(found: Tumour) -> list[Resected]:
    """What current reports of resections say of a tumour, wherever it was done; the latest last.

    Facts of the tissue only, under the bypass for settled facts: nothing that names anyone.
    """
    statement = (
        select(
            Specimen.taken_on,
            Specimen.method,
            Specimen.en_bloc,
            Specimen.pieces,
            Lesion.cancer,
            Lesion.site,
            Centre.name_zh,
            Centre.name_en,
            *(getattr(Result, name) for name in FACTS),
        )
        .join(Report, Report.id == Result.report_id)
        .join(Specimen, Specimen.id == Report.specimen_id)
        .join(Lesion, Lesion.id == Result.lesion_id)
        .join(Sighting, Sighting.lesion_id == Lesion.id)
        .join(Centre, Centre.id == Specimen.centre_id)
        .where(Sighting.tumour_id == found.id, Report.current, Specimen.method.in_(RESECTED))
        .order_by(Specimen.taken_on, Result.id)
    )
    with unscoped("settled facts"):
        rows = db.session.execute(statement).all()
    return [
        Resected(
            row.taken_on,
            Label(row.name_zh, row.name_en or row.name_zh),
            row.method,
            Resection(
                organ=row.site.organ if row.site else found.organ,
                method=row.method,
                cancer=row.cancer,
                en_bloc=row.en_bloc,
                pieces=row.pieces,
                **{name: getattr(row, name) for name in FACTS},
            ),
        )
        for row in rows
    ]


def centre_names() -> dict[int, Label]:
    """The names of the alliance's centres, by id."""
    rows = db.session.execute(select(Centre.id, Centre.name_zh, Centre.name_en))
    return {row.id: Label(row.name_zh, row.name_en or row.name_zh) for row in rows}
