"""One person's record: found, and read with everything that belongs to it, here and elsewhere."""
