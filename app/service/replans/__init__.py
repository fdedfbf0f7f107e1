"""Re-plans: asked for in batches, after a new version, or by a schedule; beside the newest plan."""
