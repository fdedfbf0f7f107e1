"""What the commands of the service do; `command_line` and `operations` hold their options."""
