"""One picture file, whatever its format and mode, as 8-bit grey or color of a wanted size."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

GREY = ("1", "L", "LA", "La", "I", "F")  # and the I;16 family
SWAPPED = (5, 6, 7, 8)  # EXIF orientations that exchange height and width
ORIENTATION = 0x0112
# Pillow would start another program to draw these, which an unknown file must not.
REFUSED_FORMATS = ("EPS",)


class PictureError(ValueError):
    """A file cannot be read as a picture; the message says why."""


class Header(NamedTuple):
    """What is known of a picture before its pixels are read.

    Attributes:
        height: in pixels, the right way up.
        width: in pixels, the right way up.
        grey: whether its mode has no color.
    """

    height: int
    width: int
    grey: bool


def suffixes() -> frozenset[str]:
    """The file suffixes of every format that can be read, in lower case."""
    from PIL import Image

    formats = {name for name in Image.registered_extensions().values() if name in Image.OPEN}
    known = Image.registered_extensions().items()
    return frozenset(suffix for suffix, name in known if name in formats and name not in REFUSED_FORMATS)


def read_header(path: Path) -> Header:
    """Size and mode of a picture.

    Raises:
        PictureError: when the file is no picture, or claims more pixels than Pillow deems safe.
    """
    with _opened(path) as image:
        width, height = image.size
        if image.getexif().get(ORIENTATION) in SWAPPED:
            width, height = height, width
        return Header(height, width, image.mode in GREY or image.mode.startswith("I;16"))


def read_picture(path: Path, size: tuple[int, int], *, grey: bool) -> np.ndarray:
    """The pixels of a picture, uint8, shape (h, w) if `grey` and (h, w, 3) otherwise.

    The picture is turned the right way up as its EXIF orientation says, laid over white where it is transparent,
    scaled until it covers the wanted size, and cropped around its center; it is never distorted.

    Args:
        path: the file; of several frames the first is taken.
        size: wanted height and width.
        grey: whether color is dropped.

    Raises:
        PictureError: when the file is no picture or damaged.
    """
    from PIL import Image, ImageOps

    height, width = size
    with _opened(path) as image:
        # A JPEG can be decoded at a fraction of its size; twice the wanted size leaves the quality to the filter below.
        image.draft(None, (2 * max(size), 2 * max(size)))
        flat = _flat(ImageOps.exif_transpose(image))
        flat = flat.convert("L" if grey else "RGB")
        if flat.size != (width, height):
            flat = ImageOps.fit(flat, (width, height), method=Image.Resampling.LANCZOS)
        return np.asarray(flat)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence Pillow's warnings about odd metadata; what matters is raised as `PictureError`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _opened(path: Path) -> "Iterator[Image]":
    from PIL import Image

    try:
        with Image.open(path) as image:
            limit = Image.MAX_IMAGE_PIXELS
            if limit is not None and image.width * image.height > limit:
                raise PictureError(f"claims {image.width}x{image.height} pixels, more than the safe {limit:,}")
            if image.format in REFUSED_FORMATS:
                raise PictureError(f"is of the format {image.format}, which is not read")
            yield image
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise PictureError(f"claims more than twice the safe {Image.MAX_IMAGE_PIXELS:,} pixels") from None
    except Image.UnidentifiedImageError:
        raise PictureError("is not in a format that Pillow reads") from None
    # Decoders of damaged files raise errors of every type, from struct.error to KeyError.
    except Exception as error:
        raise PictureError(f"cannot be decoded ({type(error).__name__}: {error})".replace("\n", " ")) from None


def _flat(image: "Image") -> "Image":
    """A picture in one of the modes L and RGB, with 8 bits and no transparency."""
    from PIL import Image

    if image.mode == "I" or image.mode == "F" or image.mode.startswith("I;16"):
        return Image.fromarray(_eight_bits(image))
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        colored = image.convert("RGBA")
        white = Image.new("RGBA", colored.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, colored).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _eight_bits(image: "Image") -> np.ndarray:
    """Grey values of more than 8 bits on the scale 0 to 255.

    16-bit values are divided by 257. 32-bit integers within 16 bits are taken for such, because Pillow opens some
    16-bit formats so. Floats in [0, 1] are taken for shares of white and floats in [0, 255] as they are. What fits
    none of these is stretched from its own darkest to its own brightest value.
    """
    values = np.asarray(image).astype(np.float64)
    if not np.isfinite(values).all():
        raise PictureError("holds pixels that are not finite")
    low, high = values.min(), values.max()
    whole = image.mode != "F"
    if low >= 0 and high <= (65535 if whole else 1):
        scaled = values / 257 if whole else values * 255
    elif low >= 0 and high <= 255:
        scaled = values
    else:
        scaled = (values - low) * (255 / (high - low)) if high > low else np.zeros_like(values)
    return np.rint(scaled).astype(np.uint8)
