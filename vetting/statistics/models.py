"""Figures that pages show; made anew from time to time from cases of the last year."""

from django.db import models


class RouteTime(models.Model):
    """How long cases of one home State took that asked the same States; `route` names them, or is `*` for all."""

    home = models.CharField(max_length=2)
    route = models.CharField(max_length=120)
    median = models.PositiveSmallIntegerField()
    ninth = models.PositiveSmallIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["home", "route"], name="one_time_per_route"),)

    def __str__(self) -> str:
        return f"{self.home}: {self.route}"


class MonthFigure(models.Model):
    """What is published of one stage in one full month; counted once and never again. `volume` is in tens, empty for
    fewer than ten; the times, in days, are empty where there is too little to say."""

    month = models.DateField()
    stage = models.CharField(max_length=16)
    volume = models.PositiveIntegerField(null=True)
    median = models.PositiveSmallIntegerField(null=True)
    ninth = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["month", "stage"], name="one_figure_per_month_and_stage"),)

    def __str__(self) -> str:
        return f"{self.month}: {self.stage}"


class Outage(models.Model):
    """For how many begun hours of a month the way to one State was down."""

    month = models.DateField()
    state = models.CharField(max_length=2)
    hours = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["month", "state"], name="one_outage_per_month_and_state"),)

    def __str__(self) -> str:
        return f"{self.month}: {self.state}"
