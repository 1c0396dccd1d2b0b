"""Ordinary words with letters beyond ASCII: CLDR, from which the spelling of languages is learnt, has hardly any."""

WORDS: dict[str, str] = {
    "de": (
        "für über möglich können müssen würde hätte wären fünf zwölf führen zurück während später größer große außen "
        "schließlich Straße Gespräch Gefängnis Häftling Bürger Behörde Erklärung öffentlich völlig gehört höchstens "
        "verfügbar Gründe frühere natürlich gegenüber verhängt Verhältnis unabhängig gefährlich jährlich wöchentlich "
        "Fälle Länder Männer Brüder Mütter Töchter Söhne Körper Lösung Größe Übung Äußerung Änderung Öl gültig "
        "ungültig Brüssel prüfen hübsch kühn rüsten müde Prozeß daß muß"
    ),
    "fr": (
        "à à à là où été être même après très déjà liberté libération déclaration état étranger européen réponse "
        "président présidence ministère détenus prisonnière arrêté arrêt enquête fenêtre tête août coût maître chaîne "
        "naître connaître contrôle rôle bientôt hôpital côté façon français reçu çà garçon leçon succès accès problème "
        "règle père mère frère élève sœur cœur œuvre vœu naïf haïr Noël aiguë dû sûr goût île dîner théâtre âge "
        "château grâce pâte procès modèle système manifesté réitéré inquiété représentée nécessaire sévère répression "
        "élections"
    ),
    "it": (
        "è è è più può però così già perché né libertà città università qualità verità attività società là lì giù sì "
        "lunedì martedì comunità autorità responsabilità poiché finché benché sarà dovrà farà potrà avrà cioè caffè tè"
    ),
    "es": (
        "y ó él más está también después según así aquí allí país través declaración liberación situación detención "
        "represión prisión región año años niño señor mañana español pequeño único público político pública político "
        "jóvenes árbol fácil débil inglés francés miércoles sábado número música día había sería tenía podría sólo qué "
        "cómo cuándo dónde quién todavía allá será hará habrá bilingüe pingüino corazón razón algún ningún común último"
    ),
    "pt": (
        "é à às não são então também até três após já só país declaração libertação situação detenção prisão repressão "
        "região irmão mão razão eleições ações direções nações político pública número último única família próprio "
        "você português mês inglês atrás através será está estará poderá possível difícil fácil útil avô avó português"
    ),
    "nl": "één café ideeën reünie coördinatie geïnteresseerd vóór financiële België Oekraïne privé",
    "sv": (
        "på är för att när där också även något några många måste människor mänskliga rättigheter frihet fängelse "
        "frigivning utvärdera från två åtta år då får går står låta hög höra göra före efteråt större största många "
        "öppen över åter återigen ämne ägare själv själva fråga frågor förklaring förenta hände lämna nästa"
    ),
    "da": (
        "på år når også få får går står må både således første større største løslade løsladelse fængsel fængslede "
        "udtrykker bekymring erklæring være været været række næste ændre øst ønske øget både håb så sådan måned hånd"
    ),
    "nb": (
        "på år når også få får går står må både således første større største løslate løslatelse fengsel uttrykker "
        "bekymring erklæring være vært nærmere øst ønske økt både håp så sånn måned hånd forståelse språk spørsmål"
    ),
    "fi": "että myös tämä näiden hän päivä pääministeri vapauttaa välittömästi ihmisoikeudet yön työ näyttää",
    "ru": "и в с о к у я а вв зм рж введение изменить содержать ещё её чём въезд объявить съезд подъезд сэр поэт",
    "be": "і ў у з я а ўсе ўлады ёсць сёння з'езд аб'ява пэўна эўра цэнтр шчэ ццё дзь жыццё ўцёкі праўда",
    "uk": "і й в з у я а їх її є це ще пів'я об'єкт під'їзд ґанок єдиний поїзд",
    "lv": (
        "šī šis šo šādi kļūt iekļaut pārbaudīt izdzēst jāpārbauda sēdes vēstnieks paziņojums brīvība atbrīvot "
        "nekavējoties ieslodzītais tūkstotis cilvēki cilvēktiesību pārkāpumi ārlietu ministrs tiešām viņš viņa ģimene "
        "žurnālists šķiet ļoti ļauj ņemt ņēma bērns bērni mūsu jūsu kāpēc tāpēc vēl jā nē pēc starptautiskā prasība "
        "uzskatīja īpaši īss ēka ēst ūdens ķēde ķīmija čaula žogs apņemšanās sākās vārdi māte dzīve mērķis"
    ),
    "lt": (
        "šis ši šį įvesti įsitikinti įvykis didžiausias sąryšis tą ją ją jų jūs mūsų žinutė dėl reikšmė slaptažodis "
        "užsienio reikalų ministras žmogaus teisių pažeidimai tūkstantis žmonių paleisti kalinių įkalintas išlaisvinti "
        "žurnalistai šeima šalis ąžuolas ėmė ėjo čia česnakas ūkis ūsas ženklas būti būtų turėtų galėtų kodėl todėl "
        "vėl taip pat gynėjai nuosprendžiai kančia pačių išvežė grąžinti siųsti kęsti dėkoja vyriausybė pareiškė "
        "mąstyti ką kokią didį tokį slaptą"
    ),
    "et": (
        "õigus õige väärtus tõene väär tühi käesolev õpetus küsimus nõuab nõue vabastamine päev pärast järgmine "
        "mõned mõne põhjus võib võimalik võtta tõlge kõik rõõm sõna lõpp jõud hõlmab äär üle ühis ühe üks öö ööd täna "
        "ära öelda töö tööd küll nüüd hüüd šokk žürii välisministeerium ühendus inimõigused süüdi mõistetud"
    ),
}
