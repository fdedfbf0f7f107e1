"""Inventories over HTTP: uploads, parts of provinces with their versions, lists, differences, templates."""
