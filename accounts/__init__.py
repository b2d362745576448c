"""People who log in: their roles, the territory that each role is held at, signing in and out."""
