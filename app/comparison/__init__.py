"""Two or more plans side by side: what they rest on, their figures, their lines, their provinces."""
