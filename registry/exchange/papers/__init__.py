"""Reports as files: PDF to print, Word to edit, a workbook to calculate with."""

from registry.exchange.papers import pdf, word, workbook
from registry.reports.papers.paper import Paper

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WRITERS = {"pdf": pdf.written, "docx": word.written, "xlsx": workbook.written}


def written(paper: Paper, suffix: str) -> bytes:
    """The file of a report; ValueError for a format there is none of."""
    if suffix not in _WRITERS:
        raise ValueError(f"no such format: {suffix!r}; choose one of {', '.join(_WRITERS)}")
    return _WRITERS[suffix](paper)
