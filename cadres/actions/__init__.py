"""What may be done to people, posts and all that hangs on them; one file a subject, imported by its own name."""
