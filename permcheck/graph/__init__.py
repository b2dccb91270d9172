"""Facts and access joined: who can invoke, what is reached, and the paths between."""
