"""Measure the cores against other exact methods: ``python -m benchmarks`` (``docs/benchmarks.md``)."""
