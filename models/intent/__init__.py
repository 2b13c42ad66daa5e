"""What a user of a finance application asks for, in English and French."""
