"""What every model on the wire has in common: strict, closed, and described without repetition."""

from typing import Self

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict
from werkzeug.datastructures import MultiDict


def untitled(schema: JsonDict) -> None:
    """Take the titles from a model's JSON Schema: they repeat the fields' names."""
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for field in properties.values():
            if isinstance(field, dict):
                field.pop("title", None)


class Body(BaseModel):
    """Base of what is sent as JSON."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        json_schema_extra=untitled,
        use_attribute_docstrings=True,
    )


class Parameters(Body):
    """Base of what is sent in an address's query."""

    @classmethod
    def read(cls, parameters: MultiDict[str, str]) -> Self:
        """Return what *parameters* say; one that holds no list may stand only once."""
        told = {
            name: values[0] if len(values) == 1 and not cls._is_list(name) else values
            for name, values in parameters.lists()
        }
        return cls.model_validate(told)

    @classmethod
    def _is_list(cls, name: str) -> bool:
        field = cls.model_fields.get(name)
        return field is not None and isinstance(field.default, tuple)


class Shape(BaseModel):
    """Base of what is answered; tests hold every answer against its shape."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra=untitled, use_attribute_docstrings=True
    )
