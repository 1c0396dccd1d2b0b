"""Work that locks many rows of several tables is done one after the other."""

from django.contrib.auth.models import Permission


def wait_for_other_imports() -> None:
    """Imports, their undoing and merges are written one after the other, whole, so that each finds out whether it is
    outdated. Two that lock the same rows in opposite orders would wait for each other, until PostgreSQL ends one with
    an error of its own. Call it first in the transaction; it ends with that.
    """
    imports = Permission.objects.select_for_update(of=("self",), no_key=True)
    imports.get(content_type__app_label="statements", codename="import_data")
