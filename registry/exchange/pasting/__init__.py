"""What somebody pastes: a day's list, pathology by number, one whole report. It is only read here."""
