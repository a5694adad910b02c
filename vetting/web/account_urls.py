"""Signing in and out, and a forgotten password. Everything else of allauth stays unreachable until it is needed."""

from allauth.account import views
from django.urls import path, re_path

from vetting.organisations.access import door

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
]
