"""The whole map of addresses."""

from django.urls import URLPattern, URLResolver, include, path

from vetting.web import figures, front, status, styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    path("start/", front.start, name="start"),
    path("accessibility/", front.accessibility, name="accessibility"),
    path("signed-in/", front.signed_in, name="signed_in"),
    path("status/", status.status, name="status"),
    path("figures/", figures.figures, name="figures"),
    path("figures/figures.csv", figures.figures_csv, name="figures_csv"),
    path("figures/interruptions.csv", figures.interruptions_csv, name="interruptions_csv"),
    path("language/", front.set_language, name="set_language"),
    path("help/name/", front.name_help, name="name_help"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("outbox/", front.outbox, name="outbox"),
    path("accounts/", include("vetting.web.account_urls")),
    path("", include("vetting.web.applicant.urls")),
    path("", include("vetting.web.verifier.urls")),
    path("organisation/", include("vetting.web.organisation.urls")),
    path("desk/", include("vetting.web.desk.urls")),
    path("", include("vetting.api.urls")),
]
