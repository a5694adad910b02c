"""Addresses of the organisation's side."""

from django.urls import path

from vetting.web.organisation import batch, views

app_name = "organisation"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("many/", batch.many, name="many"),
    path("many/send/", batch.send, name="many_send"),
    path("many/template.csv", batch.template, name="many_template"),
    path("cases/<uuid:ref>/", views.case, name="case"),
    path("cases/<uuid:ref>/submit/", views.submit, name="submit"),
    path("cases/<uuid:ref>/invite-again/", views.invite_again, name="invite_again"),
    path("cases/<uuid:ref>/ask/", views.escalate, name="escalate"),
    path("cases/<uuid:ref>/end/", views.end, name="end"),
]
