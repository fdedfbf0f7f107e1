"""HTTP: the application, who asks, problem documents, what every route shares."""
