"""Forms: what a page may ask, derived from what the columns of the record say of themselves."""
