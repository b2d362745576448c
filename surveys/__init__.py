"""Surveys: questionnaires, field work and their analysis."""
