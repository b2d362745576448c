"""Pictures are drawn anew: what is stored was written by us, pixel by pixel. Nothing else that the file carried comes
along, such as place, camera, a film, or a second file behind the first.
"""

import warnings
from io import BytesIO
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core.evidence.refusal import Unfit

LONG_SIDE = 2560  # pixels: an A4 page is legible
THUMBNAIL = 320  # pixels
QUALITY, THUMBNAIL_QUALITY = 85, 80  # of JPEG
#: Pillow's decoders that may read each kind. A phone's JPEG may hold several pictures; the first is taken.
DECODERS = {"jpg": ("JPEG", "MPO"), "png": ("PNG",), "webp": ("WEBP",)}

# Pillow only warns at its limit of pixels; for bytes of strangers the warning is a refusal.
warnings.simplefilter("error", Image.DecompressionBombWarning)


class Picture(NamedTuple):
    content: bytes
    extension: str
    width: int
    height: int
    thumbnail: bytes  # always JPEG


def read(content: bytes, kind: str) -> Picture:
    """The picture as it will be stored. PNG stays PNG; WebP becomes JPEG, which every program opens.

    `kind` is a key of DECODERS. Raises Unfit.
    """
    extension = "png" if kind == "png" else "jpg"
    try:
        image = _drawn(content, kind, keep_transparency=extension == "png")
        thumbnail = _flat(image)
        thumbnail.thumbnail((THUMBNAIL, THUMBNAIL))
        saved = _saved(image, extension)
        return Picture(saved, extension, *image.size, _saved(thumbnail, "jpg", THUMBNAIL_QUALITY))
    except Unfit:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # a decoder may fail in any way on bytes of strangers
        raise Unfit(
            _("The picture is damaged or incomplete. Take or save it anew, then choose the new file.")
        ) from error


def _drawn(content: bytes, kind: str, *, keep_transparency: bool) -> Image.Image:
    """Upright, at most LONG_SIDE, in a plain mode, without anything beside the pixels."""
    with Image.open(BytesIO(content), formats=DECODERS[kind]) as image:  # reads the head alone
        if image.width * image.height > settings.EVIDENCE_MAX_PIXELS:
            raise _too_many_pixels()
        image.draft(image.mode, (LONG_SIDE, LONG_SIDE))  # JPEG: decoded smaller, in less memory
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off instead of scaling
            upright = upright.point(lambda value: value / 256).convert("L")
        if not keep_transparency:
            upright = _flat(upright)
        elif upright.has_transparency_data:
            upright = upright.convert("RGBA")
        elif upright.mode not in ("L", "RGB"):
            upright = upright.convert("RGB")
        upright.thumbnail((LONG_SIDE, LONG_SIDE))
        upright.info = {}  # comments and profiles, which saving would take along
        return upright


def _too_many_pixels() -> Unfit:
    return Unfit(
        _("The picture has more than %(limit)d million pixels. Save it smaller, then choose that file.")
        % {"limit": settings.EVIDENCE_MAX_PIXELS // 1_000_000}
    )


def _flat(image: Image.Image) -> Image.Image:
    """A copy without transparency, on white."""
    if not image.has_transparency_data:
        return image.copy() if image.mode in ("L", "RGB") else image.convert("RGB")
    image = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _saved(image: Image.Image, extension: str, quality: int = QUALITY) -> bytes:
    out = BytesIO()
    if extension == "png":
        image.save(out, "PNG")
    else:
        image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
