"""Holds the catalogues in `locale/` to the sentences in the code.

`python -m bot.catalogues check` says what is missing or wrong. `python -m bot.catalogues update`
adds new sentences to every catalogue as empty, keeps what is translated and takes away what is no
longer said. English is its own translation.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from bot.language import (
    LANGUAGES,
    LOCALE,
    PLACEHOLDER,
    SPOKEN_IF_MISSING,
    is_translated,
    read_catalogue,
)

ROOT = Path(__file__).parent.parent
SPEAKING_FOLDERS = ("bot", "adapters")
USAGE = "usage: python -m bot.catalogues check | update"

# A reader is never told off, counted or shouted at.
UNWANTED = {
    "nb": (
        "!",
        "nudge",
        "dytt",
        "dult",
        "husk å",
        "du har ikke",
        "alle andre",
        "savner deg",
    ),
    "nn": (
        "!",
        "nudge",
        "dytt",
        "dult",
        "hugs å",
        "du har ikkje",
        "alle andre",
        "saknar deg",
    ),
    "da": ("!", "nudge", "puf", "husk at", "du har ikke", "alle andre", "savner dig"),
    "en": (
        "!",
        "nudge",
        "remember to",
        "don't forget",
        "you haven't",
        "everyone else",
        "miss you",
    ),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in the code; `given` names its values, None where that is not seen."""

    path: str
    line: int
    forms: tuple[str, ...]
    context: str | None = None
    given: frozenset[str] | None = None

    @property
    def id(self) -> str | tuple[str, ...]:
        return self.forms if len(self.forms) > 1 else self.forms[0]

    @property
    def key(self) -> tuple[str, str | None]:
        return self.forms[0], self.context

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}"


def main(arguments: Sequence[str]) -> int:
    """Run `check` or `update`; the answer is the exit status."""
    if list(arguments) == ["check"]:
        problems = check()
        print("\n".join(problems) or "catalogues: complete")
        return 1 if problems else 0
    if list(arguments) == ["update"]:
        print("\n".join(update()) or "catalogues: nothing taken away")
        return 0
    print(USAGE)
    return 2


def check(root: Path = ROOT, folder: Path = LOCALE) -> list[str]:
    """What is wrong, in words; nothing where all is well."""
    sentences = list(find(root))
    problems = [problem for sentence in sentences for problem in _wrong_in_code(sentence)]
    problems += _two_plurals(sentences)
    for language in LANGUAGES:
        problems += _wrong_in_catalogue(language, read_catalogue(language, folder), sentences)
    return problems


def update(root: Path = ROOT, folder: Path = LOCALE) -> list[str]:
    """Rewrite the catalogues; the answer is the translations that were taken away."""
    sentences = list(find(root))
    gone: list[str] = []
    for language in LANGUAGES:
        old = read_catalogue(language, folder)
        gone += [
            f"{language}: taken away: {message.id!r} = {message.string!r}"
            for message in _unsaid(old, sentences)
            if any(_forms(message))
        ]
        new = _renewed(language, old, sentences)
        (folder / f"{language}.po").write_text(_written(language, new), encoding="utf-8")
    return gone


def find(root: Path) -> Iterator[Sentence]:
    """Every sentence that the code says or marks."""
    for folder in SPEAKING_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    yield from _sentence(node, path.relative_to(root).as_posix())


def _sentence(call: ast.Call, path: str) -> Iterator[Sentence]:
    name = _called(call.func)
    words = call.args[: {"say": 1, "mark": 1, "many": 2}.get(name, 0)]
    if not any(_is_words(word) for word in words):
        return
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    context = _literal(named.pop("context", None))
    given = None if None in named or name == "mark" else frozenset(filter(None, named))
    if given is not None and name == "many":
        given |= {"count"}
    forms = tuple(_literal(word) or "" for word in words)
    yield Sentence(path, call.lineno, forms, context, given)


def _called(function: ast.expr) -> str:
    """The name that is called; `speak(language)(…)` says, too."""
    if isinstance(function, ast.Call):
        return "say" if _called(function.func) == "speak" else ""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is_words(node: ast.expr) -> bool:
    # A name is not: what it stands for is marked elsewhere.
    return _literal(node) is not None or isinstance(node, ast.JoinedStr | ast.BinOp)


def _literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _wrong_in_code(sentence: Sentence) -> Iterator[str]:
    if not all(sentence.forms):
        yield f"{sentence.where}: the sentence is not a literal"
        return
    for form in sentence.forms:
        yield from (f"{sentence.where}: {wrong}" for wrong in _wrong_words("en", form))
    if sentence.given is not None and not _fits(sentence.given, sentence):
        given = ", ".join(sorted(sentence.given)) or "nothing"
        yield f"{sentence.where}: {sentence.forms[0]!r} is said with {given}"


def _two_plurals(sentences: Iterable[Sentence]) -> Iterator[str]:
    first: dict[tuple[str, str | None], Sentence] = {}
    for sentence in sentences:
        known = first.setdefault(sentence.key, sentence)
        if known.forms != sentence.forms:
            yield f"{sentence.where}: {sentence.id!r} is {known.id!r} in {known.where}"


def _wrong_in_catalogue(
    language: str, catalogue: Catalog, sentences: Sequence[Sentence]
) -> Iterator[str]:
    for message in _unsaid(catalogue, sentences):
        yield f"{language}: no longer said: {message.id!r}"
    for message in catalogue.obsolete.values():
        yield f"{language}: marked as obsolete: {message.id!r}"
    for sentence in _distinct(sentences):
        found = _translation(catalogue, sentence)
        if found is not None and is_translated(found):
            yield from (f"{language}: {wrong}" for wrong in _wrong_in_translation(found, sentence))
            for form in _forms(found):
                yield from (f"{language}: {wrong}" for wrong in _wrong_words(language, form))
        elif language not in SPOKEN_IF_MISSING:
            yield f"{language}: missing: {sentence.id!r} ({sentence.where})"


def _wrong_in_translation(message: Message, sentence: Sentence) -> Iterator[str]:
    for form in _forms(message):
        if not _fits(_placeholders(form), sentence):
            yield f"other placeholders than {sentence.forms[0]!r}: {form!r}"


def _wrong_words(language: str, words: str) -> Iterator[str]:
    if re.search(r"[{}]", PLACEHOLDER.sub("", words)):
        yield f"a brace that is no placeholder: {words!r}"
    for unwanted in UNWANTED[language]:
        edge = r"\b" if unwanted[0].isalpha() else ""
        if re.search(edge + re.escape(unwanted), words, re.IGNORECASE):
            yield f"says {unwanted!r}: {words!r}"


def _fits(names: Iterable[str], sentence: Sentence) -> bool:
    """Whether these are the sentence's placeholders; a plural may leave its number unsaid."""
    optional = {"count"} if len(sentence.forms) > 1 else set[str]()
    wanted = {name for form in sentence.forms for name in _placeholders(form)}
    return set(names) | optional == wanted | optional


def _placeholders(words: str) -> set[str]:
    return set(PLACEHOLDER.findall(words))


def _forms(message: Message) -> tuple[str, ...]:
    string = message.string
    return (string or "",) if isinstance(string, str) or string is None else tuple(map(str, string))


def _distinct(sentences: Iterable[Sentence]) -> Iterable[Sentence]:
    return {sentence.key: sentence for sentence in sentences if all(sentence.forms)}.values()


def _translation(catalogue: Catalog, sentence: Sentence) -> Message | None:
    message = catalogue.get(sentence.forms[0], sentence.context)
    return message if message is not None and message.id == sentence.id else None


def _unsaid(catalogue: Catalog, sentences: Iterable[Sentence]) -> list[Message]:
    said = {(sentence.id, sentence.context) for sentence in sentences}
    return [
        message for message in catalogue if message.id and (message.id, message.context) not in said
    ]


def _renewed(language: str, old: Catalog, sentences: Sequence[Sentence]) -> Catalog:
    new = Catalog(locale=language)
    for sentence in _distinct(sentences):
        known = _translation(old, sentence)
        string = known.string if known is not None else None
        new.add(
            sentence.id,
            sentence.id if language == "en" else string,
            locations=[(other.path, 0) for other in sentences if other.key == sentence.key],
            flags=known.flags if known is not None else (),
            user_comments=known.user_comments if known is not None else (),
            context=sentence.context,
        )
    return new


def _written(language: str, catalogue: Catalog) -> str:
    # A header of our own: the usual one holds the time of day and changes on each run.
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    sentences = io.BytesIO()
    write_po(sentences, catalogue, width=100, omit_header=True, include_lineno=False)
    return header + sentences.getvalue().decode().strip() + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
