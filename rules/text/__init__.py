"""PC0xx: a statement that AWS rejects, ignores, or reads otherwise than its author meant."""
