"""Pages of the keys of integrations."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.access import actions, forms
from mainstay.core.access.models import ApiToken
from mainstay.core.access.tables import TokenTable
from mainstay.core.access.views.common import VIEW_TOKENS, ReasonedForm, issued_outcome
from mainstay.web.pages import Button, FirstUse, FormPage, ListPage, SignedRequest

LIST = "access:token_list"


class TokenList(ListPage):
    """All keys, never their text."""

    title = _("API tokens")
    right = VIEW_TOKENS
    table_class = TokenTable
    search_fields = ("name", "user__username")
    actions = (
        Button(_("Issue token"), "access:token_issue", right="core.access.issue_token", icon="key", primary=True),
    )
    first_use = FirstUse(
        _("No integration has a key yet"),
        _("A key lets another program use the API with the roles of its integration user."),
    )

    def queryset(self) -> Any:
        """All."""
        return ApiToken.objects.select_related("user")


class TokenIssue(FormPage):
    """A new key."""

    title = _("Issue token")
    right = "core.access.issue_token"
    form_class = forms.TokenForm
    submit_label = _("Issue token")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Issue."""
        return actions.issue_token(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Show it once."""
        return issued_outcome(result, _("Token issued"), _("API token"), LIST)


class TokenRevoke(ReasonedForm):
    """Make a key worthless."""

    title = _("Revoke token")
    right = "core.access.revoke_token"
    model = ApiToken
    submit_label = _("Revoke token")
    danger = True

    def get_title(self) -> Any:
        """Name the key."""
        return f"{self.title}: {self.subject.name}"

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Revoke."""
        return actions.revoke_token(token=self.subject, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the list."""
        return reverse(LIST)
