"""Addresses of the applicant's side. No account, no name and no reference in any of them."""

from django.urls import path

from vetting.web.applicant import (
    erasing,
    forms_of_state,
    guardian,
    mydata,
    outcome,
    receipt,
    record,
    sharing,
    steps,
    views,
)  # fmt: skip

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
    path("check/shared/", sharing.shared, name="shared"),
    path("check/shared/new/", sharing.new_code, name="new_code"),
    path("check/shared/codes/<uuid:ref>/end/", sharing.end_code, name="end_code"),
    path("check/shared/<uuid:asked>/end/", sharing.end_share, name="end_share"),
    path("check/looked/", record.looked, name="looked"),
    path("check/receipt/", receipt.receipt, name="receipt"),
    path("check/receipt.json", receipt.as_json, name="receipt_json"),
    path("check/receipt.pdf", receipt.as_pdf, name="receipt_pdf"),
    path("check/data/", mydata.mydata, name="data"),
    path("check/erase/", erasing.erase, name="erase"),
    path("check/dispute/", outcome.dispute, name="dispute"),
    path("check/certificate.pdf", outcome.certificate, name="certificate"),
    path("check/forms/", forms_of_state.forms, name="forms"),
    path("check/forms/evidence.xml", forms_of_state.evidence_xml, name="evidence_xml"),
    path("check/forms/evidence.jsonld", forms_of_state.evidence_json, name="evidence_json"),
    path("check/forms/form.pdf", forms_of_state.standard_form, name="standard_form"),
    path("ns/evidence/1/absence.xsd", forms_of_state.schema, name="evidence_schema"),
    path("ns/evidence/1/context.jsonld", forms_of_state.context, name="evidence_context"),
]
