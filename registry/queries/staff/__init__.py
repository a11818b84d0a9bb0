"""The alliance's centres and the people who work there."""
