"""Organisations that recruit for work with children, and everybody who signs in."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Q


class UserManager(BaseUserManager["User"]):
    """People sign in by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **columns: Any) -> "User":
        """A person with a password (or none, until they set one)."""
        user = self.model(email=self.normalize_email(email).lower(), **columns)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **columns: Any) -> "User":
        """An operator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **columns)


class User(AbstractUser):
    """A secretary, a clerk or an operator. Applicants and verifiers have no account."""

    username = None  # type: ignore[assignment]  # AbstractUser insists on one; people sign in by e-mail address
    ref = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[assignment,misc]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Organisation(models.Model):
    """A school, club or NGO. Its State decides which authority is the home authority of its cases."""

    ref = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=2)
    is_active = models.BooleanField(default=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="branches")
    two_to_submit = models.BooleanField(default=False)
    # Since when an organisation that signed itself up waits for a supervisor; empty once that is decided.
    waits_since = models.DateTimeField(null=True)

    class Meta:
        permissions = (
            ("see_cases", "Follow cases"),
            ("handle_cases", "Open, submit and follow cases"),
            ("manage_people", "Decide who else may"),
        )
        indexes = (
            models.Index(
                fields=["state", "name", "id"], name="organisation_by_name", condition=Q(parent__isnull=True)
            ),
            models.Index(fields=["waits_since"], name="organisation_waits", condition=Q(waits_since__isnull=False)),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(
                condition=Q(waits_since__isnull=True) | Q(is_active=False), name="what_waits_is_not_on_yet"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        """Whether it, and what it is a branch of, is switched on."""
        return self.is_active and (self.parent is None or self.parent.is_active)


ON = Q(is_active=True) & (Q(parent__isnull=True) | Q(parent__is_active=True))
"""The same as a filter."""


class SignUp(models.Model):
    """What a stranger gave to sign an organisation up. Nothing follows before the reader of the mail confirms it."""

    digest = models.CharField(max_length=64, unique=True)
    organisation = models.CharField(max_length=200)
    state = models.CharField(max_length=2)
    first_name = models.CharField(max_length=150)
    last_name = models.CharField(max_length=150)
    email = models.EmailField()
    asked_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"sign-up {self.pk}"
