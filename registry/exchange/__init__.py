"""The outside world: files that come in through a mapping."""
