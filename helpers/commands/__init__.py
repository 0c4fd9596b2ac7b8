"""What `python -m helpers` does: a module a command."""
