"""The pattern core: premises, each housing a set of places, planned to a proven bound."""
