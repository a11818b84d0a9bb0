"""What reviewers look at: checks of the records, alerts and months, questions, second entries."""
