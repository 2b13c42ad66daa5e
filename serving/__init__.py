"""What every endpoint shares at the HTTP edge; one concern a file."""
