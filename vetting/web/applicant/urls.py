"""Addresses of the applicant's side. No account, no name and no reference in any of them."""

from django.urls import path

from vetting.web.applicant import guardian, outcome, steps, views

app_name = "applicant"
urlpatterns = [
    path("a/<str:secret>/", views.enter, name="enter"),
    path("track/", views.track, name="track"),
    path("check/", views.home, name="home"),
    path("check/earlier/", views.reuse, name="reuse"),
    path("check/guardian/", guardian.waiting, name="guardian"),
    path("g/<str:secret>/", guardian.agree, name="as_guardian"),
    path("check/leave/", views.leave, name="leave"),
    path("check/about-you/<str:step>/", steps.step, name="step"),
    path("check/agree/", steps.agree, name="agree"),
    path("check/questions/<uuid:ref>/", steps.questions, name="questions"),
    path("check/withdraw/", views.withdraw, name="withdraw"),
    path("check/share/", outcome.share, name="share"),
    path("check/dispute/", outcome.dispute, name="dispute"),
    path("check/certificate.pdf", outcome.certificate, name="certificate"),
]
