"""What staff call our columns, in English, Russian, Belarusian and Latvian.

Case, spaces, marks and accents don't matter. A word stands here only where it can't mean another column of its KIND or
something that isn't kept: “ID” may be a number of a row and “Comment” may not be meant for readers, so staff are asked.
"""

#: For every KIND that has the column and says nothing else below.
EVERYWHERE: dict[str, tuple[str, ...]] = {
    "slug": ("слаг",),
    "key": ("ключ", "atslēga"),
    "name": ("full name", "название", "имя", "наименование", "назва", "імя", "nosaukums", "vārds"),
    "title": ("headline", "heading", "заголовок", "название", "загаловак", "назва", "virsraksts", "nosaukums"),
    "kind": ("type", "category", "тип", "вид", "тып", "від", "veids", "tips"),
    "country": ("country code", "страна", "краіна", "valsts"),
    "parent": ("part of", "входит в", "частка ад"),
    "description": ("about", "описание", "апісанне", "apraksts"),
    "website": (
        *("web site", "site", "homepage", "home page", "url", "link"),
        *("сайт", "вэб-сайт", "tīmekļa vietne", "mājaslapa"),
    ),
    "wikidata_id": ("wikidata", "qid"),
    "aliases": ("alias", "other names", "alternative names", "also known as", "aka", "другие названия", "іншыя назвы"),
    "organisation": ("organization", "affiliation", "employer", "организация", "арганізацыя", "organizācija"),
    "handles": ("handle", "accounts", "social media", "аккаунты", "акаўнты", "konti"),
    "url": ("link", "web address", "address", "source url", "source link", "ссылка", "адрес", "спасылка", "saite"),
    "publisher": ("published by", "outlet", "издатель", "издание", "выдавец", "выданне", "izdevējs"),
    "author": ("authors", "written by", "автор", "авторы", "аўтар", "autors"),
    "language": ("lang", "language code", "original language", "язык", "мова", "valoda"),
    "published": ("published on", "date published", "publication date", "дата публикации", "дата публікацыі"),
    "accessed_on": ("accessed", "date accessed", "access date", "retrieved", "retrieved on", "дата обращения"),
    "unit": ("units", "единица", "адзінка", "vienība"),
    "place": ("location", "место", "месца", "vieta"),
    "definition": ("определение", "азначэнне", "definīcija"),
    "theme": ("topic", "тема", "тэма", "tēma"),
    "addressees": ("addressee", "addressed to", "адресат", "адресаты", "адрасат", "адрасаты", "adresāts", "adresāti"),
    "statement": ("statement slug", "заявление", "заява", "paziņojums"),
    "source": (
        "source url",
        "source link",
        "url",
        "link",
        "источник",
        "ссылка",
        "крыніца",
        "спасылка",
        "avots",
        "saite",
    ),
    "locator": ("page", "pages", "paragraph", "страница", "старонка", "lappuse"),
    "text": ("full text", "текст", "тэкст", "teksts"),
    "is_excerpt": ("excerpt",),
    "demand": ("требование", "патрабаванне", "prasība"),
    "quote": ("quotation", "цитата", "цытата", "citāts"),
    "is_reiterated": ("reiterated",),
    "deadline": ("срок", "тэрмін", "termiņš"),
    "note": ("public note",),
    "measure": ("what is counted", "показатель", "паказчык", "rādītājs"),
    "qualifier": ("qualification", "уточнение", "удакладненне"),
    "value": ("number", "figure", "count", "amount", "how many", "число", "количество", "лік", "колькасць", "skaits"),
    "value_to": ("number to", "figure to", "to", "upper bound"),
    "as_of": ("as of date", "as at", "на дату", "по состоянию на", "станам на", "uz datumu"),
    "since": ("since date", "начиная с", "пачынаючы з"),
    "attributed_to": ("according to", "по данным", "паводле", "saskaņā ar"),
    "excludes": ("excluding", "except", "without"),
    "status": ("state", "статус", "стан", "statuss"),
    "date": ("date of update", "дата", "datums"),
}

#: What is different in one KIND.
OF_KIND: dict[str, dict[str, tuple[str, ...]]] = {
    "organisations": {
        "name": (
            *("organisation", "organization", "full name", "название", "организация", "назва", "арганізацыя"),
            *("nosaukums", "organizācija"),
        ),
        "short_name": ("short", "acronym", "abbreviation", "сокращение", "аббревиатура", "скарачэнне", "saīsinājums"),
    },
    "speakers": {
        "name": ("speaker", "person", "full name", "имя", "фио", "спикер", "імя", "спікер", "vārds", "runātājs"),
    },
    "measures": {"name": ("measure", "название", "показатель", "назва", "паказчык", "nosaukums", "rādītājs")},
    "demands": {"title": ("demand", "требование", "название", "патрабаванне", "назва", "prasība", "nosaukums")},
    "statements": {
        "issued": (
            *("date issued", "issue date", "issued on", "date", "date of statement", "statement date"),
            *("дата", "дата заявления", "дата заявы", "datums", "paziņojuma datums"),
        ),
        "issued_basis": ("basis of date", "date basis"),
        "date_note": ("note on date",),
        "issuers": (
            *("issuer", "issued by", "organisation", "organization", "organisations", "organizations"),
            *("организация", "организации", "арганізацыя", "арганізацыі", "organizācija", "organizācijas"),
        ),
        "joined_by": ("joined", "cosigned by", "co-signed by"),
        "delivered_by": ("delivered on behalf",),
        "speakers": ("speaker", "said by", "спикер", "спикеры", "спікер", "спікеры", "runātājs", "runātāji"),
        "attributions": ("role", "roles", "должность", "должности", "пасада", "пасады", "amats", "amati"),
        "related_statement": ("related", "related to"),
        "occasion": ("event", "повод", "нагода", "notikums"),
        "summary": ("abstract", "synopsis", "краткое содержание", "резюме", "кароткі змест", "kopsavilkums"),
        "text_language": ("language of text",),
        "source_urls": (
            *("source url", "source urls", "source", "sources", "url", "urls", "link", "links", "source link"),
            *("источник", "источники", "ссылка", "ссылки", "крыніца", "крыніцы", "спасылка", "спасылкі"),
            *("avots", "avoti", "saite", "saites"),
        ),
        "desk_note": ("internal note", "note for the desk", "внутренняя заметка"),
    },
}
