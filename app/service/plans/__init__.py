"""Plans: published once, byte for byte as the solver wrote them; lists, files, explanations, comparisons."""
