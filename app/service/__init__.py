"""The service: inventories, scenarios, durable runs and plans over HTTP; see docs/service.md."""
