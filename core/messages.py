"""The translations' files, in pure Python: a bare machine has no gettext programs.

English strings of the source → locale/zh_Hans/LC_MESSAGES/django.po (kept by people) → django.mo (read by Django).
Strings of Django and of the packages stay in their own catalogues.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

LOCALE = "zh_Hans"
SOURCES = ("*.py", "*.html", "*.txt")
SKIPPED = {"tests", "bench", "locale", "static", "docs", "var", "node_modules", "migrations"}
PLAIN, PLURAL = None, (1, 2)
CONTEXT, PLURAL_CONTEXT = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": PLAIN,
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), PLURAL_CONTEXT),
}
# %(name)s and %s of the % operator, {name} of str.format; %% stands for itself.
PLACEHOLDER = re.compile(r"%\((?P<key>\w+)\)[sdif]|(?P<bare>%[sdif])|\{(?P<field>\w*)(?:![rs])?(?::[^}]*)?\}")


def po_path() -> Path:
    return Path(settings.LOCALE_PATHS[0]) / LOCALE / "LC_MESSAGES" / "django.po"


def source_files() -> Iterator[Path]:
    """Files of the project, relative to its root, that may hold translatable strings."""
    root = settings.BASE_DIR
    for pattern in SOURCES:
        for path in sorted(root.rglob(pattern)):
            parts = path.relative_to(root).parts
            if not SKIPPED.intersection(parts) and not any(part.startswith(".") for part in parts):
                yield path.relative_to(root)


def source_strings(path: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """(msgid or (singular, plural), context) of one file."""
    text = (settings.BASE_DIR / path).read_text(encoding="utf-8")
    if path.suffix != ".py":
        # A template becomes something like Python: every other word an X, a line's indent of no meaning.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    for _, function, strings, _ in extract_python(BytesIO(text.encode()), KEYWORDS, (), {"encoding": "utf-8"}):
        yield from _read_call(KEYWORDS[function], strings)


def _read_call(form: tuple | None, strings) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    strings = list(strings) if isinstance(strings, (list, tuple)) else [strings]
    context = strings.pop(0) if form in (CONTEXT, PLURAL_CONTEXT) else None
    wanted = 2 if form in (PLURAL, PLURAL_CONTEXT) else 1
    ids = tuple(strings[:wanted])
    if len(ids) == wanted and all(ids):  # a call with a variable is not a string to translate
        yield (ids if wanted == 2 else ids[0]), context


def extract() -> Catalog:
    """Every translatable string of the source, without translations."""
    catalog = Catalog(locale=LOCALE, fuzzy=False)
    for path in source_files():
        for msgid, context in source_strings(path):
            catalog.add(msgid, context=context, locations=[(path.as_posix(), 0)])
    return catalog


def read() -> Catalog:
    """The translations as they stand in the repository; empty where there are none yet."""
    if not po_path().exists():
        return Catalog(locale=LOCALE, fuzzy=False)
    with po_path().open("rb") as file:
        return read_po(file, locale=LOCALE)


def write(translations: Catalog) -> None:
    """Write the .po so that only what people changed shows in a diff: no dates, no line numbers, sorted."""
    buffer = BytesIO()
    write_po(
        buffer, translations, width=0, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False
    )
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {LOCALE}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Plural-Forms: {translations.plural_forms}\\n"\n\n'
    )
    po_path().parent.mkdir(parents=True, exist_ok=True)
    po_path().write_bytes(header.encode() + buffer.getvalue())


def update() -> Catalog:
    """Bring the .po up to the source: new strings untranslated, gone ones dropped, the others kept."""
    old, new = read(), extract()
    for message in new:
        known = old.get(message.id, message.context) if message.id else None
        if known:
            message.string = known.string
            message.flags |= known.flags & {"fuzzy"}
    write(new)
    return new


def compile_translations() -> bool:
    """Write the .mo where the .po is newer; tell whether it did."""
    po, mo = po_path(), po_path().with_suffix(".mo")
    if not po.exists() or (mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime):
        return False
    fresh = mo.with_suffix(".tmp")  # a reader never meets half a file
    with fresh.open("wb") as file:
        write_mo(file, read())
    fresh.replace(mo)
    return True


@dataclass(frozen=True)
class Complaint:
    msgid: str
    what: str

    def __str__(self):
        return f"{self.what}: {self.msgid!r}"


def placeholders(text: str) -> list[str]:
    """The placeholders of a string, each once, sorted: what a translation must hold as well."""
    return sorted({match.group() for match in PLACEHOLDER.finditer(text.replace("%%", ""))})


def _judge(message: Message | None) -> str | None:
    """What is wrong with a translation, or None."""
    if message is None:
        return "not extracted"
    ids = message.id if message.pluralizable else (message.id,)
    strings = message.string if message.pluralizable else (message.string,)
    if message.fuzzy:
        return "fuzzy"
    if not strings or not all(strings):
        return "untranslated"
    # Chinese has one form for all numbers, which says the plural's number.
    if any(placeholders(string) != placeholders(ids[-1]) for string in strings):
        return "placeholders differ"
    return None


def complaints() -> list[Complaint]:
    """Every string of the source that the .po does not translate as it should, and every entry that no source has."""
    source, translated = extract(), read()
    found = []
    for message in source:
        if message.id and (what := _judge(translated.get(message.id, message.context))):
            found.append(Complaint(_first(message), what))
    for message in translated:
        if message.id and source.get(message.id, message.context) is None:
            found.append(Complaint(_first(message), "no longer in the source"))
    return found


def _first(message: Message) -> str:
    return message.id[0] if message.pluralizable else message.id
