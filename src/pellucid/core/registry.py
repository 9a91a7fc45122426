"""From what a user writes ("adam", Adam, Adam(0.01), a saved description) to the object that is meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from pellucid.core.serializable import Serializable
from pellucid.errors import ArgumentError, UnknownNameError, nearest

T = TypeVar("T", bound=Serializable)


class Registry(Generic[T]):
    """The classes of one kind, by name.

    Parameters
    ----------
    kind
        What they are, in a word that is also the usual argument's name: ``"optimizer"``.
    module
        Where Keras keeps them: ``"keras.optimizers"``. Descriptions name it, so that Keras can read them.
    base
        The class they all descend from; a user's own descendants are fine too.
    classes
        Each name with its class. Capitals and underscores do not matter in a name.

    Examples
    --------
    >>> class Shape(Serializable): ...
    >>> class Circle(Shape): ...
    >>> shapes = Registry("shape", "keras.shapes", Shape, {"circle": Circle})
    >>> shapes.get("circle"), shapes.get(Circle), shapes.get({"class_name": "Circle", "config": {}})
    (Circle(), Circle(), Circle())
    >>> shapes.get("cirle")
    Traceback (most recent call last):
    ...
    pellucid.errors.UnknownNameError: There is no shape 'cirle': did you mean 'circle'?
    """

    def __init__(self, kind: str, module: str, base: type[T], classes: Mapping[str, type[T]]) -> None:
        self.kind = kind
        self.module = module
        self.base = base
        self.names = list(classes)
        self._classes = {_bare(name): named for name, named in classes.items()}

    def get(self, identifier: Any) -> T:
        """Return the object that ``identifier`` means.

        Parameters
        ----------
        identifier
            A name, a class, an object (returned as it is), or a description: a dict with ``class_name`` (or
            ``name``) and ``config``, such as :meth:`serialize` returns.

        Raises
        ------
        UnknownNameError
            For a name that is not known; the nearest one is offered.
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
            f"{self.kind} takes a name such as {self.names[0]!r}, or an object or class of that kind. "
            f"Received: {self.kind}={identifier!r}"
        )

    def serialize(self, thing: T) -> dict[str, Any]:
        """Return the description of ``thing``, JSON-able, from which :meth:`get` makes it again."""
        return {
            "module": self.module,
            "class_name": type(thing).__name__,
            "config": thing.get_config(),
            "registered_name": None,
        }

    def _named(self, name: str) -> type[T]:
        found = self._classes.get(_bare(name))
        if found is None:
            raise UnknownNameError(f"There is no {self.kind} {name!r}: {nearest(name.lower(), self.names)}")
        return found

    def _described(self, description: Mapping[str, Any]) -> T:
        name = description.get("class_name", description.get("name"))
        config = description.get("config", {})
        if not isinstance(name, str) or not isinstance(config, Mapping):
            raise ArgumentError(
                f"{self.kind} described by a dict has a class_name, such as {self.names[0]!r}, and a config, "
                f"a dict of its arguments. Received: {dict(description)!r}"
            )
        return self._named(name).from_config(config)


def _bare(name: str) -> str:
    """Return the name without what does not matter: GlorotUniform and glorot_uniform are one."""
    return name.lower().replace("_", "")
