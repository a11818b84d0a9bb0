"""Somebody at a browser: what they see, what goes wrong before them, and every key they press."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FOCUSED = "element => element === document.activeElement"
IN_GROUP = "element => element.contains(document.activeElement)"
# A page puts the cursor where work begins a moment after it has loaded; nobody types faster than that.
READY = (
    "() => !document.querySelector('[autofocus], [data-focus]') || document.activeElement !== document.body"
)


class Reader:
    """One browser at the registry. `page` is Playwright's; `keys` is the keyboard, which counts."""

    def __init__(self, context: Any, address: str) -> None:
        self.context, self.address = context, address
        self.wrong: list[str] = []
        self.refusals: set[int] = set()  # the refusals that the test is about
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        self.page = context.new_page()
        self.keys = Keys(self.page)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.wrong.append(f"a request to outside: {request.url}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400 and response.status not in self.refusals:
            self.wrong.append(f"{response.status} for {response.request.method} {response.url}")

    def _said(self, message: Any) -> None:
        # What the server refused is judged by its status, above.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.wrong.append(f"console on {self.page.url}: {message.text}")

    def leave(self) -> list[str]:
        """Close the browser; what went wrong in it."""
        self.context.close()
        return self.wrong

    def goes_to(self, path: str) -> None:
        """Open an address of the registry."""
        with self.keys.turning():
            self.page.goto(path)

    @property
    def heading(self) -> str:
        return str(self.page.locator("h1").inner_text())

    def reads(self, selector: str) -> str:
        """The words of one part of the page, in one line."""
        return re.sub(r"\s+", " ", self.page.locator(selector).inner_text()).strip()


class Keys:
    """A keyboard. Every key counts one, a chord such as Alt-S too; so does every character typed.

    `given` counts the characters that the person's own data force, such as an identity number: nobody can
    design them away.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        self.pressed = self.given = 0
        self.began = time.monotonic()

    def start(self) -> None:
        """Count from here."""
        self.pressed = self.given = 0
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since `start`; a machine's seconds, as it does not think between two keys."""
        return time.monotonic() - self.began

    def press(self, *chords: str) -> None:
        """Press keys one after another."""
        for chord in chords:
            self.pressed += 1
            self.page.keyboard.press(chord)

    def type(self, text: str, *, given: bool = False) -> None:
        """Type a text where the cursor stands."""
        self.pressed += len(text)
        self.given += len(text) * given
        self.page.keyboard.type(text)

    @contextmanager
    def turning(self) -> Iterator[None]:
        """The keys pressed inside lead to another page, which is waited for."""
        with self.page.expect_navigation(wait_until="load"):
            yield
        self.page.wait_for_function(READY)

    def turn(self, chord: str) -> None:
        """A key that leads to another page."""
        with self.turning():
            self.press(chord)

    def to(self, target: Any, *, back: bool = False) -> None:
        """Tab until the target has the focus, as a selector or a locator; a group when anything in it has."""
        found = (self.page.locator(target) if isinstance(target, str) else target).element_handle()
        alone = found.evaluate("e => e.matches('a, button, input, select, textarea, summary')")
        script = FOCUSED if alone else IN_GROUP
        for _ in range(200):
            if found.evaluate(script):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"the keyboard does not get to {target}")

    def fill(self, target: Any, text: str, *, given: bool = False, back: bool = False) -> None:
        """Go to a box and type into it."""
        self.to(target, back=back)
        self.type(text, given=given)

    def choose(self, group: str, key: str) -> None:
        """Go to the group of buttons with this legend and press the key of one."""
        legend = self.page.locator(".codes:visible", has=self.page.locator("legend", has_text=group)).first
        self.to(legend)
        self.press(key)
