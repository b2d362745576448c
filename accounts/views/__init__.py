"""Pages: signing in step by step, one's own account, what administrators do with accounts."""

from accounts.views.administer import end_grant, reset_second_factor, set_password, unlock
from accounts.views.own import end_others, end_sign_in, own, own_password, second_factor
from accounts.views.signing_in import enrol, sign_in, sign_out, verify

__all__ = [
    "end_grant",
    "end_others",
    "end_sign_in",
    "enrol",
    "own",
    "own_password",
    "reset_second_factor",
    "second_factor",
    "set_password",
    "sign_in",
    "sign_out",
    "unlock",
    "verify",
]
