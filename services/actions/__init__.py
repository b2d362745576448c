"""What writes: one file a mechanism."""
