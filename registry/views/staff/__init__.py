"""Staff: the member hospitals and those who work there, one by one or by the workbook."""
