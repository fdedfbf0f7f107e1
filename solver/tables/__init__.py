"""Tables: columns, closed lists, reading, parsing and rules across tables."""
