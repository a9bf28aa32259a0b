"""Addresses of access."""

from django.urls import path

from mainstay.core.access.views import api, catalogue, own, roles, session, tokens, users

app_name = "access"
urlpatterns = [
    path("login/", session.Login.as_view(), name="login"),
    path("login/code/", session.SecondFactor.as_view(), name="second_factor"),
    path("logout/", session.log_out, name="logout"),
    path("me/", own.Profile.as_view(), name="profile"),
    path("me/password/", own.PasswordChange.as_view(), name="password_change"),
    path("me/second-factor/", own.SecondFactorSetup.as_view(), name="second_factor_setup"),
    path("me/second-factor/remove/", own.SecondFactorRemove.as_view(), name="second_factor_remove"),
    path("me/workstation/", own.Workstation.as_view(), name="workstation"),
    path("users/", users.UserList.as_view(), name="user_list"),
    path("users/new/", users.UserCreate.as_view(), name="user_create"),
    path("users/new-integration/", users.ServiceUserCreate.as_view(), name="service_user_create"),
    path("users/<int:pk>/", users.UserDetail.as_view(), name="user_detail"),
    path("users/<int:pk>/change/", users.UserChange.as_view(), name="user_change"),
    path("users/<int:pk>/lock/", users.UserLock.as_view(), name="user_lock"),
    path("users/<int:pk>/unlock/", users.UserUnlock.as_view(), name="user_unlock"),
    path("users/<int:pk>/password/", users.PasswordReset.as_view(), name="password_reset"),
    path("users/<int:pk>/second-factor/", users.FactorReset.as_view(), name="factor_reset"),
    path("roles/", roles.RoleList.as_view(), name="role_list"),
    path("roles/new/", roles.RoleCreate.as_view(), name="role_create"),
    path("roles/<int:pk>/", roles.RoleDetail.as_view(), name="role_detail"),
    path("roles/<int:pk>/right/", roles.RightSet.as_view(), name="role_right"),
    path("grants/new/", roles.GrantCreate.as_view(), name="grant_create"),
    path("grants/<int:pk>/end/", roles.GrantEnd.as_view(), name="grant_end"),
    path("matrix/", catalogue.Matrix.as_view(), name="matrix"),
    path("actions/", catalogue.Catalogue.as_view(), name="catalogue"),
    path("api/", api.Reference.as_view(), name="api_reference"),
    path("tokens/", tokens.TokenList.as_view(), name="token_list"),
    path("tokens/new/", tokens.TokenIssue.as_view(), name="token_issue"),
    path("tokens/<int:pk>/revoke/", tokens.TokenRevoke.as_view(), name="token_revoke"),
]
