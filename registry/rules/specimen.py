"""Rules about tissue: when it was taken and in how many pieces."""

from datetime import date

from registry.codes.pathology import Method
from registry.codes.person import Precision
from registry.label import Label
from registry.rules.dates import partial
from registry.rules.life import within_life
from registry.rules.problem import Problem, refusal, warning

EN_BLOC = Label("整块即一块，国家卫健委 2022 CDEI-16", "En bloc means one piece, NHC 2022 CDEI-16")
PIECEMEAL = Label("pEMR 即分片切除", "pEMR is piecemeal by definition")
TAKEN = Label("取材不早于检查", "Tissue is taken at the examination or later")


def check(
    *,
    method: Method | None = None,
    taken_on: date | None = None,
    pieces: int | None = None,
    en_bloc: bool | None = None,
    performed_on: date | None = None,
    born_on: date | None = None,
    born_precision: Precision | None = None,
    died_on: date | None = None,
    died_precision: Precision | None = None,
    today: date | None = None,
    **_other: object,
) -> list[Problem]:
    """Contradictions within a specimen and with its examination (`performed_on`) and its person."""
    born, died = partial(born_on, born_precision), partial(died_on, died_precision)
    return [
        *within_life("taken_on", taken_on, Label("取材", "Tissue taken"), born=born, died=died, today=today),
        *taken_before_examination(taken_on, performed_on),
        *one_piece(method, pieces, en_bloc),
    ]


def taken_before_examination(taken_on: date | None, performed_on: date | None) -> list[Problem]:
    """Tissue of an earlier day usually belongs to an earlier examination."""
    if taken_on is None or performed_on is None or taken_on >= performed_on:
        return []
    return [warning("taken_on", "取材日期早于检查日期", "Tissue taken before the examination", TAKEN)]


def one_piece(method: Method | None, pieces: int | None, en_bloc: bool | None) -> list[Problem]:
    """En bloc is one piece; what was taken piece by piece cannot be en bloc."""
    if not en_bloc:
        return []
    problems = []
    if pieces is not None and pieces > 1:
        problems.append(
            refusal(
                "en_bloc",
                "整块切除却多于一块，请改块数或改为非整块",
                "En bloc, but more than one piece: correct one of them",
                EN_BLOC,
            )
        )
    if method is Method.PEMR:
        problems.append(
            warning("en_bloc", "分片切除不是整块切除", "Piecemeal resection is not en bloc", PIECEMEAL)
        )
    return problems
