"""Addresses of the organisation's side."""

from django.urls import path

from vetting.web.organisation import address, batch, people, roster, sign_up, views

app_name = "organisation"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("sign-up/sent/", sign_up.sent, name="sign_up_sent"),
    path("sign-up/<str:secret>/", sign_up.confirm, name="sign_up_confirm"),
    path("new/", views.new, name="new"),
    path("many/", batch.many, name="many"),
    path("many/send/", batch.send, name="many_send"),
    path("many/template.csv", batch.template, name="many_template"),
    path("roster/", roster.roster, name="roster"),
    path("roster/<uuid:ref>/leave/", roster.leave, name="leave"),
    path("cases/<uuid:ref>/see/", roster.see, name="see"),
    path("cases/<uuid:ref>/arrange/", roster.arrange, name="arrange"),
    path("people/", people.people, name="people"),
    path("people/<uuid:ref>/invite/", people.invite, name="invite_person"),
    path("people/<uuid:ref>/branch/", people.branch, name="open_branch"),
    path("people/<uuid:ref>/two/", people.two, name="two_to_submit"),
    path("people/<uuid:ref>/<uuid:user>/", people.change, name="change_person"),
    path("cases/<uuid:ref>/", views.case, name="case"),
    path("cases/<uuid:ref>/submit/", views.submit, name="submit"),
    path("cases/<uuid:ref>/invite-again/", views.invite_again, name="invite_again"),
    path("cases/<uuid:ref>/address/", address.address, name="address"),
    path("cases/<uuid:ref>/ask/", views.escalate, name="escalate"),
    path("cases/<uuid:ref>/end/", views.end, name="end"),
]
