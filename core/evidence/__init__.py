"""Evidence: photos, PDF and Office files on any record. See docs/evidence.md.

owners    which models take evidence, and the door to it: the record's own
intake    what may come in, and in which form it is kept
store     files by digest, outside the static tree
actions   attach, revoke
panel     the panel of a detail page
"""
