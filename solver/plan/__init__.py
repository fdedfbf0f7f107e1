"""The plan: its tables, reasons and figures, and the folder that holds it."""
