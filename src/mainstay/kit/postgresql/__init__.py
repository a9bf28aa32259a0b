"""Django's PostgreSQL backend, with one addition: a COMMIT that was not copied to the standby is no success."""
