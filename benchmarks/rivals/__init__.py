"""The same graph behind other people's model servers, each with batching on, in virtual environments of their own."""
