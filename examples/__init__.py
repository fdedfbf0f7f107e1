"""A province's workbook made to look like a real one, the corrections of its mistakes, and a notebook."""
