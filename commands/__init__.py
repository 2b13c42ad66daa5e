"""Commands that need more than one room: they compose as the gateway does."""
