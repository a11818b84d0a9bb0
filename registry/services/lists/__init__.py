"""Lists worked through line by line: the day's list, whom a line means, and a source's questions."""
