"""Measure the pattern core against general solvers: ``python -m benchmarks premises``."""
