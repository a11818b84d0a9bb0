"""The verbs: what the registry does to its records, one subject a file; only `unit` commits."""
