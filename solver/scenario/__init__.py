"""The scenario: schema, defaults, checks, exact text."""

from solver.scenario.load import inventory_date as inventory_date
from solver.scenario.load import read_scenario as read_scenario
from solver.scenario.model import Scenario as Scenario
