"""PC2xx: a target that a function's execution role opens to it."""
