"""Questionnaires, field work and answers; one file a subject."""
