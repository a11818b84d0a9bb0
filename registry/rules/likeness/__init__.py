"""Whether two records are one person: keys that bring them together, comparisons, and their weights."""
