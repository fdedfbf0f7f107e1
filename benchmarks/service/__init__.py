"""``python -m benchmarks service``: what users of the service wait for, over HTTP against real processes."""
