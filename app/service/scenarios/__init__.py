"""Scenarios: what is posted is checked as the command line checks it, kept with every default, and frozen."""
