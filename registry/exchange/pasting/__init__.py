"""What somebody pastes: a day's list, pathology by number, or one whole report. Nothing is stored from here."""
