"""Settings of one installation. Copy to `settings.py` beside this file and change what differs.

What is not set keeps the default of `registry/config.py`, where every setting and its reason stand. An
environment variable with the prefix REGISTRY_ wins over this file: REGISTRY_DATABASE, for one.
"""

# Where the records are: an SQLite file on a local disk, never on a network share, or PostgreSQL 15 or newer.
# DATABASE = "postgresql+psycopg://registry:password@127.0.0.1/registry"

# The keys that open names and seal the trail. Back this file up apart from the database: without it no name
# opens, and with both in one place nothing is sealed.
# KEYS = "/etc/registry/keys.json"

# The daily heads of the audit trail, where the database's administrator cannot write.
# AUDIT_HEADS = "/var/log/registry/audit.heads"

# Only on a trusted intranet without certificates; every page then says so.
# INSECURE_HTTP = True
