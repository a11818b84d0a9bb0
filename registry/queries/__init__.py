"""The only SQL: find one, list some, worklists, tallies, survival counts; a package for each subject.

Lists read the record and what is under review; releases build on survival, and both, like review, on
counting. What several packages use stands here.
"""
