"""Declared resources: what templates and plans share."""
