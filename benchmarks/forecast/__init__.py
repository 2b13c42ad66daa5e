"""The spending forecast on public series."""
