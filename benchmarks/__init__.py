"""Speed, measured side by side on one machine. Nothing of the service imports this."""
