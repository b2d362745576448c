"""Accounts and grants."""

import factory

from accounts.models import Grant, User
from core.roles import Role
from tests.factories.base import RowFactory


class UserFactory(RowFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"用户{n}")
    territory_code = "450109"
    password = "!"


class GrantFactory(RowFactory):
    _digits = 12

    class Meta:
        model = Grant

    user = factory.SubFactory(UserFactory)
    role = Role.SECRETARY
    territory_code = "450109100214"

    @classmethod
    def at(cls, village, **values):
        return super().at(village, user=UserFactory.at(village), **values)
