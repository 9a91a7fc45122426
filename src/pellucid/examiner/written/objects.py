"""Functions, classes and objects of the student's own, as far as their text tells."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from pellucid.examiner.written.values import Name


@dataclass(frozen=True, eq=False)
class Function:
    """A function; ``bound`` holds the object that a method belongs to."""

    node: ast.FunctionDef | ast.Lambda
    bound: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class Class:
    """A class, with the classes that it is derived from."""

    name: str
    node: ast.ClassDef
    bases: tuple[Any, ...] = ()

    @property
    def is_keras_model(self) -> bool:
        """Whether its objects are networks, whose method ``call`` says how they compute."""
        return any(isinstance(one, Name) and one.is_keras and one.last == "Model" for one in self.bases)

    def method(self, name: str) -> ast.FunctionDef | None:
        """Return a method of its own, or of a class of the student's that it is derived from."""
        for statement in self.node.body:
            if isinstance(statement, ast.FunctionDef) and statement.name == name:
                return statement
        inherited = (one.method(name) for one in self.bases if isinstance(one, Class))
        return next((one for one in inherited if one is not None), None)


@dataclass(eq=False)
class Instance:
    """An object of a class."""

    made_by: Class
    attributes: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """Return an attribute, or a method bound to the object."""
        if name in self.attributes:
            return self.attributes[name]
        method = self.made_by.method(name)
        return default if method is None else Function(method, (self,))
