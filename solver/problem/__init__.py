"""Tables to arrays: eligibility, cost, norm rows and classes (``docs/cost.md``)."""
