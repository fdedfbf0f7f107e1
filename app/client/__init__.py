"""A Python client of the service: `Client` (docs/client.md)."""
