"""Which themes a question looks like it is about: questions as people write them, and a reader's
own choice beside them."""

from __future__ import annotations

import pytest

from bot import bank
from bot.proposal import propose
from storage.themes import KEYS, Theme

THEMES = tuple(Theme(number, key, None) for number, key in enumerate(KEYS, 1))

ASKED = (
    # Progress that stops
    ("1.1", "Vi har holdt på med Lean i seks år, og nå stopper det opp. Hva gjorde dere da?"),
    ("1.1", "Korleis held de forbetringsarbeidet i gang når det har gått nokre år?"),
    ("1.1", "Vores leanarbejde er gået i stå efter corona. Hvordan kom I videre?"),
    ("1.1", "Our Lean work has stalled after the merger. What got yours moving again?"),
    # Input from outside
    ("1.2", "Hvordan får dere innspill utenfra når dere har stått fast med noe lenge?"),
    ("1.2", "Det same problemet dukkar opp att kvart år. Har andre kommunar løyst det?"),
    ("1.2", "Vi savner sparring med andre kommuner mellem seminarerne. Hvad gør I?"),
    ("1.2", "The same problem keeps coming back here. Who could look at it with fresh eyes?"),
    # Critical success factors
    ("1.3", "Hva er de viktigste suksessfaktorene når dere innfører Lean i en ny sektor?"),
    ("1.3", "Kva fallgruver bør vi passe på når vi rullar ut Lean i skulane?"),
    ("1.3", "Hvordan får I en ny arbejdsstandard til at holde på plejecentrene?"),
    ("1.3", "Which pitfalls did you meet when you rolled out Lean in home care?"),
    # New energy and parallel initiatives
    ("1.4", "Hvordan unngår dere at Lean og digitalisering blir to parallelle spor?"),
    ("1.4", "Vi har for mange satsingar på ein gong. Korleis får de Lean inn i dei?"),
    ("1.4", "Hvordan taler I om Lean sammen med frisættelse?"),
    ("1.4", "How do you breathe new life into Lean when other initiatives compete with it?"),
    # Effects and gains
    ("1.5", "Hvordan måler dere gevinstene av forbedringsarbeidet?"),
    ("1.5", "Korleis viser de politikarane kva effekt Lean har hatt?"),
    ("1.5", "Hvad gør I med den tid, der bliver frigjort i hjemmeplejen?"),
    ("1.5", "How do you document benefits without counting every minute?"),
    # Units that stand still
    ("1.6", "Hvordan får dere liv i tavlemøtene igjen?"),
    ("1.6", "Tavlemøta har vorte rutine hos oss, og det kjem nesten ingen forslag. Kva gjer de?"),
    ("1.6", "Hvordan får I medarbejderne til at gå i dybden i stedet for at løse symptomer?"),
    ("1.6", "Do your units still use A3, and who helps them to find the root cause?"),
    # Leaders' understanding of Lean
    ("2.1", "Hvordan får dere lederne til å forstå hva Lean er?"),
    ("2.1", "Leiarane våre er lite interesserte i forbetringsarbeid. Kva har hjelpt hos dykk?"),
    ("2.1", "Hvordan får I cheferne med på gemba?"),
    ("2.1", "What helped your managers to understand continuous improvement?"),
    # Anchoring in the leadership team
    ("2.2", "Vi har fått ny kommunedirektør. Hvordan forankrer vi Lean på nytt?"),
    ("2.2", "Korleis får de leiargruppa til å prioritere Lean år etter år?"),
    ("2.2", "Hvordan sikrer I ledelsens opbakning, når direktionen skiftes ud?"),
    ("2.2", "How do you keep Lean on the agenda of the leadership team?"),
    # Training Lean coaches
    ("2.3", "Hvordan lærer dere opp nye Lean-veiledere?"),
    ("2.3", "Rettleiarane våre mister tryggleiken etter kurset. Korleis følgjer de dei opp?"),
    ("2.3", "Har I en god uddannelse til jeres leankonsulenter?"),
    ("2.3", "How much time do your new coaches get to practise after the course?"),
    # Energy in the Lean team
    ("3.1", "Hvordan holder dere energien oppe i Lean-teamet?"),
    ("3.1", "Vi er tre slitne i forbetringsteamet. Korleis vel de bort oppgåver?"),
    ("3.1", "Hvordan bevarer I gejsten, når I har arbejdet med det samme i mange år?"),
    ("3.1", "We are tired in the Lean team. How do you celebrate small wins?"),
    # A few carry a lot
    ("3.2", "Alt henger på to ildsjeler hos oss. Hvordan sprer dere ansvaret?"),
    ("3.2", "Vi er sårbare fordi berre éin kan Lean. Kva gjer de?"),
    ("3.2", "Hvordan undgår I, at det bliver de samme få, der bærer det hele?"),
    ("3.2", "What do you do when key people leave and take the knowledge with them?"),
    # None of them
    (None, "Hvilken digital møteløsning bruker dere til seminarene?"),
    (None, "Kven tek med kaffi til seminaret i Alta?"),
    (None, "Har I en skabelon til mødereferater?"),
    (None, "Where do we park when we visit Randers in March?"),
    (None, "Hvor mange er dere som jobber hos dere?"),
    (None, "Kan nogen anbefale et sted at spise i Bodø?"),
)


def proposed(text: str, themes: tuple[Theme, ...] = THEMES) -> list[str | None]:
    return [theme.key or theme.name for theme in propose(text, themes)]


@pytest.mark.parametrize(("theme", "question"), ASKED)
def test_what_a_question_is_about_comes_first(theme: str | None, question: str) -> None:
    assert proposed(question)[:1] == ([theme] if theme else [])


def test_nearly_all_problems_of_the_bank_are_known_for_what_they_are_about() -> None:
    found = [
        problem.theme in proposed(f"{problem.titles[language]}. {problem.texts[language]}")
        for problem in bank.problems().values()
        for language in ("nb", "da", "en")
    ]
    assert sum(found) >= 0.95 * len(found), f"{sum(found)} of {len(found)}"


def test_two_are_proposed_at_most() -> None:
    question = (
        "Tavlemøtene står stille, ildsjelene er slitne, lederne forstår det ikke, og vi kan ikke "
        "vise gevinster. Ny ledergruppe og for mange prosjekter. Hva gjør dere?"
    )
    assert len(proposed(question)) == 2


def test_of_two_the_plainer_comes_first() -> None:
    question = "Tavlemøtene går på rutine i enhetene. Hvordan måler dere gevinster?"
    assert proposed(question) == ["1.6", "1.5"]


def test_a_theme_that_the_question_only_touches_is_not_proposed_beside_the_one_it_is_about() -> (
    None
):
    question = (
        "Hvordan måler dere effekten, og hvordan dokumenterer dere resultatene i tall? Vi tok det "
        "opp på et tavlemøte."
    )
    assert proposed(question) == ["1.5"]


OWN = (
    ("Sykefravær", "Hvordan snakker dere om sjukefråværet?", True),
    ("Sykefravær", "Hvordan får I sygefraværet ned?", True),
    ("Sykefravær", "Hvordan snakker dere om ferien?", False),
    ("Innbyggermedvirkning", "Har dere tatt med borgere i verdistrømmen?", True),
    ("Digitale tavler", "Hva koster en digital tavle?", True),
    ("Digitale tavler", "Hvem leder morgenmøtet?", False),
    ("Lean", "Hva er Lean for dere?", False),
    ("KI i forbedringsarbeid", "Bruker dere KI til forbedringsforslag?", True),
)


@pytest.mark.parametrize(("name", "question", "meant"), OWN)
def test_a_theme_of_the_networks_own_is_known_by_the_words_of_its_name(
    name: str, question: str, meant: bool
) -> None:
    assert proposed(question, (Theme(1, None, name),)) == ([name] if meant else [])


def test_a_first_theme_under_another_name_is_known_by_both() -> None:
    renamed = (Theme(1, "1.5", "Nytteverdi og tillit"),)
    assert proposed("Hvordan måler dere gevinster?", renamed) == ["1.5"]
    assert proposed("Hvordan bygger dere tillit?", renamed) == ["1.5"]


def test_a_retired_theme_is_never_proposed() -> None:
    assert proposed("Hvordan måler dere gevinster?", (Theme(1, "1.5", None, retired=True),)) == []


def test_words_that_only_come_in_the_details_far_down_do_not_count() -> None:
    details = "Vi prøver oss frem. " * 60
    assert proposed(f"Hvordan gjør dere det? {details} Gevinster.") == []
