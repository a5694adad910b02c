"""Addresses of the clerks' side."""

from django.urls import path

from vetting.web.desk import kept, paper, partners, questions, queue, supervision, views

app_name = "desk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("views/", kept.views, name="views"),
    path("views/keep/", kept.keep, name="keep_view"),
    path("views/<int:pk>/", kept.change, name="change_view"),
    path("next/", queue.take_next, name="take_next"),
    path("cases/<uuid:ref>/take/", queue.take, name="take"),
    path("cases/<uuid:ref>/release/", queue.release, name="release"),
    path("cases/<uuid:ref>/hand-over/", queue.hand_over, name="hand_over"),
    path("supervision/", supervision.supervision, name="supervision"),
    path("supervision/<int:pk>/", supervision.review, name="review"),
    path("partners/", partners.partners, name="partners"),
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
    path("cases/<uuid:ref>/enquiries/<uuid:enquiry>/paper/", paper.ask, name="paper"),
    path("cases/<uuid:ref>/enquiries/<uuid:enquiry>/form/", paper.form, name="form"),
    path("questions/", questions.queue, name="questions"),
    path("questions/<uuid:ref>/", questions.question, name="question"),
    path("questions/<uuid:ref>/open/", questions.open_question, name="question_open"),
    path("questions/<uuid:ref>/answer/", questions.answer, name="question_answer"),
    path("questions/<uuid:ref>/confirm/", questions.confirm, name="question_confirm"),
    path("questions/<uuid:ref>/drop/", questions.drop, name="question_drop"),
    path("questions/<uuid:ref>/ask-back/", questions.ask_back, name="question_ask_back"),
    path("questions/<uuid:ref>/correct/", questions.correct, name="question_correct"),
    path("questions/<uuid:ref>/send-again/", questions.send_again, name="question_send_again"),
]
