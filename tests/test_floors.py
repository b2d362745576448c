"""What import-linter cannot see: a foreign key by string must not go round the floors, and files stay readable."""

import tomllib

import pytest
from django.apps import apps
from django.conf import settings

LONGEST_FILE = 400  # lines


def floors() -> list[set[str]]:
    """The layers of pyproject.toml, lowest first; apps of one floor stand in one set."""
    contract = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    return [{name.strip() for name in layer.split("|")} for layer in reversed(contract["layers"])]


def test_every_app_has_a_floor():
    assert {"config", "core", *settings.DOMAIN_APPS} == set().union(*floors())


def test_relations_point_down():
    height = {app: number for number, layer in enumerate(floors()) for app in layer}
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        own = height.get(model._meta.app_label)
        for field in model._meta.get_fields():
            if own is None or not field.is_relation or field.auto_created or not field.related_model:
                continue
            target = field.related_model._meta.app_label
            if target in height and target != model._meta.app_label and height[target] >= own:
                wrong.append(f"{model._meta.label}.{field.name} → {target}")
    assert wrong == []


@pytest.mark.parametrize("app", ["config", "core", *settings.DOMAIN_APPS])
def test_files_stay_short(app):
    long = {
        str(path.relative_to(settings.BASE_DIR)): lines
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}
