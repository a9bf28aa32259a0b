"""The tag `kept`: what is the same on many pages is rendered once.

    {% kept theme=shell.theme %} … {{ theme }} … {% endkept %}

Inside, there is nothing of the page but the values that are named, and the language. So the same values always give the
same HTML, and what is kept cannot hold anything of the person or the request for which it was rendered first.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST_KEPT = 500  # renderings of one place; then all are forgotten
PLAIN = (str, SafeString, int, bool, type(None))


class Kept(template.Node):
    """A part of a template and its renderings by language and values."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, names: dict[str, FilterExpression]) -> None:
        self.nodelist, self.names = nodelist, names
        self.made: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        """Return the part, rendered now or before."""
        values = {name: _plain(one.resolve(context)) for name, one in self.names.items()}
        key = (get_language(), *((type(one), one) for one in values.values()))
        found = self.made.get(key)
        if found is None:
            alone = template.Context(values, autoescape=context.autoescape)
            with alone.bind_template(context.template):  # type: ignore[arg-type]
                found = self.nodelist.render(alone)
            if len(self.made) >= MOST_KEPT:
                self.made.clear()
            self.made[key] = found
        return found


def _plain(value: Any) -> Any:
    """Return a value that says all about itself; a row or a list may change and be the same, and is refused."""
    if type(value) in PLAIN:
        return value
    raise template.TemplateSyntaxError(f"{{% kept %}} takes texts, numbers and truth values, not {type(value)}")


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """Render the part up to `endkept` once a language and once for each set of the named values."""
    bits = token.split_contents()[1:]
    names = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError("{% kept %} takes name=value only")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodelist, names)
