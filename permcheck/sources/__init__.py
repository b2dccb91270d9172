"""Where facts come from: each sub-package turns one kind of input into Facts and a list of what could not be read."""
