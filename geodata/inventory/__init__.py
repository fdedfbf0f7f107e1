"""The synthetic reference inventory of 15 August 2025; docs/reference-inventory.md says what it rests on."""
