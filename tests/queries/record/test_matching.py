"""The words a name is found by."""

import pytest

from registry.queries.record.matching import name_words, plain, words


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("单雄信", {"shanxiongxin", "danxiongxin", "sxx"}),
        ("仇英", {"qiuying", "chouying"}),
        ("解缙", {"xiejin", "jiejin"}),
        ("查良镛", {"zhaliangyong", "zly"}),
        ("区大相", {"oudaxiang"}),
        ("朴一", {"piaoyi", "puyi"}),
        ("尉迟恭", {"yuchigong"}),
        ("䶮", {"䶮", "yan"}),
        ("王𬱖", {"wangwei", "ww"}),
        ("买买提·阿里", {"买买提阿里", "买买提", "maimaitiali"}),
        ("John Smith", {"johnsmith", "smith", "js"}),
        ("吕布", {"lvbu", "lubu", "lyubu"}),
    ],
)
def test_a_name_is_found_by_every_usual_reading(name, found):
    assert found <= name_words(name)


def test_no_name_gives_more_words_than_can_be_kept():
    assert max(len(name_words(name)) for name in ("长孙无忌", "乐重曾解", "单行长都", "盖重乐查")) <= 100


def test_numbers_are_found_whole_and_by_their_end():
    assert words(phone="138-0000 1234", documents=["11010519491231002X"], record_number="A 17") == {
        "13800001234", "1234", "11010519491231002x", "002x", "a17",
    }  # fmt: skip
    assert words() == set()
    assert plain("　Ｎǚ－Ｗá ") == "nvwa"
