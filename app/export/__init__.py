"""Copies of a plan for other programs: the workbook and the map file."""
