"""How a death counts where ends compete."""

import pytest

from registry.codes.lesion import Organ
from registry.rules.cause import CAUSE, OF_ORGAN, End, end_of


@pytest.mark.parametrize(
    ("cause", "organ", "end"),
    [
        ("C16.9", Organ.STOMACH, End.CANCER),
        ("c169", Organ.STOMACH, End.CANCER),
        ("C16.0", Organ.OESOPHAGUS, End.CANCER),  # the cardia and the lower oesophagus
        ("C16.3", Organ.OESOPHAGUS, End.OTHER),
        ("C20", Organ.COLON, End.CANCER),  # death certificates mix colon and rectum
        ("C18.2", Organ.RECTUM, End.CANCER),
        ("C18.2", Organ.STOMACH, End.OTHER),  # another primary
        ("C78.7", Organ.COLON, End.CANCER),  # metastases
        ("C80", Organ.STOMACH, End.CANCER),
        ("D37.1", Organ.STOMACH, End.CANCER),
        ("C22.0", Organ.OTHER, End.CANCER),
        ("I21.9", Organ.STOMACH, End.OTHER),
        ("R99", Organ.STOMACH, End.UNKNOWN),
        (" ", Organ.STOMACH, End.UNKNOWN),
        (None, Organ.STOMACH, End.UNKNOWN),
    ],
)
def test_each_kind_of_cause(cause, organ, end):
    assert end_of(cause, organ) is end


def test_every_organ_has_codes_and_the_clause_its_source():
    assert OF_ORGAN.keys() == set(Organ)
    assert "JNCI 2010" in CAUSE.source
    assert [end.number for end in End] == [1, 2, 3]
