"""The alliance's reports: what stands in them, before anybody writes it as PDF, Word or a workbook."""
