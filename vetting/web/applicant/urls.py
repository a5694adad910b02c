"""Addresses of the applicant's side. No account, no name and no reference in any of them."""

from django.urls import path

from vetting.web.applicant import forms_of_state, outcome, steps, views

app_name = "applicant"
urlpatterns = [
    path("a/<str:secret>/", views.enter, name="enter"),
    path("track/", views.track, name="track"),
    path("check/", views.home, name="home"),
    path("check/earlier/", views.reuse, name="reuse"),
    path("check/leave/", views.leave, name="leave"),
    path("check/about-you/<str:step>/", steps.step, name="step"),
    path("check/agree/", steps.agree, name="agree"),
    path("check/questions/<uuid:ref>/", steps.questions, name="questions"),
    path("check/withdraw/", views.withdraw, name="withdraw"),
    path("check/share/", outcome.share, name="share"),
    path("check/dispute/", outcome.dispute, name="dispute"),
    path("check/certificate.pdf", outcome.certificate, name="certificate"),
    path("check/forms/", forms_of_state.forms, name="forms"),
    path("check/forms/evidence.xml", forms_of_state.evidence_xml, name="evidence_xml"),
    path("check/forms/evidence.jsonld", forms_of_state.evidence_json, name="evidence_json"),
    path("check/forms/form.pdf", forms_of_state.standard_form, name="standard_form"),
    path("ns/evidence/1/absence.xsd", forms_of_state.schema, name="evidence_schema"),
    path("ns/evidence/1/context.jsonld", forms_of_state.context, name="evidence_context"),
]
