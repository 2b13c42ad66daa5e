"""Whether a transaction is strange for the person whose account it is on."""
