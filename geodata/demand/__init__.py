"""What communes need by the norms, and who decides: tables of both, and the rules (docs/needs.md)."""
