"""People, their posts, the party's members, and what is done with them; one file a subject."""

from cadres.models.filings import Filing
from cadres.models.people import PartyBranch, PartyMember, Person, Post, Term

__all__ = ["Filing", "PartyBranch", "PartyMember", "Person", "Post", "Term"]
