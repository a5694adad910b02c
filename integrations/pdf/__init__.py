"""The certificate as a PDF page."""

from integrations.pdf.printer import CertificatePrinter

__all__ = ["CertificatePrinter"]
