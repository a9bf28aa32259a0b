"""The bank line as pure functions: canonical messages, framings, codes of authentication, adapters, files, classes."""
