"""Which language a text is in, told by its small words."""

import re
from collections.abc import Iterable

_LOOKED_AT = 800  # characters: about 120 words
_FEW_WORDS = 10  # a caption: one or two small words are all that can be hoped for
_TAG_LENGTH = 100  # characters
_TAG = re.compile(
    r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
)
# Codes that ISO 639 gave up but feeds still use; "not said" in its many spellings.
_REPLACED = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro"}
_UNSAID = frozenset({"und", "mul", "zxx", "mis", "xx"})

# Words that stand in nearly every text of a language and in few of the others.
_SMALL_WORDS = {
    "id": (
        "yang dan di dari untuk dengan pada ini itu dalam tidak akan adalah atau juga oleh ke sebagai telah sudah dapat "
        "bisa kami kita anda mereka dia ada saat karena agar serta para lebih bagi bahwa secara hingga tersebut seluruh "
        "harus belum jika kepada melalui semua setiap antara tentang masih hanya namun maka saja hari tahun besok silakan "
        "yuk bukan jangan dimana kapan bagaimana apa siapa mulai selamat warga masyarakat tanggal gratis hadir pukul"
    ),
    "en": (
        "the and of to for is are with that this you your have has from will we our be not on at by it as or was were "
        "can they their there which been its an if please all more about when what how who would should could us into "
        "these those than but do does did out up any here open free"
    ),
    "jv": (
        "ing lan sing kang iki iku ora wis karo saka marang kanggo dadi ana yaiku menyang kabeh amarga nanging uga nggo "
        "kowe panjenengan sampun punika kaliyan saking dhateng wonten ingkang boten mboten inggih badhe tumrap awit "
        "kula kulo niki niku monggo mangga sedaya sedoyo sugeng matur nuwun dinten supados menawi yen lagi arep "
        "durung aja ojo wae bae piye opo sopo ning neng dening para warga dina taun"
    ),
    "su": (
        "jeung anu nu teh ka ti eta ieu urang henteu teu pikeun nyaeta dina tina atawa oge sareng kanggo aya geus parantos "
        "bade kudu bakal mangrupa salaku ngeunaan aranjeun abdi kang hatur nuhun wilujeng sumping"
    ),
    "nl": "de het een en van niet voor zijn met dat op te aan ook bij wordt naar maar uit",
    "de": "der die das und ist nicht mit ein eine für auf den dem zu von sich auch wird im",
    "fr": "le la les des et est pour dans une un que qui sur pas avec au aux ce cette vous nous",
    "es": "el los las que por una un del para con es su al como más pero sus este esta",
    "pt": "os que em não uma um da para com é por mais ao dos das são também pelo pela",
}


def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """For each small word the languages that it speaks for; shared words speak softly."""
    languages: dict[str, list[str]] = {}
    for language, words in _SMALL_WORDS.items():
        for word in words.split():
            languages.setdefault(word, []).append(language)
    return {word: tuple((language, 1 / len(shared)) for language in shared) for word, shared in languages.items()}


_WEIGHTS = _weights()


def guess_language(text: str) -> str | None:
    """The language of `text` (its first 800 characters) as ISO 639; None = not sure.

    >>> guess_language("Imunisasi gratis untuk semua balita di puskesmas"), guess_language("Free shots for all of the children")
    ('id', 'en')
    >>> guess_language("Sugeng enjing, para warga kabeh, iki kanggo panjenengan"), guess_language("PPDB 2025")
    ('jv', None)
    """
    words = text[:_LOOKED_AT].lower().replace(",", " ").replace(".", " ").replace("!", " ").split()
    scores = _scores(words)
    if not scores:
        return None
    ranked = sorted(scores.items(), key=lambda score: (-score[1], score[0]))
    best, second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0.0
    enough = 1.5 if len(words) <= _FEW_WORDS else max(2.0, len(words) * 0.06)
    return best[0] if best[1] >= enough and best[1] >= second * 1.5 + 0.5 else None


def language_tag(said: str | None) -> str | None:
    """What a platform said about a language as a short BCP 47 tag; None = nothing usable.

    Regions and variants are dropped, so that one filter finds all posts of a language;
    a script stays, because it decides who can read.

    >>> language_tag("id_ID"), language_tag("EN-us"), language_tag("in"), language_tag("zh-hant-TW"), language_tag("Bahasa")
    ('id', 'en', 'id', 'zh-Hant', None)
    """
    match = _TAG.fullmatch(said.strip().replace("_", "-").lower()) if said and len(said) <= _TAG_LENGTH else None
    if match is None or match[1] in _UNSAID:
        return None
    language = _REPLACED.get(match[1], match[1])
    return f"{language}-{match[2].title()}" if match[2] else language


def _scores(words: Iterable[str]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for word in filter(_WEIGHTS.__contains__, words):
        for language, weight in _WEIGHTS[word]:
            scores[language] = scores.get(language, 0.0) + weight
    return scores
