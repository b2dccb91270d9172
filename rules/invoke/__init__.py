"""PC1xx: a caller who can invoke a function."""
