"""Makes the embedded portal ready: database, translations, static files, demonstration. `--reset` starts over.

Run by `make run` and `make demo-reset`; a second time it finds everything in place and takes a second or two.
"""

import fcntl
import sys
import time

import django
from django.conf import settings
from django.core.management import call_command

from core.messages import compile_translations


def take_lock():
    """The lock file of this installation, held until the process ends; None where a portal is running."""
    file = (settings.VAR_DIR / "running").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    return file


def forget() -> None:
    """Remove the embedded database, what is kept of its audit, waiting messages and the schedule's memory."""
    if "sqlite" not in settings.DATABASES["default"]["ENGINE"]:
        sys.exit("demo-reset starts SQLite over. For the database in DATABASE_URL, create an empty one instead.")
    for pattern in ("portal.sqlite3*", "audit.anchor", "broker/*/*", "schedule*"):
        for path in settings.VAR_DIR.glob(pattern):
            path.unlink()


def print_logins() -> None:
    from accounts.demo import CAST, DEMO_PASSWORD
    from core.roles import Role

    print(f"\nSign in with the password {DEMO_PASSWORD} as")
    for username, name, office, role, *_rest in CAST:
        print(f"  {username:<10} {name}（{Role(role).label}，{office}）")


def main() -> None:
    began = time.monotonic()
    compile_translations()  # before the apps load: what speaks first would speak English
    django.setup()
    if "--reset" in sys.argv:
        lock = take_lock()
        if lock is None:
            sys.exit("The portal is running. Stop it (Ctrl-C where it runs), then start over with: make demo-reset")
        forget()
    print("Preparing database, translations, static files, demonstration …", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if settings.DEMONSTRATION:
        call_command("demo", if_empty=True)
        print_logins()
    print(f"\nPrepared in {time.monotonic() - began:.1f} s.", flush=True)


if __name__ == "__main__":
    main()
