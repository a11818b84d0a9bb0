"""`flask import` of a day's list and of a list of pathology: the same records as on their pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.models import Examination, Listed, Report
from registry.queries.lists import day_list
from registry.services.values import today
from tests.book import enrol, examine, number

COUNTY = "370002"


@pytest.fixture
def bring(app, alliance, tmp_path):
    """`bring(mapping, rows)`: what the command says of a file with these rows."""

    def brought(mapping, rows, *more):
        path = tmp_path / f"{mapping}.csv"
        path.write_text("\n".join(",".join(row) for row in rows), "gb18030")
        command = ["import", str(path), "--mapping", mapping, "--centre", COUNTY, *more]
        done = app.test_cli_runner().invoke(args=command)
        assert done.exit_code == 0, done.output
        return done.output

    return brought


def day_rows(on):
    head = "序号,检查日期,检查号,姓名,性别,年龄,身份证号,联系电话,检查项目,检查医师,适应症"
    return [
        head.split(","),
        ("1", f"{on}", "G1", "赵示例", "男", "", number(5), "13800001234", "无痛胃镜", "钱内镜医师", "体检"),
        ("2", f"{on}", "C1", "钱二", "女", "63岁", "", "", "肠镜", "", "复查"),
        ("3", f"{on}", "C2", "孙三", "男", "50", "1.1010519491231e+17", "", "肠镜", "", ""),
    ]  # fmt: skip


def test_a_days_list_comes_from_a_file_once(bring, acting, alliance):
    on = today() + timedelta(1)
    assert "末几位已丢失" in bring("day_list", day_rows(on), "--dry-run")
    with acting("endoscopist", "county_a"):
        assert db.session.scalars(select(Listed)).all() == []
    bring("day_list", day_rows(on))
    with acting("endoscopist", "county_a"):
        first, second = day_list.on_list(on)
        assert (first.enrolment.name, first.type.code, first.sedation.code) == ("赵示例", "ogd", "sedation")
        assert (first.place, first.operator, first.indication.code) == (1, "钱内镜医师", "check_up")
        assert db.session.get(Listed, first.listed_id).operator_id == alliance.user("endoscopist", "county_a")
        assert (second.enrolment.name, second.sedation, second.person.born_precision.code) == (
            "钱二",
            None,
            "age",
        )
        assert db.session.scalars(select(Examination)).all() == []
    assert "未变 2" in bring("day_list", day_rows(on))


def test_pathology_comes_from_a_file_and_its_changes_revise(bring, acting):
    with acting("endoscopist", "county_a"):
        specimen = {"method": "forceps", "lesions": [1], "pathology_number": "H26-1"}
        person = enrol(5, name="赵示例").person_id
        examine(person, "2024-02-03", lesions=[{"site": "C16.3"}], specimens=[specimen])
    head = ("病理号", "姓名", "病理诊断", "报告日期")
    rows = [head, ("H26-1", "赵示例", "管状腺瘤", "2024-02-09"), ("H26-2", "钱二", "慢性胃炎", "2024-02-09")]
    assert "H26-2" in bring("pathology_list", rows)
    revised = [head, ("H26-1", "赵示例", "管状腺瘤伴高级别上皮内瘤变", "2024-02-12")]
    bring("pathology_list", revised)
    bring("pathology_list", revised)
    with acting("endoscopist", "county_a"):
        found = db.session.scalars(select(Report).order_by(Report.id)).all()
        assert [(row.wording, row.current) for row in found] == [
            ("管状腺瘤", False),
            ("管状腺瘤伴高级别上皮内瘤变", True),
        ]
        assert found[1].supersedes_id == found[0].id
