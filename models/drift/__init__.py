"""Whether live traffic is still like what a model was measured on."""
