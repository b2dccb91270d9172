"""PC3xx: a whole path, from a caller through a function to a target, or to more rights than the caller had."""
