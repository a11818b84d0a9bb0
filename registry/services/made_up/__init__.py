"""A made-up alliance: its records by the thousand, and the sign-ins of a demonstration."""
