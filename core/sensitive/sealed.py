"""Values of JSON that are kept encrypted: what a file held before it was written, what stood before a change."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from core.sensitive.cipher import decrypt, encrypt

as_text = DjangoJSONEncoder(ensure_ascii=False).encode


class SealedField(models.TextField):
    """JSON behind the cipher of the sensitive fields. It is not searched, not masked and never shown as it is."""

    description = "encrypted JSON"
    #: Nothing of it belongs into the audit.
    sensitive = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **(kwargs | {"editable": False, "blank": True, "default": ""}))

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("editable", "blank", "default"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs

    @property
    def column_name(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def to_python(self, value):
        """As it is: cleaning a row makes no text of it."""
        return value

    def from_db_value(self, value, _expression, _connection):
        return json.loads(decrypt(value, self.column_name)) if value else ""

    def get_prep_value(self, value):
        if value in ("", None):
            return ""
        return encrypt(as_text(value), self.column_name)
