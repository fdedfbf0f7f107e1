"""What if: the best plan with one transfer forced or forbidden, and what it would take to serve a need."""
