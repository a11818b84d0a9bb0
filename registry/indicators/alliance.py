"""The alliance's own indicators: early cancers found."""

from registry.codes.lesion import Organ
from registry.indicators.detection import early_detection
from registry.indicators.indicator import IndicatorSet
from registry.label import Label

DETECTION = (
    early_detection("EARLY-OESOPHAGUS", Organ.OESOPHAGUS),
    early_detection("EARLY-STOMACH", Organ.STOMACH),
    early_detection("EARLY-COLORECTUM", Organ.COLON),
)
SET = IndicatorSet("ALLIANCE", Label("联盟指标", "The alliance's indicators"), DETECTION, on=True)
