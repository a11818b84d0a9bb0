"""Mappings are checked before a row is read, and a fault names file, line and key."""

from pathlib import Path

import pytest

from registry.exchange import mapping
from registry.exchange.cells import READERS
from registry.exchange.mapping.checking import KEYS
from registry.label import reading

SOUND = """source = "made up"
[file]
kind = "csv"
[rows]
key = ["nr"]
[person]
sex = { column = "sex", values = { m = "1", f = "2" }, empty = ["?"] }
born_on = "born"
[enrolment]
record_number = "nr"
enrolled_on = "seen"
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "made_up.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_a_mapping_says_which_columns_it_needs(written):
    found = mapping.load(written(SOUND))
    assert found.columns == {"nr", "sex", "born", "seen"}
    assert found.key == ("nr",)
    assert found.fields["person"]["sex"][0].values == {"m": "1", "f": "2"}


def test_shipped_mappings_are_found_by_name_and_are_sound():
    assert [path.stem for path in mapping.SHIPPED.glob("*.toml")]
    for path in mapping.SHIPPED.glob("*.toml"):
        assert mapping.load(mapping.find(path.stem)).source
    with pytest.raises(mapping.MappingFault, match="colrec"):
        mapping.find("no such mapping")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('born_on = "born"', 'birthday = "born"', "made_up.toml:8: birthday"),
        ('kind = "csv"', 'kind = "docx"', "made_up.toml:3: kind"),
        ('key = ["nr"]', "key = []", "made_up.toml:5: key"),
        ('enrolled_on = "seen"\n', "", "enrolled_on"),
        ('born_on = "born"', "born_on = 3", "made_up.toml:8: born_on"),
        ('born_on = "born"', 'born_on = { column = "b", always = "1" }', "made_up.toml:8: born_on"),
        ('empty = ["?"]', 'nothing = ["?"]', "made_up.toml:7: sex"),
        ('born_on = "born"', "born_on =", "line 8"),
        ('sex = {', 'died_on = "x"\nsex = {', "made_up.toml:7: died_on"),
        ('source = "made up"', "", "source"),
        ("[person]", "[patient]", "patient"),
        ('born_on = "born"', 'born_on = []', "made_up.toml:8: born_on"),
        ('born_on = "born"', 'born_on = { column = "b", read = "horoscope" }', "made_up.toml:8: born_on"),
        ('born_on = "born"', 'born_on = { column = "b", read = "yes" }', "cannot be read as yes"),
        ('born_on = "born"', 'born_on = { column = "b", order = "ydm" }', "order is one of ymd, dmy, mdy"),
        ('born_on = "born"', 'born_on = { column = "b", join = "all" }', "join is one of any"),
        ('born_on = "born"', 'born_on = { always = "1950", with = "b" }', "made_up.toml:6: with"),
        ('born_on = "born"', 'born_on = { column = 3 }', "made_up.toml:8: born_on"),
        ('empty = ["?"]', 'empty = "?"', "made_up.toml:7: sex"),
        ('source = "made up"', 'source = "made up"\nabout = "weather"', "about"),
        ('kind = "csv"', 'kind = "csv"\ncolour = "red"', "colour"),
        ('key = ["nr"]', 'key = ["nr"]\nper = "week"', "made_up.toml:6: per"),
        ('key = ["nr"]', 'key = "nr"', "made_up.toml:5: key"),
        ("[enrolment]", "[examination]\nnumber = \"nr\"\n[enrolment]", "performed_on, type"),
        ("[enrolment]", "[report]\nwording = \"nr\"\n[enrolment]", "needs a [specimen]"),
        ("[enrolment]", "[specimen]\npieces = \"nr\"\n[enrolment]", "method"),
        ("[enrolment]", "[adverse_event]\nonset_on = \"nr\"\n[enrolment]", "kind"),
        ("[enrolment]", "[agrees]\nheight = \"nr\"\n[enrolment]", "height"),
    ],
)  # fmt: skip
def test_a_fault_names_line_and_key(written, old, new, said):
    assert old in SOUND
    with reading("en"), pytest.raises(mapping.MappingFault) as fault:
        mapping.load(written(SOUND.replace(old, new)))
    assert said in str(fault.value)


def test_what_is_settled_and_what_is_secret_cannot_be_fed():
    assert {"vital", "died_on", "pseudonym", "id", "version"} & mapping.fields_of("person") == set()
    assert {"followed_days", "dead"} & mapping.fields_of("tumour") == set()
    assert {"name", "phone", "record_number"} <= mapping.fields_of("enrolment")
    assert not any(name.endswith(("_sealed", "_digest")) for name in mapping.fields_of("enrolment"))


def test_the_documentation_names_every_way_of_reading_and_every_key():
    text = (Path(__file__).resolve().parents[3] / "docs" / "mappings.md").read_text("utf-8")
    told = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert set(READERS) | set(KEYS) == told
    assert all(f" {record}" in text or f"\n{record}" in text for record in mapping.RECORDS)


def test_the_documented_example_is_sound():
    text = (Path(__file__).resolve().parents[3] / "docs" / "mappings.md").read_text("utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    found = mapping.parse("example", example)
    assert (found.key, found.per, found.sheet) == (("流水号",), "lesion", "数据")
    assert "病理结果" in found.columns


def test_what_comes_with_the_registry_reads_what_it_needs():
    for name in mapping.shipped():
        found = mapping.load(mapping.find(name))
        assert set(found.key) <= found.columns
        assert found.about in mapping.ABOUT
