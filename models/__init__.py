"""What the models are: plain Python that knows neither HTTP nor BentoML's server."""
