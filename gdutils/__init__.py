"""Gradient descent, live: data, models, optimizers, the training loop and the panels."""
