"""`flask review release`: tables made ready before a reader of aggregates asks."""

from registry.services.unit import change
from tests.counted import case


def test_nobody_waits_for_what_was_made_ready(app, acting, alliance, sign_in, monkeypatch):
    app.config["INDICATOR_SETS"] = "ASGE-2024"
    with acting("endoscopist", "city"), change("test.cases") as unit:
        for place in range(60):
            case(unit, alliance.city.id, place % 12, kind="colonoscopy", withdrawal_min=8 if place % 4 else 4)
    command = app.test_cli_runner()
    told = command.invoke(args=["review", "release", "2001"])
    assert told.exit_code == 0, told.output
    assert "2001" in told.output
    monkeypatch.setitem(app.config, "RELEASE_PATIENCE_SECONDS", 0)
    page = "/quality?set=ASGE-2024&from=2001&to=2001-12"
    assert sign_in("researcher", None).get(page).status_code == 200
    late = command.invoke(args=["review", "release", "1850"])
    assert late.exit_code == 2
    assert "1850" in late.output
