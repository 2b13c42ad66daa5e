"""What is kept between requests: transactions and decisions, in SQLite or PostgreSQL."""
