"""Documents that people sign and read: decision annexes, handover records and the report, as DOCX and PDF."""
