"""Measurements: `make bench` runs them and prints the table that BENCHMARKS.md explains."""
