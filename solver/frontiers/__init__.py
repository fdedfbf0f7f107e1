"""What more coverage, or a better served worst province, costs: plans of least cost under rising floors."""
