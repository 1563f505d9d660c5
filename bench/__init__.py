"""Benchmarks: ratios side by side with others, never gates."""
