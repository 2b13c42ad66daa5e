"""Ordinary accounts, generated from a written story (README.md), and mischief done to them."""
