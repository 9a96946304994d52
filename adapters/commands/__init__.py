"""The parts of the `mellom` command that are more than a few lines."""
