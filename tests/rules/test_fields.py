"""Rules speak of columns by their names: a name that no model has would be a rule that never runs."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from registry import models
from registry.rules import completeness, examination, lesion, outcome, person, report, risk, specimen, tumour
from registry.rules.resection import Resection
from registry.rules.summary import ResultFacts

LIFE = {"born_on", "born_precision", "died_on", "died_precision", "last_alive_on", "today"}
CHECKS = [
    (examination.check, models.Examination, LIFE | {"surgeries"}),
    (examination.check_background, models.Background, set()),
    (lesion.check, models.Lesion, {"examination_type", "histology"}),
    (specimen.check, models.Specimen, LIFE | {"performed_on"}),
    (report.check, models.Report, {"taken_on", "method", "results", "today"}),
    (report.check_result, models.Result, {"method", "organ"}),
    (tumour.check, models.Tumour, LIFE),
    (outcome.check_treatment, models.Treatment, LIFE),
    (outcome.check_follow_up, models.FollowUp, LIFE),
    (outcome.check_vital, models.VitalStatus, LIFE),
    (person.check, models.Person, {"today"}),
    (risk.check, models.RiskAssessment, {"today"}),
]


def columns(model: Any) -> set[str]:
    return {column.name for column in model.__table__.columns}


@pytest.mark.parametrize(
    ("check", "model", "context"), CHECKS, ids=lambda part: getattr(part, "__qualname__", "")
)
def test_every_keyword_is_a_column_or_named_context(
    check: Callable[..., Any], model: Any, context: set[str]
) -> None:
    named = {
        name
        for name, parameter in inspect.signature(check).parameters.items()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    }
    assert named - columns(model) - context == set()


@pytest.mark.parametrize(
    ("open_items", "model"),
    [
        (completeness.person(), models.Person),
        (completeness.lesion(), models.Lesion),
        (completeness.specimen(), models.Specimen),
        (completeness.result(), models.Result),
        (completeness.tumour(), models.Tumour),
        (completeness.follow_up(), models.FollowUp),
    ],
)
def test_every_open_item_is_a_column(open_items: list[Any], model: Any) -> None:
    assert open_items
    assert {item.field for item in open_items} <= columns(model)


def test_the_facts_of_pathology_are_columns_too() -> None:
    specimen_columns = columns(models.Specimen)
    beside = {"superseded", "organ", "cancer", "undifferentiated_in_submucosa"}
    for facts in (ResultFacts, Resection):
        assert set(facts.__dataclass_fields__) - columns(models.Result) - specimen_columns - beside == set()
