"""Bringing in: files from upload to report, what their columns mean, pathology pasted by number."""
