"""What production asks for by itself, and how it is asked for less."""

import runpy

import pytest

from core.roles import ADMINS, Role
from tests.config.test_production import GOOD


@pytest.fixture
def production(monkeypatch):
    """`production(PASSWORD_DAYS="30")`: the production settings under a good environment with some changes."""

    def settings(**changes: str) -> dict:
        for name in ("DEBUG", "PORTAL_TODAY", "OTP_REQUIRED_ROLES", "PASSWORD_DAYS"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {**GOOD, **changes}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_module("config.settings.production")

    return settings


def test_administrators_inspectors_and_district_staff_need_a_second_factor(production):
    assert set(production()["OTP_REQUIRED_ROLES"]) == ADMINS | {Role.INSPECTOR, Role.DISTRICT}
    assert production(OTP_REQUIRED_ROLES="sysadmin,leader")["OTP_REQUIRED_ROLES"] == ["sysadmin", "leader"]
    assert production(OTP_REQUIRED_ROLES="")["OTP_REQUIRED_ROLES"] == []


def test_passwords_lapse_after_ninety_days(production):
    assert production()["PASSWORD_DAYS"] == 90
    assert production(PASSWORD_DAYS="30")["PASSWORD_DAYS"] == 30


def test_the_demonstration_asks_for_neither(monkeypatch, tmp_path):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    for name in ("OTP_REQUIRED_ROLES", "PASSWORD_DAYS"):
        monkeypatch.delenv(name, raising=False)
    found = runpy.run_module("config.settings.embedded")
    assert found["OTP_REQUIRED_ROLES"] == [] and found["PASSWORD_DAYS"] == 0


def test_a_lock_takes_five_tries_and_a_quarter_of_an_hour(settings):
    assert settings.AXES_FAILURE_LIMIT == 5 and settings.AXES_COOLOFF_TIME.total_seconds() == 900
    assert (settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS) == (30, 12)
