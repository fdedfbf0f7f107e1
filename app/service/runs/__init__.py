"""Runs: queued over HTTP, solved by workers in processes of their own, published once; see docs/runs.md."""
