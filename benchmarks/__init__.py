"""Benchmarks: ratios of things that ran side by side, and only after their answers agreed."""
