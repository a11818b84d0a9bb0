"""The registry served on this machine, readers with real browsers in front of it, and their keyboards.

A reader's browser complains of what no page of ours may do: ask anything of another host, break the content
security policy, write an error to the console, or answer with an error that the test did not expect.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from registry.access import ALLIANCE_ROLES, act_as
from registry.codes.alliance import Role
from registry.services.staff import accounts
from registry.services.staff import sign_in as signing_in
from tests.alliance import Alliance
from tests.book import book as book
from tests.journeys.reader import Reader


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """Pages are the same on both engines."""
    return str(request.param)


@pytest.fixture
def reader(
    app: Flask, live: str, browser: Any, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Reader]]:
    """`reader("recorder", "county_a")` sits down, signed in; `reader()` has not signed in yet.

    `language` is zh or en, `width` that of the window, `scheme` light or dark; `scripts=False` is a browser
    without scripts.
    """
    opened: list[Reader] = []

    def sits(
        role: str | None = None,
        centre: Any = "city",
        *,
        language: str = "zh",
        width: int = 1366,
        scheme: str = "light",
        scripts: bool = True,
    ) -> Reader:
        context = browser.new_context(
            base_url=live,
            viewport={"width": width, "height": 800},
            locale={"zh": "zh-CN", "en": "en-GB"}[language],
            color_scheme=scheme,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(10_000)
        if role is not None:
            value = _cookie(app, request.getfixturevalue("alliance"), role, centre, language)
            context.add_cookies([{"name": "registry", "value": value, "url": live}])
        opened.append(Reader(context, live))
        return opened[-1]

    yield sits
    wrong = [complaint for one in opened for complaint in one.leave()]
    assert not wrong, "\n".join(wrong)


def _cookie(app: Flask, alliance: Alliance, role: str, centre: Any, language: str) -> str:
    """The cookie of somebody who has just signed in, and reads in this language."""
    user = alliance.user(role, centre)
    with app.app_context():
        value = signing_in.begin(user, None if Role(role) in ALLIANCE_ROLES else alliance.place(centre).id)
        seat = signing_in.find(value)
        assert seat is not None
        act_as(seat.scope)
        accounts.speak(user, language)
        act_as(None)
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps({signing_in.COOKIE: value}))
