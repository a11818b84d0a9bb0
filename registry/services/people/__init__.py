"""People: enrolled, their documents, and two records that may be – or were made – one person."""
