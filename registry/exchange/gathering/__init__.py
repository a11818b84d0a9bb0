"""A file's rows become cases: `cases` streams them, `rows` reads one row, `assembly` joins those of a key."""
