"""One BentoML service per model: where its batches, its device and its resources are declared."""
