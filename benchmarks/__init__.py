"""Measurements.  Speed and memory are claimed here, with the command that gives them."""
