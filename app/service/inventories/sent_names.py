"""What issues call the files of an upload: the names that the sender gave them, never those that we read."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from app.formats.json_tables import FOLDER
from solver.tables.sheets import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver import Issue

#: What an issue is about where nothing was sent as a file.
BODY = "body"
_ABOUT_SHEETS = ("sheet_", "workbook")


class SentNames:
    """Puts the sender's names in place of ours.

    Parameters
    ----------
    names
        Name of a file in the folder that is read -> the name that the sender gave it; empty where rows were
        sent without files.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        ours = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        # Alone, in a list, with what follows a name: "inventory.gpkg (assets)", "assets.csv: UTF-16".
        self._ours = re.compile(rf"(?:^|(?<=, ))(?:{ours})(?=$|, |: | \()") if names else None

    def told(self, text: str) -> str:
        """Return a text that names files, with the sender's names."""
        return text if self._ours is None else self._ours.sub(lambda place: self._names[place[0]], text)

    def renamed(self, found: Issue) -> Issue:
        """Return an issue whose words name the sender's files; the value of a cell stays as it is."""
        params = dict(found.params)
        if "file" in params:
            params["file"] = self.told(params["file"])
        value = found.value
        if found.code == "file_missing":  # nobody was asked for a file of our name
            value = found.table
        elif found.row is None and found.column is None:
            value = self.told(value)
        return replace(found, value=value, params=params)

    def file(self, found: Issue, ours: str) -> str:
        """Return the file of an issue.

        Parameters
        ----------
        found
            The issue as it was found, with our names.
        ours
            Its file as `app.issues.as_dict` calls it.

        Returns
        -------
        str
            The sender's file; of an issue about all that was sent the names of all files; the table where it
            was not sent.
        """
        if found.table == FOLDER:
            return ", ".join(self._of_all(found)) or BODY
        if ours == f"{found.table}.csv" and ours not in self._names:
            return found.table  # laid beside what was sent, or made of the rows of a change
        return self.told(ours)

    def _of_all(self, found: Issue) -> list[str]:
        words = (found.value, found.params.get("file", ""))
        for word in words:
            named = [] if self._ours is None else self._ours.findall(word)
            if named:
                return [self._names[name] for name in named]
        saved = list(self._names)
        if found.code.startswith(_ABOUT_SHEETS):
            saved = [name for name in saved if PurePath(name).suffix in SUFFIXES]
        return list(dict.fromkeys(self._names[name] for name in saved))
