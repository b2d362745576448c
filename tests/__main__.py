"""`python -m tests`: the suite on SQLite, then on what TEST_DATABASE_URL and TEST_REDIS_URL name.

TEST_REQUIRE=all turns every part that would be left out into a failure. Other arguments go to pytest.
"""

import os
import shutil
import subprocess
import sys

SERVERS = {"TEST_DATABASE_URL": "PostgreSQL", "TEST_REDIS_URL": "Redis"}
NONE_COLLECTED = 5  # pytest's exit code; the slow tier may still be empty
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def pytest(title: str, environment: dict[str, str], arguments: list[str]) -> bool:
    """One run of pytest; whether it passed."""
    print(f"\n=== {title}", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments]
    code = subprocess.run(command, env=environment).returncode
    return code == 0 or (code == NONE_COLLECTED and "slow" in arguments)


def main() -> int:
    slow = "--slow" in sys.argv
    arguments = ["-m", "slow" if slow else "not slow", *(item for item in sys.argv[1:] if item != "--slow")]
    bare = {name: value for name, value in os.environ.items() if name not in SERVERS}
    given = {name: os.environ[name] for name in SERVERS if os.environ.get(name)}
    runs = {"SQLite, filesystem broker": bare}
    if given:
        database = "PostgreSQL" if "TEST_DATABASE_URL" in given else "SQLite"
        broker = "Redis" if "TEST_REDIS_URL" in given else "filesystem broker"
        runs[f"{database}, {broker}"] = bare | given
    # Before any process reads them: a test process that starts without the catalogues keeps none.
    subprocess.run([sys.executable, "manage.py", "messages", "compile"], check=True, stdout=subprocess.DEVNULL)
    passed = {title: pytest(title, environment, arguments) for title, environment in runs.items()}

    missing = [f"{what} ({name} is not set)" for name, what in SERVERS.items() if name not in given]
    if not any(shutil.which(name) for name in CHROMIUM):
        missing.append("browser tests (no Chromium)")
    print()
    for title, good in passed.items():
        print(f"{title}: {'passed' if good else 'FAILED'}")
    print("Left out: " + ("; ".join(missing) or "nothing"), flush=True)
    required = os.environ.get("TEST_REQUIRE") == "all"
    return 0 if all(passed.values()) and not (required and missing) else 1


if __name__ == "__main__":
    sys.exit(main())
