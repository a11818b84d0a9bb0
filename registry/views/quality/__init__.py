"""Quality: rates, groups compared, funnels, charts, one's own card, reports, and every definition."""
