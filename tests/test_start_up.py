"""Start-up and the first page load neither lifelines nor pyplot, nor what only a figure needs."""

import subprocess
import sys

import pytest

FIRST_PAGE = """
import sys
from registry import create_app
app = create_app({"DATABASE": sys.argv[1], "KEYS": sys.argv[2], "AUDIT_HEADS": sys.argv[3]})
page = app.test_client().get("/", follow_redirects=True)
assert page.status_code == 200, page.status
print(*(name for name in ("lifelines", "pandas", "matplotlib", "scipy.stats") if name in sys.modules))
"""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_first_page_loads_nothing_heavy(settings, alliance):
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            FIRST_PAGE,
            *(str(settings[name]) for name in ("DATABASE", "KEYS", "AUDIT_HEADS")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == []
