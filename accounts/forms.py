"""Forms for signing in, passwords and one-time codes."""

from django import forms
from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.validators import policy


def _secret(label, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignInForm(forms.Form):
    """Account and password. `user` is who they belong to, once the form is valid."""

    username = forms.CharField(
        label=gettext_lazy("Account"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}),
    )
    password = _secret(gettext_lazy("Password"), "current-password")

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.user = request, None

    def clean(self):
        given = self.cleaned_data
        if given.get("username") and given.get("password"):
            self.user = authenticate(self.request, username=given["username"], password=given["password"])
            if self.user is None:
                raise forms.ValidationError(
                    _("The account or the password is not right. Check the keyboard and try again.")
                )
        return given


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password = _secret(gettext_lazy("New password"), "new-password")
    again = _secret(gettext_lazy("New password again"), "new-password")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = policy()

    def clean(self):
        given = self.cleaned_data
        if given.get("password") != given.get("again"):
            self.add_error("again", _("The two passwords differ: type the same one twice."))
        return given


class OwnPasswordForm(PasswordForm):
    """One's own: the present one first, so that a session left open is not enough to take the account over.

    Wrong ones count as at sign-in, and lock the account as there.
    """

    current = _secret(gettext_lazy("Present password"), "current-password")
    field_order = ["current", "password", "again"]

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_current(self):
        current = self.cleaned_data["current"]
        if authenticate(self.request, username=self.request.user.username, password=current) is None:
            raise forms.ValidationError(_("This is not your present password. Check the keyboard and try again."))
        return current


class CodeForm(forms.Form):
    """The code that the phone shows."""

    code = forms.CharField(
        label=gettext_lazy("Six digits from the phone"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )

    def refuse(self) -> None:
        self.add_error(
            "code",
            _(
                "The code is not right or was used already. Wait for the next one, and see that the phone's time is "
                "right."
            ),
        )


class AnyCodeForm(CodeForm):
    """A code of the phone or a recovery code: letters too."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Six digits from the phone, or a recovery code")
        self.fields["code"].widget.attrs |= {"inputmode": "text", "autocapitalize": "none"}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is reset"),
        max_length=200,
        help_text=gettext_lazy("It stays in the audit log with your name."),
    )
