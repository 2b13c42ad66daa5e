"""Machinery shared by the models that read text: backbone, training, ONNX export, inference sessions."""
