"""Review: alerts, closed months, data quality, second entries, and questions to the centres."""
