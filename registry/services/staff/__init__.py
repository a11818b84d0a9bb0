"""Staff: centres, accounts, signing in, and what sources write for doctors and devices."""
