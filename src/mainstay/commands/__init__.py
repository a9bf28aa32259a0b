"""What the verbs of the command line do. Thin faces: they call actions, queries and checks."""
