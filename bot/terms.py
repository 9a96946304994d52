"""Words that mean the same in bokmål, nynorsk and Danish but are not spelled alike: data only."""

PIECES = (
    ("rettleiar", "veileder"),
    ("rettlei", "veiled"),
    ("leiar", "leder"),
    ("leiing", "ledelse"),
    ("fråvær", "fravær"),
    ("sjuk", "syk"),
    ("heim", "hjem"),
    ("månad", "måned"),
    ("spørsmål", "spørgsmål"),
    ("prosjekt", "projekt"),
    ("betr", "bedr"),
    ("eining", "enhet"),
    ("avrøysting", "avstemning"),
    ("innbyggjar", "innbygger"),
    ("deltak", "deltag"),
    ("kommunal", "kommune"),
    ("fordjuping", "fordypning"),
    ("fordybelse", "fordypning"),
    ("taushet", "tavshed"),
    ("teieplikt", "tavshedspligt"),
    ("tryggleik", "trygghet"),
    ("tryghed", "trygghet"),
)
"""A spelling inside a word, and the one it is read as."""

EQUALS = (
    ("sløsing", "spild", "sløseri", "waste"),
    ("enhetsleder", "afdelingsleder", "einingsleiar"),
    ("innbygger", "borger"),
    ("tjenestebruker", "bruker", "bruger"),
    ("hjemmetjeneste", "hjemmepleje", "heimeteneste", "hjemmesykepleie"),
    ("tillitsvalgt", "tillidsrepræsentant", "tillitsvald"),
    ("personvernombud", "databeskyttelsesrådgiver", "DPO"),
    ("nettverksleder", "netværksleder", "fasilitator", "facilitator"),
    ("Lean-veileder", "leankonsulent", "Lean-rettleiar", "leanvejleder"),
    ("vertskap", "værter", "vært", "vert"),
    ("avstemning", "afstemning", "avrøysting", "votering"),
    ("likt", "stemmelighed"),
    ("påminnelse", "påminning", "påmindelse"),
    ("fødselsnummer", "CPR-nummer", "personnummer"),
    ("innsyn", "aktindsigt"),
    ("journalføre", "journalisere"),
    ("utsatt", "udskudt", "utsett"),
    ("prøvd", "afprøvet"),
    ("satsing", "indsats"),
    ("tillitsreform", "frisættelse", "tillidsreform"),
    ("tiltak", "tiltag", "tiltaka"),
    ("avvik", "afvigelse"),
    ("sykehus", "sygehus", "hospital"),
    ("sykehjem", "plejecenter", "plejehjem"),
    ("barnehage", "daginstitution", "børnehave"),
    ("uke", "veke", "uge"),
    ("forskjell", "forskel", "skilnad"),
    ("begynne", "byrje", "starte"),
    ("gemba-runde", "gemba-tur", "gembawalk"),
    ("møte", "møde"),
    ("spørre", "spørge"),
    ("mål", "mål"),
    ("gevinst", "gevinster"),
    ("ledelse", "leiing"),
    ("lavterskel", "lavtærskel"),
)
"""Terms of the field that mean the same: each line is one meaning."""

_SKIPPED = """
a af alle alt an and are as at av bare be berre ble blei blev bli blir bliver by can da de deg
dei dem den denne der dere deres det dette dig do does du dykk efter eg ei ein eit eller en er
et ett etter for fra from frå få får før ha hadde han hans har hos how hun hva hvad hvem hver
hvilke hvilken hvilket hvis hvor hvordan hvorfor i ikke ikkje in ind inn is it ja jeg jer jeres
kan kom korfor korleis kva kven kvifor man med meg men mer mere mest mig min mitt må no noe noen
nogen noget nogle noko nokon nu nå når of og også om on op opp or os oss our over på sin sitt
skal skulle som så that the their they this til to ud under ut var ved vere vi vil ville vore
vår være vært we what when where which who why with you your
"""

SKIPPED = frozenset(_SKIPPED.split())
"""Words that say nothing of what a text is about."""
