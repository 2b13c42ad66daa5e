"""Alembic's revisions, oldest first."""
