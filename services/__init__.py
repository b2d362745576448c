"""Services: the six service mechanisms, disclosure and tip-offs."""
