"""Write constraints.txt anew: the newest versions that setup.cfg allows, on each Python we support.

    python scripts/lock.py python3.11 python3.12 python3.13

Each interpreter resolves for itself; where they agree a version stands once, where they do not it
stands once for each range of Python versions. Nothing is installed.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = "postgres,test,dev"
HEADER = """\
# The versions that were tried together, on Python {versions}.
# Written by scripts/lock.py; setup.cfg says what is needed and why.
"""


def resolve(python: str) -> tuple[tuple[int, int], dict[str, str]]:
    """The Python version of an interpreter and, by package name, the versions pip chooses for it.

    Raises subprocess.CalledProcessError when the interpreter is missing a new enough pip (23) or
    when the requirements contradict each other.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = ["-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        subprocess.run([python, *command, "--report", str(report), f"{ROOT}[{EXTRAS}]"], check=True)
        found = json.loads(report.read_text(encoding="utf-8"))
    major, minor = found["environment"]["python_version"].split(".")
    packages = (
        package["metadata"] for package in found["install"] if "dir_info" not in package["download_info"]
    )
    return (int(major), int(minor)), {package["name"]: package["version"] for package in packages}


def lines(resolved: dict[tuple[int, int], dict[str, str]]) -> list[str]:
    """One line for each package and version, with a marker where not all Pythons share it."""
    pythons = sorted(resolved)
    written = []
    for name in sorted({name for versions in resolved.values() for name in versions}, key=str.lower):
        for version in sorted({versions[name] for versions in resolved.values() if name in versions}):
            users = [python for python in pythons if resolved[python].get(name) == version]
            written.append(f"{name}=={version}{marker(users, pythons)}")
    return written


def marker(users: list[tuple[int, int]], pythons: list[tuple[int, int]]) -> str:
    """The environment marker of a run of Python versions; open at the ends of what was tried.

    >>> marker([(3, 11)], [(3, 11), (3, 12), (3, 13)])
    ' ; python_version < "3.12"'
    >>> marker([(3, 12), (3, 13)], [(3, 11), (3, 12), (3, 13)])
    ' ; python_version >= "3.12"'
    """
    bounds = []
    if users[0] != pythons[0]:
        bounds.append('python_version >= "{}.{}"'.format(*users[0]))
    if users[-1] != pythons[-1]:
        following = pythons[pythons.index(users[-1]) + 1]
        bounds.append('python_version < "{}.{}"'.format(*following))
    return " ; " + " and ".join(bounds) if bounds else ""


def main(interpreters: list[str]) -> None:
    """Resolve with each interpreter named and write the file."""
    if not interpreters:
        raise SystemExit(__doc__)
    resolved = dict(map(resolve, interpreters))
    versions = ", ".join("{}.{}".format(*python) for python in sorted(resolved))
    text = HEADER.format(versions=versions) + "\n".join(lines(resolved)) + "\n"
    (ROOT / "constraints.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
