"""Addresses for strangers who hold a certificate."""

from django.urls import path

from vetting.web.verifier import lists, offline, shared, views

app_name = "verifier"
urlpatterns = [
    path("verify/", views.lookup, name="lookup"),
    path("verify/offline/", offline.offline, name="offline"),
    path("v/", views.lookup, name="short"),
    path("v/<str:number>/<str:code>/", views.printed, name="printed"),
    path("s/", shared.lookup, name="shared_lookup"),
    path("s/<str:code>/", shared.shown, name="shared"),
    path("status-lists/<int:number>", lists.status_list, name="status_list"),
    path(".well-known/jwks.json", views.keys, name="keys"),
    path(".well-known/seal.pem", views.seal_certificates, name="seal"),
]
