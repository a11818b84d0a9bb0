"""What is released: the tables as they were counted at one moment, and what of them has left."""
