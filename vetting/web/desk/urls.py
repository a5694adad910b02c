"""Addresses of the clerks' side."""

from django.urls import path

from vetting.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("route/", views.route, name="route"),
    path("cases/<uuid:ref>/", views.case, name="case"),
    path("cases/<uuid:ref>/open/", views.open_file, name="open"),
    path("cases/<uuid:ref>/accept/", views.accept, name="accept"),
    path("cases/<uuid:ref>/return/", views.give_back, name="return"),
    path("cases/<uuid:ref>/assess/", views.assess, name="assess"),
    path("cases/<uuid:ref>/confirm/", views.confirm, name="confirm"),
    path("cases/<uuid:ref>/send-back/", views.send_back, name="send_back"),
    path("cases/<uuid:ref>/enquiries/<uuid:enquiry>/answer/", views.answer, name="answer"),
    path("cases/<uuid:ref>/enquiries/<uuid:enquiry>/stop/", views.stop, name="stop"),
]
