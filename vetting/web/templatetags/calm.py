"""The components that hold content of their own, and the few filters the others need."""

from typing import Any

from django import forms, template
from django.template.loader import render_to_string

from vetting.web import forms as calm

register = template.Library()


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> str:
    """{% notice "warning" title=… %}…{% endnotice %}: info, success, warning, danger; said by icon, word and colour."""
    return render_to_string("components/notice.html", {"body": content, "kind": kind, "title": title})


@register.simple_block_tag
def disclosure(content: str, summary: str, open: bool = False) -> str:  # noqa: A002 - the word of HTML
    """{% disclosure _("Why do we ask?") %}…{% enddisclosure %}: help that unfolds."""
    return render_to_string("components/disclosure.html", {"body": content, "summary": summary, "open": open})


@register.simple_block_tag
def card(content: str, title: str = "", url: str = "", level: int = 2) -> str:
    """{% card title=… url=… level=3 %}…{% endcard %}."""
    return render_to_string(
        "components/card.html", {"body": content, "title": title, "url": url, "heading": f"h{level:d}"}
    )


@register.simple_block_tag
def empty(content: str, title: str) -> str:
    """{% empty _("No requests yet") %}what to do about it{% endempty %}."""
    return render_to_string("components/empty.html", {"body": content, "title": title})


@register.simple_block_tag
def confirmation(content: str, title: str, reference: str = "", label: str = "") -> str:
    """{% confirmation _("Request sent") reference=ref label=… %}…{% endconfirmation %}: holds the page's h1."""
    context = {"body": content, "title": title, "reference": reference, "label": label}
    return render_to_string("components/confirmation.html", context)


@register.filter
def error_links(form: Any) -> list[dict[str, str]]:
    """The sentences of the errors of a form, or of several, each with the id of its input."""
    if not isinstance(form, forms.BaseForm):
        return [link for one in form or () for link in error_links(one)]
    if not form.is_bound:
        return []
    return [{"target": target, "sentence": sentence} for target, sentence in calm.error_links(form)]


@register.filter
def head_of(form: Any, field: str) -> tuple[Any, Any] | None:
    """The heading above a field, and a line below it, where a form's `heads` has one."""
    heads: dict[str, tuple[Any, Any]] = getattr(form, "heads", {})
    return heads.get(field)


@register.filter
def grouped(code: Any, size: int = 4) -> list[str]:
    """A long code in groups that an eye can follow: every four characters."""
    text = str(code)
    return [text[place : place + size] for place in range(0, len(text), size)]
