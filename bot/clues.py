"""What tells that a text is about one of the themes a network begins with: data only.

Each clue is a weight and the words for one thing, in bokmål, nynorsk, Danish and English, with
commas between them. It counts once, however many of its words are there. A word finds the longer
ones that begin with it, and a turn of phrase is found as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping

Clue = tuple[int, str]

_LEADERS = """
    leder, leiarane, leiinga, enhetsleder, mellomleder, seksjonsleder, virksomhetsleder,
    sektorleder, områdeleder, teamleder, tjenesteleder, centerleder, chef, sjef, fagchef,
    forvaltningschef, rektor, leaders, manager, executive
"""
_TOP = """
    ledergruppe, toppledelse, direktion, direktør, kommunedirektør, kommunalsjef, rådmann,
    sektorsjef, chefgruppe, leadership team, senior management, chief executive, directors, top
    management, styregruppe, styringsgruppe
"""
_STALLS = """
    stopper opp, stopper det opp, har stoppet, har stopt, i stå, står stille, stått stille,
    stillestående, stillstand, stagnerer, dør ut, døde ut, døydde ut, dør hen, døde hen, ebber
    ut, ebbet ut, mister fart, taper fart, tapt fart, tabt fart, bremser opp, fader ut, sklir
    ut, glir ut, skrider, sander til, standing still, stands still, stalls, runs out of steam,
    lost momentum, losing momentum, lost speed, dies out, died out, ground to a halt, at a
    standstill
"""
_UNITS = """
    enhet, einingar, avdeling, units, departments, wards
"""
_COACHES = """
    veileder, Lean-veileder, coach, Lean-coach, prosessveileder, forbedringsveileder,
    forbedringsagent, forbedringskonsulent, proceskonsulent, konsulenter
"""
_TRAINING = """
    opplæring, lære opp, lært opp, utdanne, kurs, kurser, trene, sertifisere, kompetanse,
    kompetence, skolering, train, course, teach, certify, certification, læringsløp, øve, øver,
    øving, trygge
"""

CLUES: Mapping[str, tuple[Clue, ...]] = {
    "1.1": (
        (2, _STALLS),
        (
            2,
            """
            det i gang, lean i gang, arbeidet i gang, forbedringsarbeidet i gang, leanarbeidet i
            gang, gryta i kok, liv i lean, holder lean ved like, holde lean i live, keep lean
            going, keep it going, keeps it going, keep improvement going, keep lean alive,
            keeping lean alive, sustain
        """,
        ),
        (
            2,
            """
            framdrift, fremdrift, framgang, fremgang, fremskridt, framskritt, momentum,
            modenhet, maturity, progress
        """,
        ),
        (
            1,
            """
            over tid, på sikt, langsiktig, langvarig, varig, etter flere år, efter flere år,
            etter mange år, efter mange år, i lengden, long term, over time, after several
            years, lasting
        """,
        ),
        (
            1,
            """
            videreutvikle, vidareutvikle, videreudvikle, neste nivå, neste steg, næste niveau,
            next level, next step, skifte gir, skifte gear, change gear
        """,
        ),
    ),
    "1.2": (
        (
            2,
            """
            utenfra, utanfrå, utafra, udefra, from outside, from the outside, innspill, innspel,
            input, friske øyne, nye øyne, fresh eyes, nytt blikk, nyt blik, erfaringsutveksling,
            erfaringsudveksling, sparre, hospitere, studietur, benchmarking, samme problem,
            igjen og igjen, igen og igen, om og om igen, gong på gong, gang på gang,
            tilbakevendende, gjentakende, recurring, again and again, keeps coming back, dukker
            opp igjen, dukker op igen, dukkar opp att, hva overser vi, hvad overser vi, what are
            we missing
        """,
        ),
        (
            1,
            """
            andre kommuner, nabokommune, en annen kommune, ein annan kommune, en anden kommune,
            other municipalities, another municipality, fra andre, frå andre, from others
        """,
        ),
        (
            1,
            """
            inspirere, ideer, ideas
        """,
        ),
        (
            1,
            """
            lært av, lært af, lære av, lære af, learn from, learned from, besøk, visit
        """,
        ),
    ),
    "1.3": (
        (
            2,
            """
            suksessfaktor, suksesskriterier, kritisk faktor, success factor, critical factor,
            success criteria, fallgruve, faldgrube, pitfall, avgjørende, avgjerande, what made
            the difference, utslagsgivende, viktigste grunnen, viktigaste grunnen, main reason
        """,
        ),
        (
            2,
            """
            arbeidsstandard, standarden, verdistrøm, verdistraum, value stream
        """,
        ),
        (
            2,
            """
            implementere, innføre lean, innføring av, indføring af, indførelse af, introduce
            lean, introducing lean, rulle ut, udrulle, roll out, rolling out, rollout, starte
            opp med lean, begynne med lean, komme i gang med lean, start with lean, starting
            lean, before you started
        """,
        ),
        (
            1,
            """
            lykkes, lyktes, mislykkes, fail, suksess
        """,
        ),
        (
            1,
            """
            frustreret
        """,
        ),
        (
            1,
            """
            holder seg, varte, holdt i mer enn, lasted
        """,
        ),
    ),
    "1.4": (
        (
            2,
            """
            parallelle, sidespor, dobbeltarbeid, konkurrerer, compete, for mange initiativer,
            for mange projekter, mange indsatser, mange satsinger, too many initiatives, too
            many projects, other initiatives, andre satsinger, andre indsatser, andre
            initiativer, andre prosjekter, andre program, tillitsreform, trust reform
        """,
        ),
        (
            2,
            """
            ny energi, ny giv, nytt giv, ny gnist, ny glød, ny næring, blåse liv i, puste liv i,
            puste nytt liv, pust nyt liv, new energy, new life into, fresh energy, begeistring,
            entusiasme, enthusiasm, startgløden, nyhetens interesse
        """,
        ),
        (
            1,
            """
            satsing, indsatser, initiativ, program, prosjekt, strategi
        """,
        ),
        (
            1,
            """
            digitalisering, velferdsteknologi, KI, kunstig intelligens, tjenestedesign,
            tenestedesign, servicedesign, innovasjon, omstilling, digitalisation, assistive
            technology, heltidskultur, nærværsarbeid
        """,
        ),
        (
            1,
            """
            sammen med, i hop med, henge sammen, samordne, koble lean, kople lean, koble sammen,
            kople saman, combine, fit together, ressurser, ressourcer
        """,
        ),
    ),
    "1.5": (
        (
            2,
            """
            gevinst, nytte, nytteverdi, effekt, virkning, verknad, gain, benefit, benefits,
            impact, verdiskapning, værdiskabelse, value creation, frigjer tid, frigjort,
            frigjorde, frigivet tid, frigør, freed up time, free up time, freed time, sparer
            tid, sparte, tidsbesparelse, besparelse, innsparing, save time, saved time, savings,
            lønner seg, lønner sig, betaler seg, betaler sig, pay off, pays off
        """,
        ),
        (
            1,
            """
            måle, målt, måling, målbar, measure, indikator, KPI
        """,
        ),
        (
            1,
            """
            tall, regnskap, regneark, numbers, figures
        """,
        ),
        (
            1,
            """
            dokumentere, synliggjøre, synleggjere, vise, påvise, bevise, show, prove, hvordan
            vet dere, hvordan ved i, korleis veit de, how do you know
        """,
        ),
        (
            1,
            """
            results, forskjell for, bedre for, better for
        """,
        ),
    ),
    "1.6": (
        (
            2,
            """
            forbedringstavle, forbedringsmøte, tavle, board meeting, improvement board, huddle,
            morgenmøte, morgonmøte
        """,
        ),
        (
            2,
            """
            A3, fem hvorfor, fem kvifor, fem gange hvorfor, five whys, 5 whys, rotårsak,
            grunnårsak, root cause, PDSA, PUKK, PDCA, kata, forbedringskata, måltilstand, target
            condition, i dybden, i djupna, dybere, djupare, dig deeper, symptom, grunnleggende
            metoder, grunnleggjande metodar, basic methods
        """,
        ),
        (1, _UNITS),
        (1, _STALLS),
        (
            1,
            """
            på rutine, rutinepreget, på autopilot, on autopilot, forbedringsforslag, forslagene,
            for enkelt, for enkle, for simple, overfladisk, etter et år, etter eit år, efter et
            år, after a year, første året, første år, the first year, liv i, engasjement i,
            routine
        """,
        ),
    ),
    "2.1": (
        (1, _LEADERS),
        (1, _TOP),
        (
            1,
            """
            forstå, skjønner, kunnskap, kendskab, viden om, kender, interesse, nysgjerrig,
            understand, knowledge, curious, ser verdien, ser nytten, se verdien, see the value,
            hva er vitsen, poenget
        """,
        ),
        (
            1,
            """
            gemba, på golvet, på gulvet, delta, være med, er med, får med, få med, med på, møter
            opp, møder op, stille opp, til stede, til stades, dukker opp, dukker op, attend,
            take part, join, show up, turn up, engasjere, engagere, involvere
        """,
        ),
        (
            1,
            """
            spørre, ask better, ask questions, coache
        """,
        ),
    ),
    "2.2": (
        (
            2,
            """
            forankre, anchor, buy in, lederforankring, ledelsesforankring, ledelsesopbakning,
            lederskifte, ledelsesskifte, ny ledelse, ny kommunedirektør, ny rådmann, nye ledere,
            nye leiarar, ny direktør, new chief executive, new leadership, new director, new
            management, toppforankring
        """,
        ),
        (2, _TOP),
        (1, _LEADERS),
        (
            1,
            """
            prioritere, støtte, opbakning, ryggdekning, eierskap, eigarskap, ownership, mandat,
            support, commitment, forplikte, agenda, dagsorden, på sakskartet, langsiktig
        """,
        ),
    ),
    "2.3": (
        (
            2,
            """
            veilederkata, veilederopplæring, veilederutdanning, coachingkata,
            vejlederuddannelse, leanuddannelse, konsulentuddannelse, Lean-sertifisering,
            coaching kata, gult belte, grønt belte, gule bælter, green belt, yellow belt, white
            belt, leankurs, Lean-opplæring, Lean-utdanning, nye veiledere, nye rettleiarar, nye
            Lean-veiledere, nye coacher, new coaches, become a coach, coach the coach, train
            coaches, training coaches, coach training, gode veiledere, gode rettleiarar, gode
            coacher, veilederrollen, konsulentrollen, coachrollen, coaching role
        """,
        ),
        (1, _COACHES),
        (1, _TRAINING),
        (
            1,
            """
            rekruttere, recruit, coache, veiledning, følge opp, confidence, par på tvers,
            makkerpar, makkerskab
        """,
        ),
    ),
    "3.1": (
        (
            2,
            """
            energi, energy, motiveret, slitne, sliten, utslitt, trøtte, trætte, træt, udkørte,
            tappet, tomme for, tired, exhausted, worn out, gnist, gløden, arbeidsglede, motløs,
            mister motet, gejst, giv, spirit, burnout, oppgitt, opgivende
        """,
        ),
        (
            1,
            """
            Lean-team, teamet, forbedringsteam, Lean-kontor, Lean-gruppa, oss som jobber med
            lean, oss som arbeider med, os der arbejder med
        """,
        ),
        (
            1,
            """
            feire, celebrate, små seire, small wins, hjemmekontor, hjemme, working from home,
            velge bort, vælge fra, fylle på, faller, fell, synker, drops
        """,
        ),
    ),
    "3.2": (
        (
            2,
            """
            ildsjel, eldsjel, nøkkelperson, nøglepersoner, key people, key person, enthusiasts,
            få bærer, få personer, noen få, nokre få, nogle få, de samme få, few people, a few
            carry, a handful, personavhengig, sårbar, vulnerable, avhengig av én, afhængig af en
            person, afhængige af få, depends on one, depends on a few, de samme som, alltid de
            samme
        """,
        ),
        (
            1,
            """
            alene, åleine, bare én, berre éin, bare to, berre to, kun én, kun to, alone, only
            one, only two, on my own, fem personer, tre personer, to personer, two people, five
            people, one person
        """,
        ),
        (
            1,
            """
            spre ansvar, spre ansvaret, sprer ansvaret, sprede ansvaret, fordele ansvaret,
            spread the responsibility, share the load, flere hender, flere til å, flere til at,
            slutter, stopper i jobben, går av med pensjon, leaves, quits, holder fast, bærer,
            carry
        """,
        ),
        (
            1,
            """
            stor kommune, stor organisasjon, large municipality, large organisation
        """,
        ),
    ),
}
