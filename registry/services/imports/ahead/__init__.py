"""What is worked out ahead of the write lock: whom cases are about, new cases, and rows by the hundred."""
