"""Addresses for the nodes of other States."""

from django.urls import path

from vetting.api import messages

app_name = "api"
urlpatterns = [
    path("api/messages/", messages.messages, name="messages"),
    path("api/standing/", messages.standing, name="standing"),
    path(".well-known/node-keys.json", messages.keys, name="node_keys"),
]
