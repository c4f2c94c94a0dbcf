"""Criteria as tables of integers, one file each, and their sum."""
