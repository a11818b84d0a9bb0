"""A life table is stored whole, with its digest in the trail, and goes whole."""

import csv
import json

import numpy as np
import pytest
from sqlalchemy import func, select

from registry.access import Forbidden
from registry.extensions import db
from registry.models import LifeTable, MortalityRate
from registry.queries.survival import life_tables as queries
from registry.rules.life_table import SEXES
from registry.rules.problem import Invalid
from registry.services import life_tables
from tests.slovene import DATA, life_table

SMALL = [
    (line, {"sex": sex, "age": "0", "year": "2020", "probability": "0.01"})
    for line, sex in ((2, "男"), (3, "女"))
]


@pytest.fixture
def administrator(acting):
    with acting("alliance_admin") as scope:
        yield scope


def counted():
    return [
        db.session.scalar(select(func.count()).select_from(model)) for model in (LifeTable, MortalityRate)
    ]


def test_the_slovene_table_comes_back_to_the_last_digit(administrator):
    with (DATA / "slopop.csv").open(newline="") as file:
        rows = [
            (line, {**row, "hazard": row.pop("hazard_per_day")})
            for line, row in enumerate(csv.DictReader(file), start=2)
        ]
    table = life_tables.load(name="slovenia", source="relsurv 2.2-9", rows=rows)
    assert table.cells == 9360
    found = queries.rates(queries.named("slovenia"), SEXES)
    np.testing.assert_array_equal(found.hazard, life_table().hazard)
    assert found.years.tolist()[:3] == [1930, 1948, 1952]
    assert vars(queries.extent(table)) == {"youngest": 0, "oldest": 103, "first": 1930, "last": 2020}


def test_the_trail_vouches_for_every_rate(administrator, audit_entries):
    table = life_tables.load(name=" small ", source="made up", rows=SMALL)
    (entry,) = audit_entries("life_table.load")
    changes = json.loads(entry.changes) if isinstance(entry.changes, str) else entry.changes
    assert changes["name"] == [None, "small"]
    assert changes["digest"] == [None, table.digest]
    other = [SMALL[0], (3, {**SMALL[1][1], "probability": "0.0100000001"})]
    assert life_tables.load(name="other", source="made up", rows=other).digest != table.digest
    turned = life_tables.load(name="turned", source="made up", rows=reversed(SMALL))
    assert turned.digest == table.digest


def test_a_table_with_one_wrong_row_is_not_stored(administrator, audit_entries):
    wrong = [SMALL[0], (3, {**SMALL[1][1], "age": "old"})]
    with pytest.raises(Invalid) as refused:
        life_tables.load(name="wrong", source="made up", rows=wrong)
    assert [problem.field for problem in refused.value.problems] == ["3-age"]
    assert counted() == [0, 0]
    assert audit_entries("life_table") == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "there"}, "name"),
        ({"source": ""}, "source"),
    ],
)
def test_a_table_needs_a_name_of_its_own_and_a_source(administrator, given, field):
    life_tables.load(name="there", source="made up", rows=SMALL)
    with pytest.raises(Invalid) as refused:
        life_tables.load(**{"name": "new", "source": "made up", "rows": SMALL, **given})
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_removed_table_leaves_nothing_but_its_entry(administrator, audit_entries):
    keep = life_tables.load(name="keep", source="made up", rows=SMALL)
    life_tables.remove(life_tables.load(name="go", source="made up", rows=SMALL), reason="replaced")
    assert counted() == [1, 2]
    assert queries.all_tables() == [keep]
    (entry,) = audit_entries("life_table.remove")
    assert entry.reason == "replaced"


@pytest.mark.parametrize("role", ["centre_manager", "quality_reviewer", "researcher"])
def test_only_the_administrator_loads_and_removes(acting, administrator, role):
    table = life_tables.load(name="there", source="made up", rows=SMALL)
    with acting(role, "city"):
        with pytest.raises(Forbidden):
            life_tables.load(name="mine", source="made up", rows=SMALL)
        with pytest.raises(Forbidden):
            life_tables.remove(table)
        assert queries.named("there") is not None
