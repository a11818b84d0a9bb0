"""Every coded value set, whatever its subject, keeps the same promises."""

import importlib
import pkgutil

import pytest

import registry.codes
from registry.codes.code_set import CodeSet, plain
from registry.codes.endoscopy import Extent
from registry.codes.lesion import COLORECTUM, Lst, Organ, Paris, Site, organ_of
from registry.codes.pathology import Depth, Differentiation, Method, Morphology, Vienna, WhoType
from registry.codes.person import Sex, Surgery
from registry.codes.tumour import Basis, StageGroup, TCategory
from registry.forms.shown import LST

for module in pkgutil.iter_modules(registry.codes.__path__, "registry.codes."):
    importlib.import_module(module.name)
SETS = sorted(CodeSet.__subclasses__(), key=lambda code_set: (code_set.__module__, code_set.__name__))
SETS = [code_set for code_set in SETS if code_set.__module__.startswith("registry.codes.")]


def words(member: CodeSet) -> set[str]:
    return {member.code, member.name, *member.label, *member.aliases}


def test_all_subjects_are_there() -> None:
    subjects = {code_set.__module__.rsplit(".", 1)[1] for code_set in SETS}
    assert subjects >= {
        "person",
        "alliance",
        "risk",
        "endoscopy",
        "lesion",
        "pathology",
        "tumour",
        "outcome",
        "curability",
    }
    assert len(SETS) >= 60


@pytest.mark.parametrize("code_set", SETS, ids=lambda code_set: code_set.__name__)
class TestEverySet:
    def test_names_its_source_and_says_what_it_is(self, code_set: type[CodeSet]) -> None:
        assert code_set.source.strip()
        assert code_set.__doc__

    def test_has_both_labels_and_short_codes(self, code_set: type[CodeSet]) -> None:
        for member in code_set:
            assert member.label.zh.strip() and member.label.en.strip(), member
            assert 1 <= len(member.code) <= 24, member
            assert member.code == member.code.strip()

    def test_has_each_code_and_each_label_once(self, code_set: type[CodeSet]) -> None:
        # Enum turns a repeated code into a silent alias of the first member.
        assert len(code_set.__members__) == len(list(code_set))
        assert len({member.label.zh for member in code_set}) == len(list(code_set))
        assert len({member.label.en for member in code_set}) == len(list(code_set))

    def test_no_two_members_share_a_word(self, code_set: type[CodeSet]) -> None:
        owner: dict[str, CodeSet] = {}
        for member in code_set:
            for word in words(member):
                assert plain(word), f"{member!r}: {word!r} would be matched by an empty cell"
                assert owner.setdefault(plain(word), member) is member, (
                    f"{word!r} is also {owner[plain(word)]!r}"
                )

    def test_reads_every_word_back(self, code_set: type[CodeSet]) -> None:
        for member in code_set:
            for word in words(member):
                assert code_set.parse(f" {word} ") is member
                assert code_set.parse(word.upper()) is member

    def test_refuses_what_it_does_not_know(self, code_set: type[CodeSet]) -> None:
        for cell in ("", "-", "no such word"):
            with pytest.raises(ValueError, match=code_set.__name__):
                code_set.parse(cell)


@pytest.mark.parametrize("cell", ["男", "M", "male", "１", " Male "])
def test_sex_is_read_however_a_spreadsheet_writes_it(cell: str) -> None:
    assert Sex.parse(cell) is Sex.MALE


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("0-Ⅱa＋Ⅱc", "0-IIa+IIc"),
        ("Ⅱc", "0-IIc"),
        ("0-IIa + 0-IIc", "0-IIa+IIc"),
        ("0-is", "0-Is"),
        ("IIC+IIA", "0-IIc+IIa"),
    ],
)
def test_paris_is_read_in_its_usual_spellings(cell: str, code: str) -> None:
    assert Paris.parse(cell).code == code


def test_every_site_has_an_organ() -> None:
    assert {organ_of(site) for site in Site} == set(Organ) - {Organ.OTHER}
    assert organ_of(Site.RECTOSIGMOID) in COLORECTUM
    assert not Organ.ANUS.colorectal


def test_original_intramucosal_carcinoma_is_4_4_in_the_revision() -> None:
    """Dixon 2002, Gut 51:130: the original 5.1 became 4.4."""
    assert Vienna("5.1").in_dixon is Vienna("4.4")
    assert all(vienna.in_dixon is vienna for vienna in Vienna if vienna.code != "5.1")
    assert [vienna.code for vienna in Vienna if vienna.high_grade] == ["4.1", "4.2", "4.3"]
    assert [vienna.code for vienna in Vienna if vienna.carcinoma] == ["4.4", "5.1", "5.2"]
    assert [vienna.code for vienna in sorted(Vienna, key=lambda vienna: vienna.rank)] == [
        v.code for v in Vienna
    ]


def test_depth_runs_from_the_surface_down() -> None:
    assert [depth.code for depth in Depth if depth.intramucosal] == ["EP", "LPM", "MM", "M"]
    assert [depth.code for depth in Depth if depth.submucosal] == ["SM", "SM1", "SM2", "SM3"]
    assert Depth.SM.rank < Depth.SM1.rank < Depth.MP.rank < Depth.SS_ADVENTITIA.rank < Depth.SI.rank


def test_biopsies_and_brushings_do_not_resect() -> None:
    assert {method.code for method in Method if not method.resects} == {"forceps", "brush"}


def test_adenoma_and_carcinoma_are_told_from_their_neighbours() -> None:
    assert not WhoType.TSA.is_adenoma and WhoType.TSA.is_serrated
    assert WhoType.TUBULOVILLOUS_ADENOMA.is_adenoma and WhoType.TUBULOVILLOUS_ADENOMA.is_villous
    assert Morphology("8211/2").adenoma and Morphology("8211/2").behaviour == "2"
    assert Morphology("8140/3").carcinoma and not Morphology("8140/3").adenoma
    assert [Morphology.parse(words).code for words in ("8010/3", "癌", "Carcinoma, NOS")] == ["8010/3"] * 3
    assert Morphology("8010/3").carcinoma
    assert [Lst.parse(words).code for words in ("LST-G", "lst-ng", "非颗粒型")] == ["g", "ng", "ng"]
    assert {each.code for each in Lst} == set(LST)  # each has its short sign on a form
    for not_carcinoma in ("8936/3", "9699/3", "8240/3", "8000/3", "8077/2"):
        assert not Morphology(not_carcinoma).carcinoma


def test_a_mixture_is_neither_differentiated_nor_undifferentiated() -> None:
    assert [kind.differentiated for kind in Differentiation] == [True, True, False, False, None]


def test_an_anastomosis_is_not_short_of_the_caecum() -> None:
    assert Extent.ASCENDING.short_of_caecum and not Extent.CAECUM.short_of_caecum
    assert not Extent.ANASTOMOSIS.short_of_caecum and not Extent.D2.short_of_caecum
    assert Extent.D2.upper and not Extent.RECTUM.upper


def test_stage_groups_lose_their_letter() -> None:
    assert {group.broad.code for group in StageGroup} == {"0", "I", "II", "III", "IV", "X"}
    assert TCategory("T1a").invasive and not TCategory("Tis").invasive and not TCategory("TX").invasive


def test_autopsy_and_death_certificate_come_after_death() -> None:
    assert {basis.code for basis in Basis if not basis.before_death} == {"0", "8"}


def test_earlier_operations_say_which_tract_they_changed() -> None:
    assert Surgery.TOTAL_GASTRECTOMY.gastric and not Surgery.TOTAL_GASTRECTOMY.colorectal
    assert Surgery.SIGMOID_COLECTOMY.colorectal and Surgery.RECTAL_RESECTION.colorectal
    assert not Surgery.OESOPHAGECTOMY.gastric and not Surgery.BYPASS.colorectal
