"""Which characters a pattern can begin with, so that a text is tried only where a rule may apply."""

_DIGITS = frozenset("0123456789")


def first_of(pattern: str) -> frozenset[str]:
    """The characters that a match can begin with.

    Understands what the rules are written in: literals, escapes, classes of single characters and
    ranges, ``(?:…)``, look-around, alternatives, ``?`` and ``{m,n}``.

    Raises
    ------
    ValueError
        If the pattern can match nothing at all, or uses anything else.

    >>> sorted(first_of(r"(?:约)?\\d{1,2}(?:CM|MM)"))[-2:]
    ['9', '约']
    """
    firsts, empty, at = _alternatives(pattern, 0)
    if at != len(pattern) or empty:
        raise ValueError(f"a rule must match something and be plain: {pattern}")
    return firsts


def _alternatives(pattern: str, at: int) -> tuple[frozenset[str], bool, int]:
    """First characters, whether it can be empty, and where it ends."""
    firsts: set[str] = set()
    empty = False
    while True:
        some, none, at = _sequence(pattern, at)
        firsts |= some
        empty |= none
        if at < len(pattern) and pattern[at] == "|":
            at += 1
            continue
        return frozenset(firsts), empty, at


def _sequence(pattern: str, at: int) -> tuple[set[str], bool, int]:
    firsts: set[str] = set()
    open_ = True
    while at < len(pattern) and pattern[at] not in "|)":
        some, none, at = _item(pattern, at)
        at, optional = _repeated(pattern, at)
        if open_:
            firsts |= some
            open_ = none or optional
    return firsts, open_, at


def _repeated(pattern: str, at: int) -> tuple[int, bool]:
    optional = False
    if at < len(pattern) and pattern[at] in "*+":
        raise ValueError(f"unbounded repetition: {pattern}")
    if at < len(pattern) and pattern[at] == "{":
        ends = pattern.index("}", at)
        optional = pattern[at + 1 : ends].split(",")[0] == "0"
        at = ends + 1
    elif at < len(pattern) and pattern[at] == "?":
        optional, at = True, at + 1
    if at < len(pattern) and pattern[at] == "?":  # the lazy form
        at += 1
    return at, optional


def _item(pattern: str, at: int) -> tuple[frozenset[str], bool, int]:
    sign = pattern[at]
    if sign == "(":
        if pattern.startswith(("(?=", "(?!", "(?<=", "(?<!"), at):
            return frozenset(), True, _closing(pattern, at)
        if not pattern.startswith("(?:", at):
            raise ValueError(f"a capturing group: {pattern}")
        firsts, empty, at = _alternatives(pattern, at + 3)
        return firsts, empty, at + 1
    if sign == "[":
        return _class(pattern, at)
    if sign == "\\":
        escaped = pattern[at + 1]
        return (
            (_DIGITS if escaped == "d" else frozenset({"\n" if escaped == "n" else escaped})),
            False,
            at + 2,
        )
    if sign == "$":
        return frozenset(), True, at + 1
    if sign == ".":
        raise ValueError(f"a rule cannot begin with anything: {pattern}")
    return frozenset({sign}), False, at + 1


def _class(pattern: str, at: int) -> tuple[frozenset[str], bool, int]:
    ends = pattern.index("]", at + 2)
    inside = pattern[at + 1 : ends]
    signs: set[str] = set()
    if inside.startswith("^"):
        return frozenset(), False, ends + 1  # only ever inside a pattern, never first
    place = 0
    while place < len(inside):
        one = inside[place]
        if one == "\\":
            one = "\n" if inside[place + 1] == "n" else inside[place + 1]
            place += 1
            signs |= _DIGITS if one == "d" else {one}
        elif place + 2 < len(inside) and inside[place + 1] == "-":
            signs |= {chr(code) for code in range(ord(one), ord(inside[place + 2]) + 1)}
            place += 2
        else:
            signs.add(one)
        place += 1
    return frozenset(signs), False, ends + 1


def _closing(pattern: str, at: int) -> int:
    """Just behind the bracket that closes the one at `at`."""
    depth = 0
    while True:
        sign = pattern[at]
        if sign == "\\":
            at += 2
            continue
        if sign == "[":
            at = pattern.index("]", at + 2)
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
