"""What is known of one resected cancer, and for each fact every value it may still have."""

from dataclasses import dataclass
from typing import Any

from registry.codes.lesion import Organ
from registry.codes.pathology import (
    Budding,
    Depth,
    Differentiation,
    Lymphatic,
    Margin,
    Method,
    Morphology,
    Ulceration,
    Venous,
    WhoType,
)
from registry.label import Label
from registry.rules.layers import shallow_submucosa
from registry.rules.problem import Open

SURFACE, MUCOSA, SHALLOW, DEEP = "surface", "mucosa", "shallow", "deep"
EITHER = (True, False)
SIZES = (20, 30, 31)  # one size for each band that a rule tells apart

_UNDIFFERENTIATED = {WhoType.SIGNET_RING, WhoType.UNDIFFERENTIATED_CARCINOMA}
_SQUAMOUS = {WhoType.SQUAMOUS_CARCINOMA, WhoType.SQUAMOUS_DYSPLASIA}
_LABELS = {
    "cancer": Label("是否为癌", "Whether it is a carcinoma"),
    "depth": Label("浸润深度", "Depth of invasion"),
    "depth_um": Label("黏膜下浸润 µm", "Submucosal invasion in µm"),
    "en_bloc": Label("是否整块", "En bloc"),
    "horizontal_margin": Label("水平切缘", "Horizontal margin"),
    "vertical_margin": Label("垂直切缘", "Vertical margin"),
    "lymphatic": Label("淋巴管侵犯", "Lymphatic invasion"),
    "venous": Label("静脉侵犯", "Venous invasion"),
    "ulceration": Label("溃疡", "Ulceration"),
    "differentiation": Label("分化程度", "Differentiation"),
    "undifferentiated_mm": Label("未分化成分大小", "Size of the undifferentiated component"),
    "undifferentiated_in_submucosa": Label(
        "黏膜下有无未分化成分", "Undifferentiated component in the submucosa"
    ),
    "size_mm": Label("病理大小", "Size on pathology"),
    "budding": Label("肿瘤出芽", "Tumour budding"),
    "who_type": Label("组织学类型", "Histological type"),
}
_COLUMNS = {
    "horizontal_clear": "horizontal_margin",
    "vertical_clear": "vertical_margin",
    "no_lymphatic": "lymphatic",
    "no_venous": "venous",
    "ulcer": "ulceration",
    "undifferentiated": "differentiation",
    "undifferentiated_over_20": "undifferentiated_mm",
    "size": "size_mm",
    "kind": "who_type",
}


@dataclass(frozen=True)
class Resection:
    """The current pathology of one endoscopically resected cancer, named as in the record.

    `size_mm` is the pathologist's. An X ("cannot be assessed") settles nothing, so it is treated as
    not known: a curability is then not made up but left open.
    """

    organ: Organ | None
    method: Method | None = None
    cancer: bool | None = True
    en_bloc: bool | None = None
    pieces: int | None = None
    who_type: WhoType | None = None
    morphology: Morphology | None = None
    differentiation: Differentiation | None = None
    depth: Depth | None = None
    depth_um: int | None = None
    ulceration: Ulceration | None = None
    lymphatic: Lymphatic | None = None
    venous: Venous | None = None
    horizontal_margin: Margin | None = None
    vertical_margin: Margin | None = None
    r0: bool | None = None
    size_mm: float | None = None
    undifferentiated_mm: float | None = None
    undifferentiated_in_submucosa: bool | None = None
    budding: Budding | None = None

    @property
    def endoscopic(self) -> bool:
        """Whether the endoscope took the lesion out."""
        return self.method is not None and self.method.resects and self.method is not Method.SURGERY

    @property
    def undifferentiated(self) -> bool | None:
        """The two-kind sense of the stomach; None where not stated, or mixed."""
        if self.who_type in _UNDIFFERENTIATED or self.morphology is Morphology.SIGNET_RING:
            return True
        if self.differentiation is None or self.differentiation.differentiated is None:
            return None
        return not self.differentiation.differentiated

    @property
    def squamous(self) -> bool | None:
        """Whether an oesophageal cancer is squamous rather than Barrett's."""
        if self.who_type is not None:
            return self.who_type in _SQUAMOUS
        return None if self.morphology is None else self.morphology.code.startswith(("807", "8020"))

    def open(self, fact: str) -> Open:
        """What has to be recorded to settle a fact."""
        column = _COLUMNS.get(fact, fact)
        if fact == "layer":
            column = "depth_um" if self.depth is not None and self.depth.submucosal else "depth"
        return Open(column, _LABELS[column])

    def stomach_facts(self) -> dict[str, tuple[Any, ...]]:
        """What eCura asks."""
        return {
            **self._edges(),
            **self._vessels(),
            "layer": self._layers(SURFACE_IS_MUCOSA),
            "ulcer": _unless_x(self.ulceration, Ulceration.PRESENT),
            "size": self._sizes(),
            "undifferentiated": _known(self.undifferentiated),
            **self._undifferentiated_part(),
        }

    def esge_facts(self) -> dict[str, tuple[Any, ...]]:
        """What the ESGE groups ask. Their limits include the figure itself: 200, 500, 1000 µm."""
        kinds: tuple[str, ...] = ("stomach",)
        if self.organ is not None and self.organ.colorectal:
            kinds = ("colorectum",)
        elif self.organ is Organ.OESOPHAGUS:
            kinds = {True: ("squamous",), False: ("barrett",), None: ("squamous", "barrett")}[self.squamous]
        limit = {"squamous": 201, "barrett": 501, "stomach": 501, "colorectum": 1001}
        layers = {layer for kind in kinds for layer in self._layers(below_um=limit[kind])}
        return {
            **self._edges(),
            **self._vessels(),
            "layer": tuple(sorted(layers)),
            "kind": kinds,
            "ulcer": _unless_x(self.ulceration, Ulceration.PRESENT),
            "size": self._sizes(),
            "undifferentiated": _known(self.undifferentiated),
            "budding": self._budding(),
        }

    def oesophagus_facts(self) -> dict[str, tuple[Any, ...]]:
        """What the oesophageal rule asks."""
        return {**self._edges(), **self._vessels(), "layer": self._layers()}

    def colorectum_facts(self) -> dict[str, tuple[Any, ...]]:
        """What the colorectal rule asks."""
        return {
            **self._edges(),
            **self._vessels(),
            "layer": self._layers(SURFACE_IS_MUCOSA),
            "undifferentiated": _known(self.undifferentiated),
            "budding": self._budding(),
        }

    def _edges(self) -> dict[str, tuple[Any, ...]]:
        en_bloc = self.en_bloc
        if self.method is Method.PEMR or (self.pieces is not None and self.pieces > 1):
            en_bloc = False
        said = EITHER if self.r0 is not True else (True,)
        return {
            "en_bloc": _known(en_bloc),
            "horizontal_clear": said if self.horizontal_margin is None else _clear(self.horizontal_margin),
            "vertical_clear": said if self.vertical_margin is None else _clear(self.vertical_margin),
        }

    def _vessels(self) -> dict[str, tuple[Any, ...]]:
        return {
            "no_lymphatic": _unless_x(self.lymphatic, Lymphatic.ABSENT),
            "no_venous": _unless_x(self.venous, Venous.ABSENT),
        }

    def _budding(self) -> tuple[bool, ...]:
        return EITHER if self.budding is None else (self.budding is not Budding.LOW,)

    def _sizes(self) -> tuple[float, ...]:
        if self.size_mm is not None:
            return (self.size_mm,)
        least = self.undifferentiated_mm or 0
        return tuple(size for size in SIZES if size >= least) or (least,)

    def _undifferentiated_part(self) -> dict[str, tuple[Any, ...]]:
        """A cancer called well or moderate has no such part unless one is measured."""
        mm = self.undifferentiated_mm
        if mm is None and self.differentiation in {Differentiation.WELL, Differentiation.MODERATE}:
            mm = 0
        inside = self.undifferentiated_in_submucosa
        return {
            "undifferentiated_over_20": EITHER if mm is None else (mm > 20,),
            "undifferentiated_in_submucosa": _known(False if inside is None and mm == 0 else inside),
        }

    def _layers(self, merge: dict[str, str] | None = None, *, below_um: int | None = None) -> tuple[str, ...]:
        """The layers it may have reached, merging those the rule does not tell apart."""
        depth = self.depth
        layers: tuple[str, ...]
        if depth is None:
            layers = SURFACE, MUCOSA, SHALLOW, DEEP
        elif depth is Depth.M:
            layers = SURFACE, MUCOSA
        elif depth.intramucosal:
            layers = (MUCOSA if depth is Depth.MM else SURFACE,)
        elif depth.submucosal:
            shallow = (
                shallow_submucosa(self.organ, depth, self.depth_um, below_um=below_um) if self.organ else None
            )
            layers = {True: (SHALLOW,), False: (DEEP,), None: (SHALLOW, DEEP)}[shallow]
        else:
            layers = (DEEP,)
        return tuple(dict.fromkeys((merge or {}).get(layer, layer) for layer in layers))


SURFACE_IS_MUCOSA = {SURFACE: MUCOSA}


def _known(value: bool | None) -> tuple[bool, ...]:
    return EITHER if value is None else (value,)


def _clear(margin: Margin) -> tuple[bool, ...]:
    return EITHER if margin is Margin.UNCERTAIN else (margin is Margin.CLEAR,)


def _unless_x(code: Ulceration | Lymphatic | Venous | None, wanted: object) -> tuple[bool, ...]:
    return EITHER if code is None or code.code == "X" else (code is wanted,)
