"""Why a need got what it got, and why an asset goes where it goes: told from the tables of a plan alone."""
