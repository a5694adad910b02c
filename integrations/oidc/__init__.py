"""Signing in by an identity provider that an organisation has of its own."""
