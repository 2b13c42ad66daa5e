"""Forecasts of a user's monthly spending."""
