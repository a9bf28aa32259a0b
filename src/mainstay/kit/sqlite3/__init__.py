"""Django's SQLite, except for how a writer waits for its turn (`base`)."""
