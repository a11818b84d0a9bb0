"""What intervals, funnels, charts and CUSUM do when the truth is known: coverage, false alarms, power."""
