"""The movable core: vehicles and equipment as an exact sparse minimum-cost flow."""
