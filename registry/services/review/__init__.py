"""Review: alerts, closed months, questions to centres, signals, notes, second entries."""
