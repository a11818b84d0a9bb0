"""`flask life-table`: from a file and back, refused by line in the operator's language."""

import pytest

from registry.label import reading


@pytest.fixture
def life_table(app, alliance):
    def run(*args):
        return app.test_cli_runner().invoke(args=["life-table", *(str(one) for one in args)])

    return run


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


SMALL = "性别,年龄,年份,死亡概率\n男,0,2020,0.01\n男,60,2020,0.02\n女,0,2020,0.008\n女,60,2020,0.015\n"


def test_a_table_is_loaded_listed_shown_and_removed(life_table, file):
    assert "还没有寿命表" in life_table().output
    loaded = life_table("load", file(SMALL, "gb18030"), "--name", "示例", "--source", "编造")
    assert (loaded.exit_code, "2020–2020 年，0–60 岁，4 行" in loaded.output) == (0, True)
    assert "编造" in life_table("list").output
    shown = life_table("show", "示例").output
    assert [line.split() for line in shown.splitlines() if line.strip().startswith("60")] == [
        ["60", "20.00", "15.00"]
    ]
    again = life_table("load", file(SMALL), "--name", "示例", "--source", "编造")
    assert (again.exit_code, "已有这个名称的寿命表" in again.output) == (1, True)
    assert life_table("remove", "示例").exit_code == 0
    assert "还没有寿命表" in life_table("list").output


def test_refused_rows_are_named_by_line_in_the_reader_s_language(app, alliance, life_table, file):
    wrong = file(SMALL.replace("女,60,2020,0.015", "x,60,2020,1"))
    told = life_table("load", wrong, "--name", "示例", "--source", "编造")
    assert told.exit_code == 1
    assert "第 5 行 · 性别: 性别须为男或女" in told.output
    assert "第 5 行 · 死亡概率: 死亡概率为 1" in told.output
    with reading("en"):
        told = life_table("load", wrong, "--name", "示例", "--source", "编造")
    assert "line 5 · sex: Sex must be male or female" in told.output
    assert "还没有寿命表" in life_table("list").output


def test_many_refused_rows_are_counted(life_table, file):
    rows = "".join(f"男,{age},2020,2\n" for age in range(60))
    told = life_table("load", file("性别,年龄,年份,死亡概率\n" + rows), "--name", "x", "--source", "y")
    assert "另有 20 处" in told.output


@pytest.mark.parametrize(
    "head", ["sex,age,year", "sex,age,year,probability,hazard_per_day", "sex,age,probability,x"]
)
def test_a_file_without_the_columns_says_which(life_table, file, head):
    told = life_table("load", file(f"{head}\n1,2,3,4,5\n"), "--name", "x", "--source", "y")
    assert (told.exit_code, "hazard_per_day" in told.output) == (1, True)


def test_an_unknown_table_is_told_with_those_there_are(life_table, file):
    life_table("load", file(SMALL), "--name", "示例", "--source", "编造")
    told = life_table("show", "别的")
    assert (told.exit_code, "已有：示例" in told.output) == (2, True)
