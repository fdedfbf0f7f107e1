"""Tables in GeoJSON, GeoPackage and JSON, read into the CSV files that `solver.read_tables` reads."""
