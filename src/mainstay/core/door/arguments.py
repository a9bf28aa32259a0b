"""Arguments of an act as JSON and back, so that an approval can run it later."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem


def to_json(arguments: dict[str, Any]) -> dict[str, Any]:
    """Turn keyword arguments into JSON: models become label and key, dates ISO text, lists stay lists."""
    return {name: _dump(value) for name, value in arguments.items()}


def from_json(data: dict[str, Any]) -> dict[str, Any]:
    """Turn the result of `to_json` back; a row that is gone raises Problem."""
    return {name: _load(value) for name, value in data.items()}


def same(one: Any, other: Any) -> bool:
    """Tell whether two results of `to_json` mean the same: a file sent twice is two rows with one content."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        if "$model" in one:
            return one == other or (one["$model"] == other["$model"] and _same_content(one, other))
        return all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def _same_content(one: dict[str, Any], other: dict[str, Any]) -> bool:
    (model, key), (_model, other_key) = _key(one), _key(other)
    content = getattr(model, "CONTENT", None)
    if content is None:
        return False
    found = model._default_manager.filter(pk__in=[key, other_key]).values_list("pk", content)
    return len(found) == len({key, other_key}) and len({value for _pk, value in found}) == 1


def key_of(value: Any) -> tuple[type[Model], Any] | None:
    """Return model and key of a row as `to_json` wrote it, None for any other value."""
    return _key(value) if isinstance(value, dict) and "$model" in value else None


def _key(value: dict[str, Any]) -> tuple[type[Model], Any]:
    key = value["pk"]
    return apps.get_model(value["$model"]), tuple(_load(part) for part in key) if isinstance(key, list) else key


def _dump(value: Any) -> Any:
    if isinstance(value, Model):
        key = value.pk
        return {"$model": value._meta.label, "pk": [_dump(part) for part in key] if isinstance(key, tuple) else key}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, list | tuple):
        return [_dump(one) for one in value]
    if isinstance(value, dict):
        return {"$dict": {str(key): _dump(one) for key, one in value.items()}}
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"an action that may need approval cannot take {type(value).__name__}")


def _load(value: Any) -> Any:
    if isinstance(value, list):
        return [_load(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "$date" in value:
        return date.fromisoformat(value["$date"])
    if "$dict" in value:
        return {key: _load(one) for key, one in value["$dict"].items()}
    model, key = _key(value)
    row = model._default_manager.filter(pk=key).first()
    if row is None:
        raise Problem(_("What this request was about no longer exists; withdraw it."), code="gone")
    return row
