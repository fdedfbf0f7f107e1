"""Workbooks that people fill in: the empty template, and the copy in which issues are marked."""
