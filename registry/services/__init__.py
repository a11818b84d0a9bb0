"""The verbs: what the registry does to its records, a package for each subject; only `unit` commits.

Imports call lists, lists call people and cases, and these call the course of a person's disease; the
other packages are about something else. What several packages use stands here.
"""
