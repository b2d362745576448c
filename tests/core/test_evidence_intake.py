"""What may come in as evidence, and what is left of it: a corpus of files as people and attackers send them."""

import zlib
from contextlib import suppress
from io import BytesIO
from time import process_time

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.evidence import documents, intake, names
from core.evidence.refusal import Unfit
from tests.core import evidence_corpus as corpus
from tests.core.evidence_corpus import BAD, GOOD, SECRET, picture, upload


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("case", GOOD)
def test_it_is_taken(case):
    name, content, extension = GOOD[case]
    taken = intake.take(upload(name, content))
    assert taken.extension == extension and taken.name.endswith(f".{extension}")
    assert taken.extension in intake.CONTENT_TYPES
    assert bool(taken.thumbnail) == bool(taken.width) == bool(taken.height) == (extension in ("jpg", "png"))
    if not taken.thumbnail:
        assert taken.content == content  # a document is evidence as it came
    # What was stored would be taken again: content and name agree.
    assert intake.take(upload(taken.name, taken.content)).extension == extension


@pytest.mark.parametrize("case", BAD)
def test_it_is_turned_away_with_a_sentence(case):
    name, content, words = BAD[case]
    with override("en"), pytest.raises(Unfit) as refusal:
        intake.take(upload(name, content))
    sentence = refusal.value.messages[0]
    assert words in sentence and sentence.endswith(".")


# ---- limits ----


def test_size_is_asked_before_a_byte_is_read(settings):
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024

    class Unread:
        name, size = "大.jpg", 1024 * 1024 + 1

    with override("en"), pytest.raises(Unfit, match="1.0 MB, the limit is 1 MB"):
        intake.take(Unread())


def test_pixels_are_counted_before_they_are_unpacked(settings, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("unpacked"))
    settings.EVIDENCE_MAX_PIXELS = 64 * 48 - 1
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")):
        content = corpus.huge_png(72) if kind == "PNG" else GOOD["jpg" if kind == "JPEG" else "webp"][1]
        with override("en"), pytest.raises(Unfit, match="million pixels"):
            intake.take(upload(name, content))


def test_an_installation_may_take_less_but_never_what_nothing_checks(settings):
    settings.EVIDENCE_EXTENSIONS = ["pdf", "exe"]
    assert intake.allowed() == ["pdf"]
    intake.take(upload("a.pdf", corpus.pdf()))
    for name in ("a.jpg", "a.exe"):
        with pytest.raises(Unfit):
            intake.take(upload(name, picture()))


def test_a_bomb_is_refused_by_its_own_figures(monkeypatch):
    """Nothing is unpacked before the sums are known."""
    monkeypatch.setattr("zipfile.ZipFile.read", lambda *_: pytest.fail("unpacked"))
    monkeypatch.setattr("zipfile.ZipFile.testzip", lambda *_: pytest.fail("unpacked"))
    with override("en"), pytest.raises(Unfit, match="too large"):
        intake.take(upload(*BAD["zip bomb"][:2]))


def test_a_member_that_lies_about_its_size_is_refused():
    content = bytearray(corpus.office(members={"word/media/a.xml": b"0" * (30 * 1024 * 1024)}))
    real, told = (30 * 1024 * 1024).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert content.count(real) == 2  # before the member and in the directory
    with override("en"), pytest.raises(Unfit, match="damaged"):
        intake.take(upload("谎.docx", bytes(content.replace(real, told))))


# ---- what is left of a picture ----


def test_place_camera_comment_and_what_hangs_behind_are_gone_and_it_stands_upright():
    content = corpus.photo_with_place()
    assert SECRET in content and opened(content).getexif().get_ifd(0x8825)
    taken = intake.take(upload("IMG_2290.jpg", content))
    for stored in (taken.content, taken.thumbnail):
        image = opened(stored)
        assert SECRET not in stored and b"Exif" not in stored and b"ftyp" not in stored
        assert not image.getexif() and not image.getexif().get_ifd(0x8825) and "comment" not in image.info
        assert image.size == (40, 60)  # turned by a quarter
        top, bottom = image.getpixel((20, 5)), image.getpixel((20, 55))
        assert top[0] > 200 > 100 > top[1] and min(bottom) > 200  # red above, white below
    assert (taken.width, taken.height) == (40, 60)


def test_a_png_loses_its_text_and_profile_and_keeps_its_transparency():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("place", SECRET.decode())
    content = picture("PNG", mode="RGBA", colour=(255, 0, 0, 0), pnginfo=info, icc_profile=SECRET)
    taken = intake.take(upload("图.png", content))
    image = opened(taken.content)
    assert image.format == "PNG" and image.mode == "RGBA" and image.getpixel((0, 0))[3] == 0
    assert SECRET not in taken.content and not {"place", "icc_profile"} & set(image.info)
    assert min(opened(taken.thumbnail).getpixel((0, 0))) > 250  # on white


def test_webp_becomes_jpeg_on_white():
    taken = intake.take(upload("图.webp", picture("WEBP", mode="RGBA", colour=(255, 0, 0, 0), lossless=True)))
    image = opened(taken.content)
    assert (image.format, taken.name) == ("JPEG", "图.jpg") and min(image.getpixel((0, 0))) > 250


@pytest.mark.parametrize(
    ("size", "stored"), [((4000, 1000), (2560, 640)), ((1000, 4000), (640, 2560)), ((40, 30),) * 2]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_long_side_is_at_most_2560_and_nothing_is_made_larger(kind, size, stored):
    taken = intake.take(upload(f"大.{'jpg' if kind == 'JPEG' else kind.lower()}", picture(kind, size=size)))
    assert (taken.width, taken.height) == opened(taken.content).size == stored
    assert max(opened(taken.thumbnail).size) == min(320, max(size))


def test_sixteen_bits_of_grey_are_scaled_and_not_cut_off():
    out = BytesIO()
    Image.new("I;16", (8, 8), 32768).save(out, "PNG")
    assert opened(intake.take(upload("扫描.png", out.getvalue())).content).getpixel((0, 0)) == 128


def test_the_same_photo_is_the_same_bytes():
    """So that it is stored once, however often it is sent."""
    photo = corpus.photo_with_place()
    assert intake.take(upload("a.jpg", photo)).content == intake.take(upload("b.jpg", photo)).content


# ---- names ----


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("..\\..\\windows\\照片.jpg", "照片.jpg"),
        ("C:\\fake\\照片.JPEG", "照片.jpg"),
        ("fdp\u202egpj.jpg", "fdpgpj.jpg"),
        ("\u200f照\u200b片\ufeff.jpg", "照片.jpg"),
        ("a\x00b\r\nc\x1b[31m.jpg", "ab c[31m.jpg"),
        ('村<script>"|?*:.jpg', "村_script______.jpg"),
        (".jpg", "附件.jpg"),
        ("... .jpg", "附件.jpg"),
        ("照片 （1）.jpg", "照片 （1）.jpg"),
        ("长" * 300 + ".jpg", "长" * 116 + ".jpg"),
    ],
)
def test_names_are_cleaned(sent, kept):
    with override("zh-hans"):
        assert names.file_name(sent, "jpg").replace("attachment", "附件") == kept


@given(st.text(max_size=200), st.sampled_from(["jpg", "docx"]))
def test_any_name_becomes_a_safe_one(sent, extension):
    kept = names.file_name(sent, extension)
    assert kept.endswith(f".{extension}") and 0 < len(kept) <= 120 and not kept.startswith(".")
    assert not set(kept) & set('/\\<>:"|?*\r\n\0\u202e\u200f')
    assert names.plain(kept) == kept and names.file_name(kept, extension) == kept


# ---- whatever bytes come ----


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_broken_files_are_taken_or_turned_away_and_never_more(case, data):
    """Good files with some bytes changed or cut off."""
    name, content, _extension = GOOD[case]
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(broken)))
    for sent in (bytes(broken), bytes(broken[:cut])):
        try:
            assert intake.take(upload(name, sent)).content
        except Unfit as refusal:
            assert refusal.messages


@given(st.binary(max_size=400), st.sampled_from(sorted(intake.CONTENT)))
def test_any_bytes_behind_a_right_signature_are_taken_or_turned_away(content, extension):
    start = next(start for start, kind in intake.SIGNATURES if kind == intake.CONTENT[extension])
    try:
        intake.take(upload(f"a.{extension}", start + content))
    except Unfit as refusal:
        assert refusal.messages


def test_many_packed_parts_of_a_pdf_take_no_time():
    """Files made to be slow: millions of beginnings without an end, and as many that unpack to nothing."""
    for part in (b"/ObjStm", b"#41", b"/J", b"/ObjStm stream\n", b"/ObjStm stream\n" + zlib.compress(b"")):
        begun = process_time()
        with suppress(Unfit):
            documents.check_pdf(b"%PDF-1.5\n" + part * (15_000_000 // len(part)) + b"%%EOF", "pdf")
        assert process_time() - begun < 5
