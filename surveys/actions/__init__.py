"""What writes: one file a subject."""
