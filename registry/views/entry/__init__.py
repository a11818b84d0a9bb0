"""Entering: people, their cases with every part, follow-up and tumours, and drafts of all these."""
