"""Measure the movable core against other exact methods: ``python -m benchmarks`` (``docs/benchmarks.md``)."""
