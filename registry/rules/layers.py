"""How deep the submucosa is invaded, by the measure of each organ."""

from registry.codes.lesion import Organ
from registry.codes.pathology import Depth

# JES 2017; JGCA 2021; JSCCR 2019: up to 200 µm, below 500 µm, below 1000 µm.
_LIMIT_UM = {Organ.OESOPHAGUS: 201, Organ.STOMACH: 500, Organ.COLON: 1000, Organ.RECTUM: 1000}


def shallow_submucosa(
    organ: Organ, depth: Depth, depth_um: int | None, *, below_um: int | None = None
) -> bool | None:
    """Whether invasion of the submucosa stays within what a rule calls shallow (SM1).

    Parameters
    ----------
    depth_um : int or None
        Measured invasion. It decides where it is known, whatever the level says.
    below_um : int or None
        The limit; None for the organ's own (200 µm inclusive, 500 and 1000 µm exclusive).

    Returns
    -------
    bool or None
        None where nothing was measured and the level does not settle it. SM1 without µm stays
        open; SM2 and SM3 of oesophagus and stomach are deep by their own definition, while in the
        large bowel levels are thirds of the submucosa and say nothing in µm.
    """
    if not depth.submucosal:
        raise ValueError(f"{depth.code} is not in the submucosa")
    limit = below_um or _LIMIT_UM.get(organ)
    if depth_um is not None and limit is not None:
        return depth_um < limit
    own_limit = below_um is None or below_um - (_LIMIT_UM.get(organ) or 0) in {0, 1}
    if depth in {Depth.SM2, Depth.SM3} and organ in {Organ.OESOPHAGUS, Organ.STOMACH} and own_limit:
        return False
    return None
