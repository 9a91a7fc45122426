"""Vectors of sixteen float32 for functions that Numba compiles.

A compiler vectorises a loop over channels only if it can prove that no arrays overlap, which for dozens of
arrays it cannot. So these functions are vectorised by hand: ``load`` sixteen adjacent values, compute with +,
-, *, / and ``where``, and ``store`` them. A comparison with ``>`` gives sixteen truth values, stored as a
16-bit number. On processors with shorter vectors the compiler uses two or four of them.

Offsets count elements, not bytes, from an array's first, whatever its shape; they are not bounds-checked.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import lower_builtin, models, register_model

from pellucid.fast.addresses import pointer
from pellucid.fast.compiling import inlined, instruction
from pellucid.fast.processors import FLOAT, LANES

FLOATS = ir.VectorType(ir.FloatType(), LANES)
TRUTHS = ir.VectorType(ir.IntType(1), LANES)
KIND = f"v{LANES}f32.p0v{LANES}f32"  # sixteen float32, and a pointer to them, in the names of LLVM functions
_ALIGNED = ir.Constant(ir.IntType(32), FLOAT)
WORD = ir.IntType(LANES)  # sixteen truth values, one bit each


class VectorType(types.Type):
    """Sixteen float32."""

    def __init__(self) -> None:
        super().__init__(name="float32x16")


class MaskType(types.Type):
    """Sixteen truth values."""

    def __init__(self) -> None:
        super().__init__(name="boolx16")


vector, mask = VectorType(), MaskType()


@register_model(VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, FLOATS)


@register_model(MaskType)
class _MaskModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, TRUTHS)


# --- Memory -----------------------------------------------------------------------------------------------


@instruction
def start_of(_context: Any, array: Any) -> Any:
    """Return the address of an array's first element, or 0 if it has none.

    Inlined functions take addresses: with an array, Numba would count references at each call. As addresses
    are not bounds-checked, arrays of any other dtype are refused.
    """
    if array.dtype not in (types.float32, types.uint16, types.int64):
        raise TypingError(f"compiled functions take float32, and uint16 for bits. Received: {array}")

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        address = builder.ptrtoint(view.data, view.nitems.type)
        return builder.select(builder.icmp_signed(">", view.nitems, _no(view)), address, _no(view))

    return types.intp(array), codegen


def _no(view: Any) -> Any:
    return ir.Constant(view.nitems.type, 0)


@instruction
def load(_context: Any, start: Any, offset: Any) -> Any:
    """Return the sixteen float32 from ``offset`` on."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(pointer(builder, arguments, FLOATS, FLOAT), align=FLOAT)

    return vector(types.intp, types.intp), codegen


@instruction
def store(_context: Any, start: Any, offset: Any, values: Any) -> Any:
    """Write sixteen float32 from ``offset`` on."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], pointer(builder, arguments, FLOATS, FLOAT), align=FLOAT)
        return context.get_dummy_value()

    return types.none(types.intp, types.intp, vector), codegen


@instruction
def load_first(_context: Any, start: Any, offset: Any, number: Any) -> Any:
    """Return ``number`` float32 from ``offset`` on, padded with zeros to sixteen; no others are read."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place, zeros = pointer(builder, arguments, FLOATS, FLOAT), ir.Constant(FLOATS, [0.0] * LANES)
        kind = ir.FunctionType(FLOATS, (place.type, ir.IntType(32), TRUTHS, FLOATS))
        function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.load.{KIND}")
        return builder.call(function, (place, _ALIGNED, _below(builder, arguments[2]), zeros))

    return vector(types.intp, types.intp, types.intp), codegen


@instruction
def store_first(_context: Any, start: Any, offset: Any, values: Any, number: Any) -> Any:
    """Write the first ``number`` of sixteen float32 from ``offset`` on."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = pointer(builder, arguments, FLOATS, FLOAT)
        kind = ir.FunctionType(ir.VoidType(), (FLOATS, place.type, ir.IntType(32), TRUTHS))
        function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.store.{KIND}")
        builder.call(function, (arguments[2], place, _ALIGNED, _below(builder, arguments[3])))
        return context.get_dummy_value()

    return types.none(types.intp, types.intp, vector, types.intp), codegen


def _below(builder: Any, number: Any) -> Any:
    """Return which of the numbers 0 … 15 are below ``number``."""
    numbers = ir.VectorType(number.type, LANES)
    limit = _repeated(builder, number, numbers)
    return builder.icmp_signed("<", ir.Constant(numbers, list(range(LANES))), limit)


@inlined
def six(start: Any, offset: Any, step: Any) -> Any:
    """Load six equally spaced vectors, from ``offset`` on."""
    return (
        load(start, offset),
        load(start, offset + step),
        load(start, offset + 2 * step),
        load(start, offset + 3 * step),
        load(start, offset + 4 * step),
        load(start, offset + 5 * step),
    )


@inlined
def add(start: Any, offset: Any, values: Any) -> None:
    """Add to the sixteen float32 from ``offset`` on."""
    store(start, offset, load(start, offset) + values)


@instruction
def number_at(_context: Any, start: Any, offset: Any) -> Any:
    """Return a vector filled with the float32 at ``offset``."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _spread(builder, builder.load(pointer(builder, arguments, ir.FloatType(), FLOAT)))

    return vector(types.intp, types.intp), codegen


@instruction
def load_truths(_context: Any, start: Any, offset: Any) -> Any:
    """Return the sixteen truth values in the uint16 at ``offset``."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = builder.load(pointer(builder, arguments, WORD, LANES // 8))
        return builder.bitcast(word, TRUTHS)

    return mask(types.intp, types.intp), codegen


@instruction
def store_truths(_context: Any, start: Any, offset: Any, truths: Any) -> Any:
    """Write sixteen truth values as the uint16 at ``offset``."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = builder.bitcast(arguments[2], WORD)
        builder.store(word, pointer(builder, arguments, WORD, LANES // 8))
        return context.get_dummy_value()

    return types.none(types.intp, types.intp, mask), codegen


# --- Numbers ----------------------------------------------------------------------------------------------


@instruction
def spread(_context: Any, number: Any) -> Any:
    """Return a vector filled with one float32."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _spread(builder, arguments[0])

    return vector(types.float32), codegen


def _spread(builder: Any, number: Any) -> Any:
    return _repeated(builder, number, FLOATS)


def _repeated(builder: Any, number: Any, kind: Any) -> Any:
    """Return a vector of this type filled with one number."""
    nothing = ir.Constant(kind, ir.Undefined)
    first = builder.insert_element(nothing, number, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(
        first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    )


def _define(symbol: Any, instruction: str) -> None:
    """Implement an operator on two vectors by an instruction; the compiler may fuse a product and a sum."""
    infer_global(symbol)(
        type(instruction, (ConcreteTemplate,), {"cases": [signature(vector, vector, vector)]})
    )

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return getattr(builder, instruction)(*arguments, flags=("contract",))

    lower_builtin(symbol, vector, vector)(lower)


_define(operator.add, "fadd")
_define(operator.sub, "fsub")
_define(operator.mul, "fmul")
_define(operator.truediv, "fdiv")


@instruction
def fused(_context: Any, values: Any, others: Any, total: Any) -> Any:
    """Return values · others + total, rounded once if the processor has such an instruction."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(FLOATS, (FLOATS, FLOATS, FLOATS))
        name = f"llvm.fmuladd.v{LANES}f32"
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)

    return vector(vector, vector, vector), codegen


# --- Truth values -----------------------------------------------------------------------------------------


@infer_global(operator.gt)
class _Greater(ConcreteTemplate):
    cases = [signature(mask, vector, vector)]  # noqa: RUF012 - Numba's way


@lower_builtin(operator.gt, vector, vector)
def _greater(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return builder.fcmp_ordered(">", *arguments)


@instruction
def exceeds(_context: Any, values: Any, others: Any) -> Any:
    """Return where ``values`` are larger than ``others``, or NaN, so that NaN wins and is noticed."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        larger = builder.fcmp_ordered(">", *arguments)
        return builder.or_(larger, builder.fcmp_unordered("uno", arguments[0], arguments[0]))

    return mask(vector, vector), codegen


@instruction
def where(_context: Any, condition: Any, values: Any, others: Any) -> Any:
    """Return ``values`` where the condition holds, else ``others``."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.select(*arguments)

    return vector(mask, vector, vector), codegen


@instruction
def but_not(_context: Any, truths: Any, others: Any) -> Any:
    """Return where ``truths`` hold and ``others`` do not."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.and_(arguments[0], builder.not_(arguments[1]))

    return mask(mask, mask), codegen


@instruction
def both(_context: Any, truths: Any, others: Any) -> Any:
    """Return where both hold."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.and_(*arguments)

    return mask(mask, mask), codegen


# --- Random bits ------------------------------------------------------------------------------------------


@instruction
def high_product(_context: Any, one: Any, other: Any) -> Any:
    """Return the upper 64 of the 128 bits of the product of two uint64."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), codegen


@instruction
def at_least(_context: Any, a: Any, b: Any, c: Any, d: Any, limit: Any) -> Any:
    """Split four uint64 into 16-bit numbers, the lowest first; return which are at least ``limit``."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        *words, limit = arguments
        four: Any = ir.Constant(ir.VectorType(ir.IntType(64), 4), ir.Undefined)
        for place, word in enumerate(words):
            four = builder.insert_element(four, word, ir.Constant(ir.IntType(32), place))
        shorts = ir.VectorType(WORD, LANES)
        limits: Any = ir.Constant(shorts, ir.Undefined)
        for place in range(LANES):
            limits = builder.insert_element(limits, limit, ir.Constant(ir.IntType(32), place))
        return builder.icmp_unsigned(">=", builder.bitcast(four, shorts), limits)

    return mask(*(types.uint64,) * 4, types.uint16), codegen
