"""Generated histories: households as README.md tells their story, and series that are no household at all."""
