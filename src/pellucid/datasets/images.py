"""Reading one image file of any common format, as bytes of grey or colour."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from pellucid.core.arguments import is_whole
from pellucid.core.old_spellings import explain_once
from pellucid.datasets.image_oddities import oddities, stored_as
from pellucid.errors import ArgumentError, DataError

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray
    from PIL import Image

Aspect = Literal["stretch", "pad", "crop"]

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")
MAX_PIXELS = 89_478_485  # as in Pillow, against decompression bombs: a quarter of a gigabyte in colour
_WHITE = (255, 255, 255, 255)


def read_image(
    path: str | os.PathLike[str],
    *,
    size: tuple[int, int] | None = None,
    grey: bool | None = None,
    aspect: Aspect = "stretch",
) -> NDArray[np.uint8]:
    """Read one image file (PNG, JPEG, GIF, BMP, TIFF, WebP or PPM).

    The rotation noted by a camera (EXIF) is applied; transparent areas become white; of several frames or
    pages the first is read; 16-bit grey is scaled to 8 bits; palettes, CMYK and black-and-white become colour
    or grey.

    Parameters
    ----------
    path
        The file.
    size
        (H, W) to resize to; None keeps the size. Shrinking averages over the pixels that are merged (Pillow's
        bilinear filter).
    grey
        True: grey, colours weighted 0.299 R + 0.587 G + 0.114 B (ITU-R 601). False: colour. None: grey if
        there is no colour in the image (R = G = B everywhere), else colour.
    aspect
        What to do if ``size`` has other proportions than the image: "stretch" it (as Keras does by default),
        "pad" it with black on two sides, or "crop" two sides of it.

    Returns
    -------
    uint8 (H, W, C), C = 1 for grey, 3 for colour (red, green, blue).

    Notes
    -----
    A :class:`~pellucid.errors.PellucidNote` names a file whose values use a small part of their range,
    as when 8-bit values were saved in 16 bits, or whose drawing lies in its transparency.

    Raises
    ------
    DataError
        If the file is missing, empty, damaged, too large (over 89 million pixels), of another format, or has
        values without an agreed black and white (32-bit). The message names the file.
    ArgumentError
        If ``size`` or ``aspect`` is not valid.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Image.new("RGBA", (4, 2), (255, 0, 0, 128)).save(f"{folder}/pink.png")
    ...     read_image(f"{folder}/pink.png").shape, read_image(f"{folder}/pink.png", size=(1, 1)).tolist()
    ((2, 4, 3), [[[255, 127, 127]]])
    """
    pixels, remarks = read_with_remarks(path, size=size, grey=grey, aspect=aspect)
    for remark in remarks:
        explain_once(f"{path}: {remark}", f"{path}: {remark}.")
    return pixels


def read_with_remarks(
    path: str | os.PathLike[str],
    *,
    size: tuple[int, int] | None = None,
    grey: bool | None = None,
    aspect: Aspect = "stretch",
) -> tuple[NDArray[np.uint8], list[str]]:
    """Return what :func:`read_image` returns, and what is odd about the file, in words."""
    if size is not None:
        check_size(size)
    check_aspect(aspect)
    path = Path(path)
    if not path.is_file():
        what = "it is a folder" if path.is_dir() else "there is no such file"
        raise DataError(f"Cannot read the image {path}: {what}.")
    if path.stat().st_size == 0:
        raise DataError(f"Cannot read the image {path}: the file is empty.")
    try:
        pixels, remarks = _pixels(path, size, aspect)
    except DataError:
        raise
    except Exception as error:  # decoders raise many kinds of errors for damaged files
        raise DataError(f"Cannot read the image {path}: {_reason(error)}.") from error
    return _channels(pixels, grey=grey), remarks


def check_size(size: object) -> None:
    """Raise :class:`~pellucid.errors.ArgumentError` unless ``size`` is (height, width)."""
    if not _is_size(size):
        raise ArgumentError(
            f"size must be (height, width), whole numbers, at most {MAX_PIXELS:,} pixels. Received: {size=}"
        )


def check_aspect(aspect: object) -> None:
    """Raise :class:`~pellucid.errors.ArgumentError` unless ``aspect`` is a known one."""
    if aspect not in get_args(Aspect):
        raise ArgumentError(f"aspect must be 'stretch', 'pad' or 'crop'. Received: {aspect=}")


def _is_size(size: object) -> bool:
    match size:
        case (height, width) if is_whole(height) and is_whole(width):
            return int(height) * int(width) <= MAX_PIXELS
    return False


def _pixels(path: Path, size: tuple[int, int] | None, aspect: Aspect) -> tuple[NDArray[np.uint8], list[str]]:
    """Return the image in the file as (H, W, 1) or (H, W, 3), and what is odd about it."""
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        # Pillow warns of oddities that it can read; only its warning that the image is too large is an error.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path, formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise DataError(f"Cannot read the image {path}: {_too_large(f'{width * height:,}')}.")
            raw_mode = stored_as(opened)
            opened.load()
            _refuse_unscaled(opened, path)
            image = _eight_bit(ImageOps.exif_transpose(opened))
            remarks = oddities(opened, image, raw_mode)
    if size is not None and tuple(size) != (image.height, image.width):
        image = _resized(image, size, aspect)
    pixels = np.array(image)
    # (H, W) -> (H, W, 1)
    return pixels[..., np.newaxis] if pixels.ndim == 2 else pixels, remarks


def _refuse_unscaled(image: Image.Image, path: Path) -> None:
    """Raise for values without an agreed white: floating-point, and 32-bit."""
    # Pillow opens 16-bit PNG and PPM in its 32-bit mode, scaled to 0..65535.
    if image.mode == "F" or (image.mode == "I" and image.format not in ("PNG", "PPM")):
        raise DataError(
            f"Cannot read the image {path}: it is not agreed which of its 32-bit or floating-point values is "
            "white; save it with 8 or 16 bits."
        )


def _eight_bit(image: Image.Image) -> Image.Image:
    """Return the image in mode L (grey) or RGB."""
    from PIL import Image

    if image.mode == "I" or image.mode.startswith("I;"):
        return _from_sixteen_bit(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, _WHITE), image).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _from_sixteen_bit(image: Image.Image) -> Image.Image:
    from PIL import Image

    values = np.asarray(image)
    scaled = np.rint(values / 257).astype(np.uint8)  # 65535 -> 255
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        scaled[values == transparent] = 255
    return Image.fromarray(scaled)


def _resized(image: Image.Image, size: tuple[int, int], aspect: Aspect) -> Image.Image:
    from PIL import Image, ImageOps

    height, width = size
    filtering = Image.Resampling.BILINEAR  # when shrinking, over all pixels that are merged
    if aspect == "crop":
        return ImageOps.fit(image, (width, height), filtering)
    if aspect == "stretch":
        return image.resize((width, height), filtering)
    scale = min(height / image.height, width / image.width)
    inner = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    padded = Image.new(image.mode, (width, height))
    padded.paste(image.resize(inner, filtering), ((width - inner[0]) // 2, (height - inner[1]) // 2))
    return padded


def _channels(pixels: NDArray[np.uint8], *, grey: bool | None) -> NDArray[np.uint8]:
    """Return ``pixels`` with one channel or three, as asked."""
    has_colour = pixels.shape[-1] == 3 and bool((pixels != pixels[..., :1]).any())
    if grey is None:
        grey = not has_colour
    if not grey:
        return np.repeat(pixels, 3, axis=-1) if pixels.shape[-1] == 1 else pixels
    if not has_colour:
        return pixels[..., :1].copy()
    from PIL import Image

    # (H, W, 3) -> (H, W) -> (H, W, 1)
    return np.array(Image.fromarray(pixels).convert("L"))[..., np.newaxis]


def _too_large(count: str) -> str:
    return f"it has {count} pixels, more than {MAX_PIXELS:,}; make it smaller first"


def _reason(error: Exception) -> str:
    from PIL import Image, UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return f"it is not one of {', '.join(FORMATS)}, is damaged, or has no pixels"
    if isinstance(error, Image.DecompressionBombWarning | Image.DecompressionBombError):
        return _too_large("too many")
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"it is damaged or cut short ({type(error).__name__}: {error})"
