"""A person's course: what they bring along, tumours wherever they were seen, follow-up, life and death."""
