"""Rehearsals of failure, and proofs of recovery: `mainstay drill`."""
