"""The six service mechanisms; one file a mechanism."""
