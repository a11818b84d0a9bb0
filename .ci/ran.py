"""Is there anything behind the green? Ends with an error unless tests ran, and on both engines.

    python .ci/ran.py test-results/junit.xml

A test that runs on an engine says so in its name, as pytest writes a parameter: `[sqlite]`, `[postgresql]`.
"""

import sys
from xml.etree import ElementTree

ENGINES = ("sqlite", "postgresql")


def main(results: str) -> None:
    """Count the test cases of a JUnit file and of each engine."""
    cases = list(ElementTree.parse(results).iter("testcase"))  # noqa: S314 (our own file)
    left_out = [case for case in cases if case.find("skipped") is not None]
    ran = [case.get("name", "") for case in cases if case.find("skipped") is None]
    counts = {engine: sum(engine in name for name in ran) for engine in ENGINES}
    by_engine = ", ".join(f"{count} named {engine}" for engine, count in counts.items())
    print(f"{len(ran)} tests ran, {by_engine}; {len(left_out)} were left out")
    if missing := [engine for engine, count in counts.items() if not count]:
        raise SystemExit(f"no test ran on {' or '.join(missing)}")


if __name__ == "__main__":
    main(sys.argv[1])
