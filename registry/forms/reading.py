"""What a person says of a reading: sent by one key from a list, or from the page of its case."""

from registry.forms.fields import Kept
from registry.forms.page import Page


class ReadingForm(Page):
    """Which reading was seen in which version, and what is meant by the key that was pressed."""

    upto = Kept()
    at = Kept()
    lesion = Kept()
    proposal = Kept()
    instead = Kept()
