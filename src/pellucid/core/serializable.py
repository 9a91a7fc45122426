"""Base class for objects that are fully described by their constructor arguments (serialisable to JSON)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from pellucid.core.keras.attributes import no_attribute
from pellucid.core.old_spellings import reject_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping


class Serializable:
    """Base class for objects that are fully described by their constructor arguments.

    A subclass lists its arguments in ``options``, stores each as an attribute of the same name, and passes
    its ``**unknown`` on to this constructor, which rejects them. ``neutral`` holds Keras's arguments that
    pellucid does not have, each with the value at which it has no effect. ``aliases`` are further names for
    the registry.

    Examples
    --------
    >>> class Circle(Serializable):
    ...     options = ("radius",)
    ...
    ...     def __init__(self, radius=1.0, **unknown):
    ...         super().__init__(**unknown)
    ...         self.radius = radius
    >>> Circle.from_config(Circle(2.0).get_config())
    Circle(radius=2.0)
    >>> Circle(radios=2.0)
    Traceback (most recent call last):
    ...
    pellucid.errors.UnknownNameError: Circle has no argument radios=2.0: did you mean 'radius'?
    """

    options: ClassVar[tuple[str, ...]] = ()
    neutral: ClassVar[Mapping[str, Any]] = {}
    aliases: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **unknown: Any) -> None:
        reject_unknown(type(self).__name__, unknown, self.options, self.neutral)

    if not TYPE_CHECKING:  # so that type checkers still report attributes that are not there

        def __getattr__(self, name: str) -> Any:
            """Say what to write instead of an attribute of Keras that is not here."""
            for kind in type(self).__mro__:
                answer = no_attribute(kind.__name__, name, type(self).__name__)
                if answer is not None:
                    raise AttributeError(answer)
            return object.__getattribute__(self, name)  # raises the error that led here

    def get_config(self) -> dict[str, Any]:
        """Return the arguments by name, as JSON-able data."""
        return {option: getattr(self, option) for option in self.options}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return an object from what ``get_config`` returned."""
        return cls(**config)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{option}={getattr(self, option)!r}" for option in self.options)
        return f"{type(self).__name__}({arguments})"
