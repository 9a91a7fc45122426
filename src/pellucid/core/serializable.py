"""The base of what its arguments describe wholly: initializers, schedules, optimizers, losses, metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from pellucid.core.old_spellings import reject_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping


class Serializable:
    """An object that its arguments describe wholly, so that it can be saved as JSON and made again.

    A subclass lists its arguments in ``options``, keeps each as an attribute of the same name, and hands
    what its ``**unknown`` caught to this constructor, which rejects it. ``neutral`` has the arguments of
    Keras's that we lack, each at the value where it does nothing.

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
    neutral: ClassVar[
        Mapping[str, Any]
    ] = {}  # Keras's arguments that we lack, at the value where they do nothing

    def __init__(self, **unknown: Any) -> None:
        reject_unknown(type(self).__name__, unknown, self.options, self.neutral)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments by name, as JSON-able data."""
        return {option: getattr(self, option) for option in self.options}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return the object that ``get_config`` described."""
        return cls(**config)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{option}={getattr(self, option)!r}" for option in self.options)
        return f"{type(self).__name__}({arguments})"
