"""What the cells of one sheet are looked up in: read once for all its rows."""

from datetime import date

from django.db import models

from core.sheets.places import Places
from core.sheets.relations import Records


class Lookups:
    """Places as they stand on the day and records, as the person may see them. `user` None: nobody's, so nothing."""

    def __init__(self, user, day: date | None = None):
        self.user, self.day = user, day or date.max
        self._places: dict[type[models.Model], Places] = {}
        self._records: dict[type[models.Model], Records] = {}

    def places(self, model: type[models.Model]) -> Places:
        if model not in self._places:
            self._places[model] = Places(model, self.user, self.day)
        return self._places[model]

    def records(self, model: type[models.Model]) -> Records:
        if model not in self._records:
            self._records[model] = Records(model, self.user)
        return self._records[model]
