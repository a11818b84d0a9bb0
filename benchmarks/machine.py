"""On what the figures were measured: a ratio travels, a number of milliseconds does not."""

import os
import platform
import shutil
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("SQLAlchemy", "Flask", "numpy", "scipy", "lifelines", "matplotlib")


def told() -> str:
    """Processor, memory, load, system, Python, engines and libraries, in lines."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    lines = [
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB; load {load}",
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {_first('psql', '--version') or 'no PostgreSQL client'}",
        ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
        _first("Rscript", "--version") or "no R",
    ]
    return "\n".join(lines)


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    lines = about.read_text("utf-8").splitlines() if about.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _first(program: str, option: str) -> str | None:
    """The first line that a program says of itself; None where there is no such program."""
    if (path := shutil.which(program)) is None:
        return None
    said = subprocess.run([path, option], capture_output=True, text=True, check=False)
    return (said.stdout or said.stderr).strip().splitlines()[0]
