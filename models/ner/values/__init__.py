"""What a span stands for: dates, money, names of kinds, identifiers."""
