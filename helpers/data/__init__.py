"""From a URL to verified bytes: what exists, where it is kept, how it is received and read."""
