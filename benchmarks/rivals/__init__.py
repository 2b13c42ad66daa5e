"""The same graph behind other people's model servers, batching on, in virtual environments of their own."""
