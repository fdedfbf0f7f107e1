"""What the commands of the service do; `app.cli` holds their options."""
