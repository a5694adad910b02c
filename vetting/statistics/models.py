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
