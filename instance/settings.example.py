"""Settings of one installation. Copy to `settings.py` beside this file and change what differs.

What is not set here keeps the default of `registry/config.py`, which also says why. An environment variable
with the prefix REGISTRY_ stands above both: REGISTRY_DATABASE, for one.
"""

# Where the records are: SQLite on a local disk, never on a network share; or PostgreSQL 15 or newer.
# DATABASE = "postgresql+psycopg://registry@127.0.0.1/registry"
