"""What more coverage, a better served worst province, or fewer changes of a plan cost: certified points."""
