"""Other processes of the registry, to be killed or waited for.

Each is forked from one that has imported the registry and has opened nothing, so that a life costs no second
of imports.
"""

import multiprocessing
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from typing import Any

import registry
from registry import create_app, extensions
from registry.access import Permission, Scope, act_as

FORKED = multiprocessing.get_context("forkserver")
Say = Callable[[Any], None]


@dataclass
class Life:
    """A process and what it says."""

    process: Any
    ear: Connection

    @classmethod
    def begin(cls, work: Callable[..., None], *told: Any, parent: bool = False) -> "Life":
        """`work(say, *told)` in a process of its own, which may begin others if it is a `parent`; `work` is a
        function of a module."""
        _prepare()
        ear, mouth = FORKED.Pipe(duplex=False)
        process = FORKED.Process(target=_live, args=(work, mouth, *told), daemon=not parent)
        process.start()
        mouth.close()
        return cls(process, ear)

    def hears(self) -> Any:
        """The next thing it says; None when it has died."""
        try:
            return self.ear.recv()
        except EOFError:
            return None

    def kill(self) -> None:
        """End it as a power cut does: it gets no word in."""
        self.process.kill()
        self.ends()

    def ends(self) -> int:
        """Wait for its end; what it ended with."""
        self.process.join()
        self.ear.close()
        return int(self.process.exitcode)


@cache
def _prepare() -> None:
    FORKED.set_forkserver_preload(
        [__name__, *(one.name for one in pkgutil.walk_packages(registry.__path__, "registry."))]
    )


def _live(work: Callable[..., None], mouth: Connection, *told: Any) -> None:
    hasten()
    work(mouth.send, *told)


def hasten() -> None:
    """No test cuts the power: its commits need not reach the disk."""
    extensions.PRAGMAS = tuple(pragma.replace("=FULL", "=OFF") for pragma in extensions.PRAGMAS)


def work_at(settings: dict[str, Any], centre_id: int, actor_id: int | None = None) -> None:
    """Open the registry of these settings in this process, and act at one centre with every permission."""
    create_app(settings).app_context().push()
    act_as(Scope(actor_id, "worker", frozenset({centre_id}), frozenset(Permission)))
