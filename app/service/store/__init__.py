"""The database: tables, sessions, who may see which row, the audit chain. Everything else is derived."""
