"""What a text speaks of: amounts, dates, names and numbers, with their values, in English and French."""
