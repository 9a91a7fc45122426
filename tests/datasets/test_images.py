import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pellucid.datasets import images as images_module
from pellucid.datasets import read_image
from pellucid.errors import ArgumentError, DataError

COLOURS = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
GREYS = np.random.default_rng(1).integers(0, 256, (5, 7), dtype=np.uint8)


def saved(tmp_path: Path, image: Image.Image, name: str, **options) -> Path:
    image.save(tmp_path / name, **options)
    return tmp_path / name


class TestEveryKindOfImage:
    @pytest.mark.parametrize("suffix", ["png", "bmp", "tiff", "ppm", "webp"])
    def test_colour(self, tmp_path: Path, suffix: str) -> None:
        options = {"lossless": True} if suffix == "webp" else {}
        found = read_image(saved(tmp_path, Image.fromarray(COLOURS), f"a.{suffix}", **options))
        assert found.dtype == np.uint8
        np.testing.assert_array_equal(found, COLOURS)

    @pytest.mark.parametrize("suffix", ["png", "bmp", "tiff", "pgm", "gif"])
    def test_grey(self, tmp_path: Path, suffix: str) -> None:
        found = read_image(saved(tmp_path, Image.fromarray(GREYS), f"a.{suffix}"))
        np.testing.assert_array_equal(found, GREYS[..., np.newaxis])

    def test_jpeg(self, tmp_path: Path) -> None:
        smooth = np.full((16, 16, 3), (200, 100, 50), np.uint8)
        found = read_image(saved(tmp_path, Image.fromarray(smooth), "a.jpg", quality=95))
        assert abs(found.astype(int) - smooth).max() <= 3

    def test_the_content_decides_and_not_the_suffix(self, tmp_path: Path) -> None:
        path = saved(tmp_path, Image.fromarray(COLOURS), "a.png").rename(tmp_path / "a.jpg")
        np.testing.assert_array_equal(read_image(path), COLOURS)

    def test_black_and_white(self, tmp_path: Path) -> None:
        image = Image.fromarray(GREYS > 127)
        np.testing.assert_array_equal(
            read_image(saved(tmp_path, image, "a.png"))[..., 0], (GREYS > 127) * 255
        )

    def test_palette(self, tmp_path: Path) -> None:
        image = Image.fromarray(COLOURS).quantize(35)
        assert image.mode == "P"
        np.testing.assert_array_equal(
            read_image(saved(tmp_path, image, "a.png")), np.asarray(image.convert("RGB"))
        )

    def test_cmyk(self, tmp_path: Path) -> None:
        cmyk = Image.new("CMYK", (4, 4), (0, 255, 255, 0))
        np.testing.assert_array_equal(read_image(saved(tmp_path, cmyk, "a.tiff"))[0, 0], (255, 0, 0))
        found = read_image(saved(tmp_path, cmyk, "a.jpg", quality=95))[0, 0].astype(int)
        assert abs(found - (255, 0, 0)).max() <= 3

    @pytest.mark.parametrize("suffix", ["png", "tiff"])
    def test_sixteen_bits(self, tmp_path: Path, suffix: str) -> None:
        values = np.array([[0, 257, 65_535], [128, 129, 32_896]], np.uint16)
        found = read_image(saved(tmp_path, Image.fromarray(values), f"a.{suffix}"))
        np.testing.assert_array_equal(found[..., 0], [[0, 1, 255], [0, 1, 128]])

    def test_sixteen_bits_in_pgm(self, tmp_path: Path) -> None:
        (tmp_path / "a.pgm").write_bytes(b"P5 2 1 65535\n" + bytes([255, 255, 1, 1]))
        np.testing.assert_array_equal(read_image(tmp_path / "a.pgm")[..., 0], [[255, 1]])

    def test_sixteen_bits_with_a_transparent_value(self, tmp_path: Path) -> None:
        values = np.array([[0, 257, 514]], np.uint16)
        path = saved(tmp_path, Image.fromarray(values), "a.png", transparency=257)
        np.testing.assert_array_equal(read_image(path)[..., 0], [[0, 255, 2]])

    def test_transparency_is_laid_over_white(self, tmp_path: Path) -> None:
        rgba = Image.new("RGBA", (2, 1), (255, 0, 0, 0))
        rgba.putpixel((1, 0), (0, 0, 255, 128))
        found = read_image(saved(tmp_path, rgba, "a.png"))
        np.testing.assert_array_equal(found, [[[255, 255, 255], [127, 127, 255]]])

    def test_grey_with_transparency(self, tmp_path: Path) -> None:
        la = Image.new("LA", (2, 1), (0, 0))
        la.putpixel((1, 0), (10, 255))
        np.testing.assert_array_equal(read_image(saved(tmp_path, la, "a.png")), [[[255], [10]]])

    def test_a_transparent_colour_of_grey_colour_and_palette(self, tmp_path: Path) -> None:
        grey = Image.fromarray(np.array([[10, 20]], np.uint8))
        found = read_image(saved(tmp_path, grey, "a.png", transparency=10))
        np.testing.assert_array_equal(found[..., 0], [[255, 20]])
        colour = Image.fromarray(np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8))
        found = read_image(saved(tmp_path, colour, "b.png", transparency=(1, 2, 3)))
        np.testing.assert_array_equal(found, [[[255, 255, 255], [4, 5, 6]]])
        palette = grey.convert("P")
        found = read_image(saved(tmp_path, palette, "c.gif", transparency=10))
        np.testing.assert_array_equal(found[..., 0], [[255, 20]])

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_a_rotation_noted_by_the_camera_is_applied(self, tmp_path: Path, orientation: int) -> None:
        # EXIF 2.32, 4.6.4 A: how to turn and mirror what is stored to see it upright.
        upright = {
            1: lambda a: a,
            2: lambda a: a[:, ::-1],
            3: lambda a: a[::-1, ::-1],
            4: lambda a: a[::-1],
            5: lambda a: a.transpose(1, 0, 2),
            6: lambda a: np.rot90(a, -1),
            7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
            8: lambda a: np.rot90(a, 1),
        }
        exif = Image.Exif()
        exif[0x0112] = orientation
        path = saved(tmp_path, Image.fromarray(COLOURS), "a.png", exif=exif)
        np.testing.assert_array_equal(read_image(path), upright[orientation](COLOURS))

    @pytest.mark.parametrize("suffix", ["gif", "webp", "tiff", "png"])
    def test_of_several_frames_the_first_is_read(self, tmp_path: Path, suffix: str) -> None:
        frames = [Image.new("L", (4, 3), value) for value in (0, 255)]
        path = saved(tmp_path, frames[0], f"a.{suffix}", save_all=True, append_images=frames[1:])
        assert read_image(path).max() == 0

    def test_one_pixel(self, tmp_path: Path) -> None:
        assert read_image(saved(tmp_path, Image.new("L", (1, 1), 7), "a.png")).tolist() == [[[7]]]


class TestGreyOrColour:
    def test_colour_without_colour_counts_as_grey(self, tmp_path: Path) -> None:
        path = saved(tmp_path, Image.fromarray(GREYS).convert("RGB"), "a.png")
        np.testing.assert_array_equal(read_image(path), GREYS[..., np.newaxis])

    def test_grey_asked_for(self, tmp_path: Path) -> None:
        red = read_image(saved(tmp_path, Image.new("RGB", (1, 1), (255, 0, 0)), "a.png"), grey=True)
        assert red.tolist() == [[[76]]]  # 0.299 of 255

    def test_colour_asked_for(self, tmp_path: Path) -> None:
        found = read_image(saved(tmp_path, Image.fromarray(GREYS), "a.png"), grey=False)
        np.testing.assert_array_equal(found, np.stack([GREYS] * 3, axis=-1))

    @pytest.mark.parametrize("grey", [None, True, False])
    def test_the_array_may_be_written_to(self, tmp_path: Path, grey: bool | None) -> None:
        found = read_image(saved(tmp_path, Image.fromarray(GREYS), "a.png"), grey=grey)
        found[0, 0] = 1
        assert found.flags.c_contiguous


class TestSize:
    @pytest.fixture
    def wide(self, tmp_path: Path) -> Path:
        """Return a picture 40 wide and 20 high: left black, middle half grey, right white."""
        pixels = np.repeat(np.array([0] * 10 + [100] * 20 + [255] * 10, np.uint8)[np.newaxis], 20, axis=0)
        return saved(tmp_path, Image.fromarray(pixels), "a.png")

    def test_stretch(self, wide: Path) -> None:
        found = read_image(wide, size=(4, 4))
        assert found.shape == (4, 4, 1)
        assert np.ptp(found, axis=0).max() == 0  # the same in each row
        assert found[0, 0, 0] < 50 < found[0, 1, 0] < 150 < found[0, 3, 0]

    def test_crop(self, wide: Path) -> None:
        assert set(read_image(wide, size=(20, 20), aspect="crop").ravel()) == {100}

    def test_pad(self, wide: Path) -> None:
        found = read_image(wide, size=(40, 40), aspect="pad")[..., 0]
        assert found[:10].max() == found[30:].max() == 0
        np.testing.assert_array_equal(found[10:30], read_image(wide)[..., 0])

    def test_pad_of_a_line(self, tmp_path: Path) -> None:
        line = saved(tmp_path, Image.new("L", (1000, 1), 200), "line.png")
        assert read_image(line, size=(3, 3), aspect="pad")[..., 0].tolist() == [[0] * 3, [200] * 3, [0] * 3]

    def test_shrinking_averages(self, tmp_path: Path) -> None:
        board = np.indices((64, 64)).sum(axis=0) % 2 * 255
        path = saved(tmp_path, Image.fromarray(board.astype(np.uint8)), "a.png")
        assert abs(read_image(path, size=(8, 8)).astype(int) - 127).max() <= 1

    def test_the_rotation_comes_first(self, tmp_path: Path) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        path = saved(tmp_path, Image.new("L", (40, 20)), "a.png", exif=exif)
        assert read_image(path).shape == (40, 20, 1)
        assert read_image(path, size=(10, 5)).shape == (10, 5, 1)

    @pytest.mark.parametrize(
        "size", [28, (28,), (0, 5), (5, -1), (2.0, 2), (1, 2, 3), "ab", (65_535, 65_535)]
    )
    def test_a_size_that_cannot_be(self, wide: Path, size) -> None:
        with pytest.raises(
            ArgumentError, match=r"size must be \(height, width\), whole numbers.*\. Received: size="
        ):
            read_image(wide, size=size)

    def test_numpy_sizes_and_lists(self, wide: Path) -> None:
        assert read_image(wide, size=[np.int64(20), 40]).shape == (20, 40, 1)

    def test_an_aspect_that_cannot_be(self, wide: Path) -> None:
        with pytest.raises(
            ArgumentError, match=r"aspect must be 'stretch', 'pad' or 'crop'\. Received: aspect='squeeze'"
        ):
            read_image(wide, aspect="squeeze")


def png_claiming(width: int, height: int) -> bytes:
    """Return a PNG whose header claims a size that its few bytes do not have."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


class TestWhatIsRefused:
    def refused(self, tmp_path: Path, content: bytes, message: str, name: str = "a.png") -> None:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DataError, match=f"Cannot read the image .*{name}: {message}"):
            read_image(path)

    def test_nothing_there(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=r"Cannot read the image .*a.png: there is no such file."):
            read_image(tmp_path / "a.png")
        with pytest.raises(DataError, match=r"Cannot read the image .*: it is a folder."):
            read_image(tmp_path)

    def test_empty(self, tmp_path: Path) -> None:
        self.refused(tmp_path, b"", "the file is empty")

    @pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "bmp", "tiff", "webp", "ppm"])
    def test_cut_short(self, tmp_path: Path, suffix: str) -> None:
        pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
        path = saved(tmp_path, Image.fromarray(pixels), f"whole.{suffix}")
        whole = path.read_bytes()
        for length in (1, 7, 20, len(whole) // 2, len(whole) * 9 // 10):
            self.refused(tmp_path, whole[:length], "it is (not one of PNG, .*, is |)damaged", f"cut.{suffix}")

    @pytest.mark.parametrize("place", [16, 60, 200])
    def test_damaged_png(self, tmp_path: Path, place: int) -> None:
        path = saved(tmp_path, Image.fromarray(COLOURS), "whole.png")
        content = bytearray(path.read_bytes())
        content[place % len(content)] ^= 0xFF
        self.refused(tmp_path, bytes(content), "it is ")

    def test_text(self, tmp_path: Path) -> None:
        self.refused(
            tmp_path,
            b"hello, world" * 10,
            "it is not one of PNG, JPEG, GIF, BMP, TIFF, WEBP, PPM, is damaged",
        )

    @pytest.mark.parametrize("kind", ["eps", "pdf", "ico", "tga", "pcx"])
    def test_formats_not_on_the_list(self, tmp_path: Path, kind: str) -> None:
        path = saved(tmp_path, Image.fromarray(COLOURS), f"a.{kind}")
        with pytest.raises(DataError, match="it is not one of PNG"):
            read_image(path)

    @pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0)])
    def test_without_pixels(self, tmp_path: Path, width: int, height: int) -> None:
        message = "it is not one of PNG, .*, is damaged, or has no pixels"
        self.refused(tmp_path, b"P5 %d %d 255\n" % (width, height), message, "a.pgm")
        self.refused(tmp_path, png_claiming(width, height), message)

    @pytest.mark.parametrize(("width", "height"), [(65_535, 65_535), (10_000, 10_000), (2**31 - 1, 1)])
    def test_bombs(self, tmp_path: Path, width: int, height: int) -> None:
        self.refused(
            tmp_path, png_claiming(width, height), "it has .* pixels, more than 89,478,485; make it smaller"
        )

    def test_bombs_by_our_own_limit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(images_module, "MAX_PIXELS", 30)
        path = saved(tmp_path, Image.fromarray(GREYS), "a.png")
        with pytest.raises(DataError, match=r"a.png: it has 35 pixels, more than 30; make it smaller first"):
            read_image(path)

    @pytest.mark.parametrize("values", [np.float32([[0.5]]), np.int32([[70_000]]), np.int32([[5]])])
    def test_values_without_an_agreed_white(self, tmp_path: Path, values: np.ndarray) -> None:
        path = saved(tmp_path, Image.fromarray(values), "a.tiff")
        with pytest.raises(
            DataError, match="it is not agreed which of its 32-bit or floating-point values is white"
        ):
            read_image(path)

    def test_a_file_that_may_not_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = saved(tmp_path, Image.fromarray(GREYS), "a.png")

        def closed(*args: object, **options: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Image, "open", closed)
        with pytest.raises(DataError, match=r"a.png: Permission denied\."):
            read_image(path)

    def test_pillow_is_as_it_was(self, tmp_path: Path) -> None:
        before = Image.MAX_IMAGE_PIXELS
        self.refused(tmp_path, png_claiming(65_535, 65_535), "it has")
        assert before == Image.MAX_IMAGE_PIXELS

    def test_polyglots_are_read_as_the_image_that_they_begin_with(self, tmp_path: Path) -> None:
        picture = io.BytesIO()
        Image.fromarray(COLOURS).save(picture, "PNG")
        (tmp_path / "a.png").write_bytes(picture.getvalue() + b"PK\x03\x04 and a zip")
        np.testing.assert_array_equal(read_image(tmp_path / "a.png"), COLOURS)
