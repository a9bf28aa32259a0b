"""`./mainstay test`: sets up all it needs, runs every quality gate, and says plainly how it went."""
