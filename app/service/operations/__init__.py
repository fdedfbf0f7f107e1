"""Operations: migrations, backup and restore, health, metrics, logs; see docs/operations.md."""
