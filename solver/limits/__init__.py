"""Side rows: budgets, caps and floors that tie matches together across the network (docs/limits.md)."""
