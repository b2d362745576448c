"""Cadres: people and posts, party members, elections; the floor that the service mechanisms stand on."""
