"""Options and arguments of the commands that need no service; like `app.cli` it imports nothing heavy.

What the commands do is imported inside them, so that ``--help`` and a mistyped option answer at once.
"""
