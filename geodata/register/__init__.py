"""The dated register of communes, districts and provinces: its data files and how they are read."""
