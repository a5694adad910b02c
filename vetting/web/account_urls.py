"""Signing in and out, a forgotten password, and second factors. All else of allauth is unreachable until needed."""

from typing import Any

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from vetting.organisations.access import door
from vetting.web import own_sign_in
from vetting.web.accounts import with_own_password


def own(view: Any) -> Any:
    """Signed in by one's own password."""
    return door("signed-in", with_own_password(view))


urlpatterns = [
    path("login/", door("public", views.login), name="account_login"),
    path("logout/", door("public", views.logout), name="account_logout"),
    path("signup/", door("public", views.signup), name="account_signup"),
    path("password/reset/", door("public", views.password_reset), name="account_reset_password"),
    path("password/reset/done/", door("public", views.password_reset_done), name="account_reset_password_done"),
    re_path(  # the key has a hyphen of its own: only the first one separates
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        door("public", views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        door("public", views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("organisation/", own_sign_in.choose, name="own_sign_in_choose"),
    path("organisation/<str:code>/", own_sign_in.place, name="own_sign_in"),
    path("organisation/<str:code>/go/", own_sign_in.go, name="own_sign_in_go"),
    path("organisation/<str:code>/back/", own_sign_in.back, name="own_sign_in_back"),
    path("reauthenticate/", door("signed-in", views.reauthenticate), name="account_reauthenticate"),
    path("2fa/", door("signed-in", mfa.index), name="mfa_index"),
    path("2fa/authenticate/", door("public", mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", door("signed-in", mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/app/", door("signed-in", totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/app/off/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/codes/new/",
        own(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/codes/file/",
        own(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("2fa/keys/", door("signed-in", webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/keys/add/", own(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/keys/again/", door("signed-in", webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("2fa/keys/<int:pk>/", own(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "2fa/keys/<int:pk>/remove/",
        own(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("2fa/passkey/", door("public", webauthn.login_webauthn), name="mfa_login_webauthn"),
]
