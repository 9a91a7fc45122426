"""Registries: find the object for "adam", Adam, Adam(0.01) or a saved description."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeAlias, TypeVar

from pellucid.core.keras.values import instead_of
from pellucid.core.serializable import Serializable
from pellucid.errors import ArgumentError, UnknownNameError, nearest

T = TypeVar("T", bound=Serializable)
Identifier: TypeAlias = str | T | type[T] | Mapping[str, Any]  # what `Registry.get` accepts


class Registry(Generic[T]):
    """The public classes of one kind, by name.

    A class is found by its name and its ``aliases``, ignoring case and underscores. To add one, import it in
    its ``home`` and list it in ``__all__`` there.

    Parameters
    ----------
    kind
        The kind of object, also the usual name of the argument: ``"optimizer"``.
    module
        Keras's module for them: ``"keras.optimizers"``. Descriptions name it, so that Keras can read them.
    base
        Their base class; user-defined subclasses are accepted too.
    home
        The ``globals()`` of the module whose ``__all__`` lists them.
    example
        A name to show in error messages.
    internal
        Classes that have a name but are not public.

    Examples
    --------
    >>> class Shape(Serializable): ...
    >>> class Circle(Shape):
    ...     aliases = ("round",)
    >>> shapes = Registry("shape", "keras.shapes", Shape, {"__all__": ["Circle"], "Circle": Circle}, "circle")
    >>> shapes.get("circle"), shapes.get("round"), shapes.get({"class_name": "Circle", "config": {}})
    (Circle(), Circle(), Circle())
    >>> shapes.get("cirle")
    Traceback (most recent call last):
    ...
    pellucid.errors.UnknownNameError: There is no shape 'cirle': did you mean 'circle'?
    """

    def __init__(
        self,
        kind: str,
        module: str,
        base: type[T],
        home: Mapping[str, Any],
        example: str,
        internal: Iterable[type[T]] = (),
    ) -> None:
        self.kind, self.module, self.base, self.example = kind, module, base, example
        public = [home[name] for name in home["__all__"]]
        classes = [thing for thing in public if isinstance(thing, type) and issubclass(thing, base)]
        named = {name: one for one in (*classes, *internal) if one is not base for name in _names(one)}
        self.names = list(named)
        self._classes = {_bare(name): one for name, one in named.items()}
        self._functions = {
            thing: self._classes[_bare(thing.__name__)]
            for thing in public
            if callable(thing) and not isinstance(thing, type) and _bare(thing.__name__) in self._classes
        }

    def class_of(self, function: Callable[..., Any]) -> type[T] | None:
        """Return the class that belongs to a public function, or None for any other function.

        Keras has such pairs: ``mean_squared_error`` and ``MeanSquaredError``.
        """
        return self._functions.get(function)

    def get(self, identifier: Identifier[T]) -> T:
        """Return the object for ``identifier``.

        Parameters
        ----------
        identifier
            A name, a class, an object (returned as it is), or a description: a dict with ``class_name`` (or
            ``name``) and ``config``, such as :meth:`serialize` returns.

        Raises
        ------
        UnknownNameError
            For an unknown name; the message suggests the nearest.
        ArgumentError
            For anything else.
        """
        if isinstance(identifier, self.base):
            return identifier
        if isinstance(identifier, type) and issubclass(identifier, self.base):
            return identifier()
        if isinstance(identifier, str):
            return self._named(identifier)()
        if isinstance(identifier, Mapping):
            return self._described(identifier)
        raise ArgumentError(
            f"{self.kind} takes a name such as {self.example!r}, or an object or class of that kind. "
            f"Received: {self.kind}={identifier!r}"
        )

    def serialize(self, thing: T) -> dict[str, Any]:
        """Return the JSON-able description of ``thing``, from which :meth:`get` can recreate it."""
        return {
            "module": self.module,
            "class_name": type(thing).__name__,
            "config": thing.get_config(),
            "registered_name": None,
        }

    def _named(self, name: str) -> type[T]:
        found = self._classes.get(_bare(name))
        if found is None:
            offer = instead_of(self.kind, name) or nearest(name.lower(), self.names)
            raise UnknownNameError(f"There is no {self.kind} {name!r}: {offer}")
        return found

    def _described(self, description: Mapping[str, Any]) -> T:
        name = description.get("class_name", description.get("name"))
        config = description.get("config", {})
        if not isinstance(name, str) or not isinstance(config, Mapping):
            raise ArgumentError(
                f"{self.kind} described by a dict has a class_name, such as {self.example!r}, and a config, "
                f"a dict of its arguments. Received: {dict(description)!r}"
            )
        return self._named(name).from_config(config)


def _names(one: type[Serializable]) -> list[str]:
    """Return the names by which users write a class; an alias may respell the class's name."""
    aliases = vars(one).get("aliases", ())
    own = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", one.__name__).lower()
    return [*aliases] if _bare(own) in map(_bare, aliases) else [own, *aliases]


def _bare(name: str) -> str:
    """Return the name in lower case without underscores: GlorotUniform and glorot_uniform are equal."""
    return name.lower().replace("_", "")
