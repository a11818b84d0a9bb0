"""Cases: an examination with all its parts, flags, pathology, and the codes proposed from its texts."""
