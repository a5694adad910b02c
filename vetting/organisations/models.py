"""Organisations that recruit for work with children, and everybody who signs in."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Q

from vetting.organisations.ports import Places


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


class IdentityProvider(models.Model):
    """Where the people of one organisation, with its branches, sign in with the account that they have there.

    `secret_name` names a variable of the environment; the secret itself is never here. `acr` and `amr` are the words in
    which the provider says that a second factor was used; without any, ours stays required.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="provider")
    code = models.CharField(max_length=14, unique=True)
    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=200)
    secret_name = models.CharField(max_length=80, blank=True)
    authorize_at = models.CharField(max_length=300)
    token_at = models.CharField(max_length=300)
    keys_at = models.CharField(max_length=300)
    acr = models.JSONField(default=list)
    amr = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["issuer", "client_id"], name="provider_of_one_organisation"),)

    def __str__(self) -> str:
        return f"provider of {self.organisation_id}"

    @property
    def places(self) -> Places:
        """Its addresses, as the operator looked at them."""
        return Places(authorize=self.authorize_at, token=self.token_at, keys=self.keys_at)
