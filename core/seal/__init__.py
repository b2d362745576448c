"""The audit sealed: rows are written unchained, a sealer chains what is committed. See docs/audit.md.

`chain` appends seals, `verify` finds what was edited, moved, removed or cut, `retention` removes what is old enough,
`door` is the one way past the triggers that refuse every change.
"""
