"""The independent checker: is this plan valid, and what does its certificate prove.

It works on the plan folder alone, which holds its inputs, and imports nothing but the standard library,
numpy and its own modules: eligibility and cost (`docs/cost.md`), columns (`docs/plan-folder.md`) and the
certificate (`docs/certificate.md`) are implemented a second time, from the text. An auditor has to read
`proof.py`; the rest reads files and compares what the folder says beyond that.
"""
