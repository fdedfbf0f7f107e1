"""The application: command line, scenario folders, summaries and exports; composes `geodata` and `solver`."""
