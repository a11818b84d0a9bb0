"""What is read from a text: codes with the words they stand in, gathered by what they speak of."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from registry.codes.code_set import CodeSet
from registry.codes.endoscopy import Kimura, LosAngeles, Operative
from registry.codes.lesion import Borrmann, Impression, Jes, Jnet, Lst, Nice, Organ, Paris, Site, Wall
from registry.codes.pathology import (
    Budding,
    Depth,
    Differentiation,
    Finding,
    Lymphatic,
    Margin,
    Morphology,
    Ulceration,
    Venous,
    Vienna,
    WhoType,
)
from registry.codes.risk import TestResult

Value = CodeSet | int | float | bool
Kind = Literal["lesion", "result", "background"]

# Every field that a rule can propose, and what its value is. The prefix names the record it belongs
# to; that of a result may be the specimen it came from, that of a background the risk assessment.
FIELDS: dict[str, type[CodeSet] | type[int] | type[float] | type[bool]] = {
    "lesion.site": Site,
    "lesion.wall": Wall,
    "lesion.distance_cm": float,
    "lesion.size_mm": int,
    "lesion.size_mm_upper": int,
    "lesion.paris": Paris,
    "lesion.borrmann": Borrmann,
    "lesion.lst": Lst,
    "lesion.jnet": Jnet,
    "lesion.nice": Nice,
    "lesion.jes": Jes,
    "lesion.impression": Impression,
    "background.kimura": Kimura,
    "background.los_angeles": LosAngeles,
    "background.prague_c": float,
    "background.prague_m": float,
    "background.eggim": int,
    "background.olga": Operative,
    "background.olgim": Operative,
    "risk.hp_result": TestResult,
    "result.finding": Finding,
    "result.vienna": Vienna,
    "result.who_type": WhoType,
    "result.morphology": Morphology,
    "result.differentiation": Differentiation,
    "result.depth": Depth,
    "result.depth_um": int,
    "result.ulceration": Ulceration,
    "result.lymphatic": Lymphatic,
    "result.venous": Venous,
    "result.horizontal_margin": Margin,
    "result.vertical_margin": Margin,
    "result.r0": bool,
    "result.size_mm": int,
    "result.villous_percent": float,
    "result.budding": Budding,
    "specimen.en_bloc": bool,
}


class Read(NamedTuple):
    """One value for one field, and the words `text[begins:ends]` it was read from.

    `rule` is the key of the rule in `registry.rules.reading.RULES`, which states its source.
    """

    field: str
    value: Value
    begins: int
    ends: int
    rule: str

    @property
    def code(self) -> str:
        """The value as it is stored in text: a code, a number, or true and false."""
        if isinstance(self.value, CodeSet):
            return self.value.code
        return str(self.value).lower() if isinstance(self.value, bool) else f"{self.value:g}"


@dataclass(frozen=True)
class Part:
    """One thing that a text speaks of: a lesion, a result of tissue, or the mucosa around.

    `organ` and `site` say where, as far as the words or their reader tell; for a lesion the site is
    among the reads too.
    """

    kind: Kind
    reads: tuple[Read, ...]
    organ: Organ | None = None
    site: Site | None = None

    def value(self, field: str) -> Value | None:
        """The value read for a field, or None."""
        return next((read.value for read in self.reads if read.field == field), None)
