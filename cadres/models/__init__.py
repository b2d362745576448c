"""People, their posts, the party's members."""

from cadres.models.people import PartyBranch, PartyMember, Person, Post, Term

__all__ = ["PartyBranch", "PartyMember", "Person", "Post", "Term"]
