"""Catalogue of issue texts and remedies, English and Vietnamese.

``{words}`` are filled in from the issue: its table, column and value, and its params. ``{closest_en}`` and
``{closest_vi}`` stand for a "did you mean" where a near name is known, else for nothing; ``{derive_en}`` and
``{derive_vi}`` for how else a table of needs is had.
"""

from solver.messages.catalogue import CATALOGUE as CATALOGUE
from solver.messages.catalogue import SCENARIO_DECIDES as SCENARIO_DECIDES
from solver.messages.entry import Entry as Entry
from solver.messages.page import issues_page as issues_page
from solver.messages.texts import text as text
from solver.messages.words import OR_A_PLACE as OR_A_PLACE
from solver.messages.words import WANTED as WANTED
