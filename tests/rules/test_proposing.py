"""What codes read from words come to: which lesion, what the record lacks, how much it matters."""

import pytest

from registry.codes.lesion import Impression, Organ, Paris, Site
from registry.codes.pathology import Depth, Finding, Method, Vienna, WhoType
from registry.rules.proposing import (
    Spoken,
    counterpart,
    lacking,
    proved,
    same_place,
    spoken,
    tie,
    weigh,
    weighed,
)
from registry.rules.reading import Part, Read


def said(kind="lesion", organ=None, site=None, **values):
    """A part as rules would read it; a double underscore stands for the dot of a field."""
    reads = [Read(name.replace("__", "."), value, 0, 2, "rule") for name, value in values.items()]
    return Spoken(kind, organ, site, tuple(reads))


def test_a_field_read_twice_counts_once_and_not_at_all_where_the_two_differ():
    reads = [
        Read("lesion.size_mm", 8, 0, 3, "size"),
        Read("lesion.size_mm", 8, 9, 12, "size"),
        Read("lesion.paris", Paris.IS, 4, 6, "paris"),
        Read("lesion.paris", Paris.IP, 13, 15, "paris"),
        Read("risk.hp_result", 1, 16, 17, "hp"),
    ]
    [part] = spoken([Part("lesion", tuple(reads))], {"lesion.size_mm", "lesion.paris"})
    assert [(read.field, read.begins) for read in part.reads] == [("lesion.size_mm", 0)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Site.ANTRUM, Site.ANTRUM, True),
        (Site.ANTRUM, Site.STOMACH_NOS, True),
        (Site.ANTRUM, Site.LESSER_CURVE, False),
        (Site.ANTRUM, Site.OESOPHAGUS_NOS, False),
        (Site.COLON_NOS, Site.RECTUM, False),
        (Site.COLON_OVERLAPPING, Site.SIGMOID, True),
    ],
)
def test_which_sites_may_be_one_place(one, other, same):
    assert same_place(one, other) is same_place(other, one) is same


def test_parts_that_want_one_lesion_get_it_by_size_or_not_at_all():
    lesions = {1: {"site": Site.SIGMOID, "size_mm": 12}}
    small, large = (said(site=Site.SIGMOID, lesion__size_mm=size) for size in (4, 12))
    bare = said(site=Site.SIGMOID)
    assert tie([small, large], lesions) == [None, 1]
    assert tie([large, large], lesions) == [None, None]
    assert tie([bare, small], lesions) == [None, None]
    assert tie([bare], lesions) == [1]


def test_a_lesion_settled_for_one_part_of_a_text_is_no_other_parts():
    lesions = {1: {"site": Site.SIGMOID}}
    two = [said(site=Site.SIGMOID), said(site=Site.SIGMOID)]
    assert tie(two, lesions, claimed={0: 1}) == [1, None]
    assert tie(two, lesions, covered=[1], claimed={0: 1}) == [1, 1]  # a report says two things of one


def test_a_vaguer_site_than_the_records_is_not_proposed():
    part = said(lesion__site=Site.COLON_NOS, lesion__size_mm=8)
    assert [read.field for read in lacking(part, {"lesion": {"site": Site.SIGMOID}})] == ["lesion.size_mm"]
    assert len(lacking(part, {"lesion": {"site": None, "size_mm": 8}})) == 1


def test_the_result_that_words_speak_of():
    low, high = {"vienna": Vienna.LOW_GRADE}, {"vienna": Vienna.ADENOMA_HIGH_GRADE}
    assert counterpart(low, [high, low], alone=False) is low
    assert counterpart(low, [high], alone=True) is high  # a difference, to be shown
    assert counterpart(low, [high], alone=False) is None
    assert counterpart(low, [], alone=True) is None


def test_depth_counts_from_a_resection_only():
    part = said("result", result__who_type=WhoType.ADENOCARCINOMA, result__depth=Depth.M)
    assert proved(part, Method.FORCEPS, Organ.STOMACH).deepest is None
    assert proved(part, Method.ESD, Organ.STOMACH).deepest is Depth.M
    assert proved(said(lesion__size_mm=8), None, None).cancer is None


def test_what_harms_most_weighs_most():
    rising = [
        said("background"),
        said("result", result__finding=Finding.GASTRITIS),
        said(lesion__impression=Impression.BENIGN),
        said(lesion__size_mm=4),
        said(lesion__size_mm=10),
        said("result", result__vienna=Vienna.INDEFINITE),
        said("result", result__who_type=WhoType.SSL),
        said("result", result__who_type=WhoType.TUBULAR_ADENOMA),
        said(lesion__impression=Impression.EARLY),
        said("result", result__finding=Finding.LYMPHOMA),
        said("result", result__vienna=Vienna.CARCINOMA_IN_SITU),
        said("result", result__vienna=Vienna.SUSPICIOUS),
        said("result", result__who_type=WhoType.SIGNET_RING),
    ]
    weights = [weigh(part, proved(part, Method.FORCEPS, None)) for part in rising]
    assert weights == sorted(set(weights))
    assert [weighed(weights[place]).zh for place in (-1, -2, 0)] == ["癌", "高级别瘤变", "背景"]
