"""Which words meet when they are searched for, and which do not."""

from __future__ import annotations

import pytest

from bot import finding
from bot.words import fold, words_in

MEET = """
tavlemøte = tavlemøde | tavlemøte = tavlemøtene | tavlemøte = tavlemøder
tavlemøter = tavlemøderne | tavlemøte = tavlemoede | tavlemøte = Tavlemøta | løpe = løbe
møte = møde | uke = uge | uke = veke | uker = uger | åpen = åben | åpen = open | åpen = aaben
spørsmål = spørgsmål | spørsmålet = spørgsmålene | læringsnettverk = læringsnetværk
deltaker = deltager | deltaker = deltakar | nettverksleder = netværksleder
nettverksleder = nettverksleiar | veileder = vejleder | veileder = rettleiar | leder = leiar
enhetsleder = afdelingsleder | enhetsleder = einingsleiar | kommunedirektør = kommunaldirektør
ledergruppa = ledergruppen | ledergruppa = leiargruppa | besøk = besøg
tilbakemelding = tilbagemelding | svar = svaret | avstemning = afstemning
avstemning = avrøysting | påminnelse = påmindelse | påminnelse = påminning
forbedring = forbetring | forbedring = forbedringer | forbedringstavle = forbetringstavle
kontinuerlig = kontinuerleg | måltilstand = måltilstanden | sløsing = spild | sløsing = sløseri
innbygger = borger | innbygger = innbyggjar | innbyggeren = borgeren | innbygger = indbygger
bruker = brukar | bruker = bruger | hjemmetjeneste = hjemmepleje
hjemmetjenesten = heimeteneste | sykefravær = sygefravær | sykefravær = sjukefråvær
tillitsvalgt = tillidsrepræsentant | personopplysninger = personoplysninger
personopplysninger = personopplysingar | taushetsplikt = tavshedspligt
personvernombud = databeskyttelsesrådgiver | fordypning = fordybelse | fordypning = fordjuping
arkivere = arkiverer | arbeid = arbeidet | arbejdet = arbeidene | verdistrøm = værdistrøm
årsak = årsag | tilpasset = tilpassa | utsatt = udskudt | prøvd = afprøvet
forslag = forslagene | måned = månad | hverdag = kvardag | språk = sprog | utvikling = udvikling
utfordring = udfordring | kunnskap = kundskab | kunnskap = kunnskapen | eldre = ældre
endring = ændring | innkjøp = indkøb | kjøre = køre | gjøre = gøre | prosjekt = projekt
prosess = proces | prosessen = processer | organisasjon = organisation | diskusjon = diskussion
digitalisering = digitaliseringen | medarbeider = medarbejder | arbeid = arbejde
oppfølging = opfølgning | tiltak = tiltag | vertskap = værter | sykehus = sygehus
utskriving = udskrivning | veiledning = vejledning | trygghet = tryghed | trygghet = tryggleik
gevinst = gevinster | målstyring = maalstyring | standard = standarden | felles = fælles
opplæring = oplæring | ledelse = ledelsen | mulighet = mulighed | ukentlig = ugentlig
energi = energien | virkning = virkninger | kultur = kulturen | holde = holder
barnehage = børnehave | skjema = skema | Lean-veileder = leankonsulent | A3 = a3
"""

APART = """
møte = måte | tavle = tale | tavle = tavlemøte | leder = lærer | borger = byrde
bruker = brikke | besøk = beslutning | forbedring = forankring | måned = måling | svar = spar
råd = red | tall = tavle | mål = mel | gemba = gjeng | kunde = kone | sykehus = sykehjem
prosjekt = prosess | tid = ting | vekst = veke | kart = kort | energi = enighet | bok = bakke
leder = lettere | dag = takk | kode = gode | bil = pil | krav = grav | kart = gard | nytte = nyde
plan = blandt | ferie = fare | hus = hast | skole = skala
"""


def _pairs(table: str) -> list[tuple[str, ...]]:
    pairs = [pair for line in table.strip().splitlines() for pair in line.split(" | ")]
    return [tuple(pair.split(" = ")) for pair in pairs]


@pytest.mark.parametrize(("one", "other"), _pairs(MEET))
def test_neighbours_spellings_and_endings_of_one_word_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), _pairs(APART))
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_folding_twice_the_same_is_the_same_and_no_folded_word_has_a_w() -> None:
    # By that a network's own word in the index is none that anybody can write.
    for one, other in _pairs(MEET):
        assert "w" not in fold(one) + fold(other)


@pytest.mark.parametrize("words", ["", "  ", "og i på", "?!", "🙂", "Hvordan har dere det", "---"])
def test_words_that_say_nothing_are_not_looked_for(words: str) -> None:
    assert finding.terms(words) == []


def test_a_whole_question_is_looked_for_by_the_words_that_say_something() -> None:
    assert words_in("Hvordan får dere liv i tavlemøtene?") == ["liv", "tavlemøtene"]


@pytest.mark.parametrize(
    "words", ["a" * 5000, "'\\ \" * ) OR NEAR(", "æ" * 90, "日本語 текст", "x " * 500, "\x00"]
)
def test_anything_may_be_typed(words: str) -> None:
    for term in finding.terms(words):
        assert 0 < len(term.word) <= 40
        assert term.word.isalnum()
