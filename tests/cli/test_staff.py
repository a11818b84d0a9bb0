"""`flask staff`: the same list from the command line."""

import pytest

from registry.services.staff import accounts


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "users.csv"
    path.write_text(
        "用户名,姓名,角色,机构代码\nzhang,张医师,内镜医师,370002\nli,李医师,院长,370002\n", "utf-8"
    )
    return path


def test_a_dry_run_says_and_the_run_does(app, alliance, acting, file):
    runner = app.test_cli_runner()
    dry = runner.invoke(args=["staff", "import", str(file), "--dry-run"])
    assert (dry.exit_code, "新增 1" in dry.output, "角色" in dry.output) == (0, True, True)
    with acting("alliance_admin"):
        assert accounts.find_user("zhang") is None
    done = runner.invoke(args=["staff", "import", str(file)])
    assert done.exit_code == 0
    assert "zhang" in done.output
    with acting("alliance_admin"):
        assert accounts.find_user("zhang").provisional
        assert accounts.find_user("li") is None
    again = runner.invoke(args=["staff", "import", str(file)])
    assert "未变 1" in again.output


def test_a_file_that_is_no_list_says_so(app, alliance, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b,c\n1,2,3\n", "utf-8")
    done = app.test_cli_runner().invoke(args=["staff", "import", str(path)])
    assert done.exit_code == 1
    assert "模板" in done.output
