"""Forms for signing in and for passwords."""

from django import forms
from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class SignInForm(forms.Form):
    """Account and password. `user` is who they belong to, once the form is valid."""

    username = forms.CharField(
        label=gettext_lazy("Account"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

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

    password = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("New password again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self):
        given = self.cleaned_data
        if given.get("password") != given.get("again"):
            self.add_error("again", _("The two passwords differ: type the same one twice."))
        return given
