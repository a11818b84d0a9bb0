"""What docs say about speed, measured: `python -m benchmarks`, or `make bench`."""
