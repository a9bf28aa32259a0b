"""The reference of the API for people, made from its own description."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import resolve, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.web.pages import Button, Page

DESCRIPTION = "api:openapi-json"


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter or field: its name, where it stands, its type in words."""

    name: str
    place: str
    kind: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One address with its method: what it takes, what it gives."""

    method: str
    path: str
    title: str
    text: str
    takes: list[Field]
    gives: list[Field]
    answers: str


class Reference(Page):
    """Every operation of the API with its fields, in the reader's language."""

    title = gettext_lazy("API reference")
    template_name = "access/api_reference.html"
    actions = (
        Button(gettext_lazy("OpenAPI description"), DESCRIPTION, icon="download", new_tab=True),
        Button(gettext_lazy("API tokens"), "access:token_list", right="core.access.view_tokens", icon="key"),
    )

    @cached_property
    def described(self) -> dict[str, Any]:
        """The OpenAPI description, as programs get it."""
        found: dict[str, Any] = json.loads(resolve(reverse(DESCRIPTION)).func(self.request).content)
        return found

    def context(self, **extra: Any) -> dict[str, Any]:
        """Add the operations by subject."""
        groups: dict[str, list[Operation]] = defaultdict(list)
        for path, methods in self.described["paths"].items():
            for method, facts in methods.items():
                groups[facts["tags"][0]].append(self.operation(method, path, facts))
        return super().context(groups=dict(groups), address=self.request.build_absolute_uri("/"), **extra)

    def operation(self, method: str, path: str, facts: Mapping[str, Any]) -> Operation:
        """Read one operation of the description."""
        takes = [
            Field(
                one["name"], str(self.place(one["in"])), self.kind(one["schema"]), one.get("required", False),
                one.get("description", ""),
            )
            for one in facts.get("parameters", ())
        ]  # fmt: skip
        body = facts.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        takes += self.fields(body, _("body")) if body else []
        good: dict[str, Any] = next(
            (one for code, one in sorted(facts["responses"].items()) if code.startswith("2")), {}
        )
        shape = good.get("content", {}).get("application/json", {}).get("schema")
        answers = ", ".join(sorted(facts["responses"]))
        text = facts.get("description", "")
        return Operation(method.upper(), path, facts["summary"], text, takes, self.fields(shape, ""), answers)

    def place(self, name: str) -> str:
        """Say where a parameter stands."""
        return {"path": _("address"), "query": _("query"), "header": _("header")}.get(name, name)

    def fields(self, schema: Mapping[str, Any] | None, place: str) -> list[Field]:
        """Return the fields of an object, or of the things in a list."""
        shape = self.resolved(schema or {})
        if shape.get("type") == "array":
            shape = self.resolved(shape["items"])
        required = set(shape.get("required", ()))
        return [
            Field(name, place, self.kind(one), name in required, one.get("description", ""))
            for name, one in shape.get("properties", {}).items()
        ]

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Follow a reference to the shared shapes."""
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.described["components"]["schemas"][name] if name else schema

    def kind(self, schema: Mapping[str, Any]) -> str:
        """Say a type in a few words: "text", "date", "card | qr", "list of LineOut"."""
        if "anyOf" in schema:
            return " | ".join(self.kind(one) for one in schema["anyOf"] if one.get("type") != "null")
        shape = self.resolved(schema)
        if "enum" in shape:
            return " | ".join(str(one) for one in shape["enum"])
        if shape.get("type") == "array":
            return _("list: %(of)s") % {"of": self.kind(shape["items"])}
        if shape.get("type") == "object":
            return ", ".join(shape.get("properties", {}))
        names = {
            "date": _("date"), "date-time": _("instant"), "uuid": "UUID", "integer": _("whole number"),
            "boolean": _("yes or no"), "string": _("plain text"),
        }  # fmt: skip
        return names.get(shape.get("format", "")) or names.get(shape.get("type", ""), "")
