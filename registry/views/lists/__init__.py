"""Lists to work through: the day, what waits, what is asked, possible doubles, and any case by number."""
