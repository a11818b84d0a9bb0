"""Files on their way in: kept for a while, mapped, previewed, brought in by a worker, returned."""
