"""Benchmarks. Each is a command, prints ratios of one run on one machine, and judges nothing by the clock in a test."""
