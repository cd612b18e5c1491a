"""English abbreviations by kind, US and British: the one table of what each is said as.

How a token uses it is in `pipeline/verbalization/abbreviations.py`. Keys are in small letters; one
that ends in a full stop is an abbreviation only with it, as it is a word or a name without. Ways
are parted by a bar, likeliest first; `~` is the word as it is written, which else comes last, but
without a full stop comes first of those in `WORDS_TOO`.
"""

TITLES = {
    "adm": "admiral", "amb": "ambassador", "atty": "attorney", "bro.": "brother",
    "capt": "captain", "cdr": "commander", "cmdr": "commander", "col.": "colonel",
    "cpl": "corporal", "cpt": "captain", "dr": "doctor", "esq": "esquire", "fr.": "father",
    "gen.": "general", "gov.": "governor", "hon.": "~|honorable|honourable", "insp": "inspector",
    "jr": "junior", "lieut": "lieutenant|leftenant", "lt": "lieutenant|leftenant",
    "maj": "major", "messrs": "messieurs", "mlle": "mademoiselle", "mme": "madame",
    "mr": "mister", "mrs": "missus", "ms": "~|miz", "mx": "~|mix", "pfc": "private first class",
    "pres": "president", "prof": "professor", "pvt": "private", "rep.": "~|representative",
    "rev.": "reverend", "sen.": "senator", "sgt": "sergeant", "sr": "senior|sister",
    "st": "saint|street", "supt": "superintendent",
}  # fmt: skip
"""A name follows these, or goes before them."""

PLACES = {
    "apt.": "apartment", "ave": "avenue", "bldg": "building", "blvd": "boulevard",
    "cres.": "crescent", "ct": "court", "dr": "drive", "e.": "~|east", "fl.": "floor",
    "ft.": "fort", "gdns": "gardens", "hwy": "highway", "ln": "lane", "mt": "mount|mountain",
    "mtn": "mountain", "mts": "mountains", "n.": "~|north", "pkwy": "parkway", "pl.": "place",
    "pt": "point|port", "rd": "road", "rm.": "room", "rte": "route", "s.": "~|south",
    "sq": "square", "ste": "suite|saint", "ter.": "~|terrace", "w.": "~|west",
}  # fmt: skip

STATES = {
    "ala.": "~|alabama", "ariz": "arizona", "ark.": "~|arkansas", "calif": "california",
    "colo": "colorado", "conn": "connecticut", "del.": "~|delaware", "fla": "florida",
    "ga.": "~|georgia", "ill.": "~|illinois", "ind.": "~|indiana", "kan.": "~|kansas",
    "ky": "kentucky", "la.": "~|louisiana", "mass.": "~|massachusetts", "md": "~|maryland",
    "mich": "michigan", "minn": "minnesota", "miss.": "~|mississippi", "mo.": "~|missouri",
    "mont.": "montana", "neb": "nebraska", "nev": "nevada", "okla": "oklahoma", "ore.": "~|oregon",
    "pa.": "~|pennsylvania", "penn.": "~|pennsylvania", "tenn": "tennessee", "tex.": "~|texas",
    "va.": "~|virginia", "vt": "vermont", "wash.": "~|washington", "wis": "wisconsin",
    "wyo": "wyoming",
}  # fmt: skip

MONTHS = {
    "jan": "january|~", "feb": "february", "mar.": "~|march", "apr": "april", "jun": "june",
    "jul": "july", "aug": "august", "sep": "september", "sept": "september", "oct": "october",
    "nov": "november", "dec": "december",
}  # fmt: skip
DAYS = {
    "mon.": "monday", "tue": "tuesday", "tues": "tuesday", "wed.": "wednesday", "weds": "wednesday",
    "thu": "thursday", "thur": "thursday", "thurs": "thursday", "fri": "friday",
    "sat.": "~|saturday", "sun.": "~|sunday",
}  # fmt: skip

PARTS = {
    "app.": "~|appendix", "art.": "~|article", "bk": "book", "cap.": "~|chapter", "ch": "chapter",
    "chap": "chapter", "chs": "chapters", "cl.": "clause", "col.": "column",
    "ed.": "~|edition|editor", "eds": "editors|editions", "eq.": "equation",
    "ex.": "~|example|exercise", "fig.": "figure|~",
    "figs.": "figures|~", "fn": "footnote", "l.": "~|line", "ll": "lines", "no.": "~|number",
    "nos": "numbers", "op.": "opus", "p.": "page|~", "para": "paragraph|~", "paras": "paragraphs",
    "pp": "pages", "pt": "part", "pts": "points|parts", "sec": "section", "sect": "section",
    "suppl": "supplement", "v.": "~|versus|verse", "ver": "version", "vol.": "volume",
    "vols": "volumes", "vv": "verses",
}  # fmt: skip
"""Parts of a book, and what is numbered."""

ORGANISATIONS = {
    "acad": "academy", "admin": "~|administration", "assn": "association", "assoc": "association",
    "asst": "assistant", "bros": "brothers", "cllr": "councillor", "co.": "company|~",
    "comm.": "committee|commission", "corp": "~|corporation", "dept": "department",
    "depts": "departments", "dir.": "director", "dist.": "district", "div.": "division",
    "fed.": "~|federal", "govt": "government", "gov't": "government", "hosp": "hospital",
    "inc": "~|incorporated", "inst": "institute", "intl": "international", "int'l": "international",
    "ltd": "limited", "mfg": "manufacturing", "mgmt": "management", "mgr": "manager",
    "min.": "minutes|minimum|ministry", "natl": "national", "nat'l": "national", "sch": "school",
    "sec'y": "secretary", "univ": "university",
}  # fmt: skip

LATIN = {
    "a.k.a": "~|also known as", "al.": "~|alia|others",
    "ca": "circa|about|~", "cf": "compare|~|see|confer", "e.g": "~|for example|for instance",
    "seq.": "~|sequentes|following", "etc": "et cetera", "&c": "et cetera", "i.e": "~|that is",
    "ibid": "~|ibidem|in the same place", "n.b": "~|nota bene|note well", "op.cit": "opus citatum",
    "p.s": "~|postscript", "q.v": "~|which see", "viz": "namely|~|videlicet", "vs": "versus",
}  # fmt: skip

WORDS = {
    "abt": "about", "acct": "account", "addr": "address", "amt": "amount",
    "approx": "approximately", "appt": "appointment", "avg": "average", "b/c": "because",
    "bc": "~|because", "btwn": "between",
    "c/o": "care of", "cont": "continued", "cont'd": "continued", "diff.": "~|difference",
    "esp": "especially", "est.": "established|estimated|~", "excl": "excluding",
    "ext.": "extension", "freq": "frequency", "h/t": "hat tip", "in.": "~|inches|inch",
    "incl": "including", "feat.": "featuring", "ft.": "featuring", "info": "~|information",
    "max": "maximum|~", "med.": "~|medical", "mil.": "~|military",
    "misc": "miscellaneous", "n/a": "~|not applicable|not available", "orig": "original",
    "pkg": "package", "pls": "please", "ppl": "people", "prev": "previous", "qty": "quantity",
    "recd": "received", "rec'd": "received", "ref.": "~|reference", "reg.": "registered|regular",
    "resp": "respectively", "sth": "something", "std": "standard", "tel": "telephone",
    "temp": "temperature|~", "thx": "thanks", "trans": "translated|~", "usu": "usually",
    "w/": "with", "w/in": "within", "w/o": "without", "wk": "week", "wks": "weeks", "wt": "weight",
    "y/o": "year old", "yr": "year", "yrs": "years",
}  # fmt: skip

UNITS = {
    "kg": "kilograms|kilos", "g": "grams", "mg": "milligrams", "lb": "pounds", "lbs": "pounds",
    "oz": "ounces", "km": "kilometers", "m": "meters", "cm": "centimeters", "mm": "millimeters",
    "nm": "nanometers", "mi": "miles", "ft": "feet|foot", "in": "inches", "yd": "yards",
    "yds": "yards", "sec": "seconds", "secs": "seconds", "ms": "milliseconds", "min": "minutes",
    "mins": "minutes", "h": "hours", "hr": "hours", "hrs": "hours",
    "mph": "miles per hour|miles an hour", "km/h": "kilometers per hour|kilometers an hour",
    "kph": "kilometers per hour", "kmh": "kilometers per hour", "m/s": "meters per second",
    "fps": "frames per second", "rpm": "revolutions per minute", "gb": "gigabytes|gigs",
    "mb": "megabytes|megs", "kb": "kilobytes", "tb": "terabytes", "hz": "hertz", "khz": "kilohertz",
    "mhz": "megahertz", "ghz": "giga hertz", "w": "watts", "kw": "kilowatts",
    "kwh": "kilowatt hours", "v": "volts", "m^2": "square meters", "km^2": "square kilometers",
    "m^3": "cubic meters", "ft^2": "square feet", "l": "liters", "ml": "milliliters",
    "gal": "gallons", "tsp": "teaspoons", "tbsp": "tablespoons", "x": "x|times", "px": "pixels",
    "°c": "degrees celsius|degrees|degrees c", "°": "degrees",
    "°f": "degrees fahrenheit|degrees|degrees f", "db": "decibels", '"': "inches",
}  # fmt: skip
"""Spelled as in the pronunciation dictionary. `"` may also be a quotation mark."""

SPELLED = frozenset(
    "ai api aka asap atm bbc bios ceo cia cio cpa cpu diy dna dui eu faq fbi gop gpu gui hiv "
    "iot ip iq isp lol mri nba nfl ngo nhs ocd ok oled os pc ram rna roi rsvp sos tba uk ui "
    "uri url usa usb ux vip vpn".split()
)
"""Acronyms with vowels that are said by their letters, in small letters too, or as a word."""

WORDS_TOO = frozenset(
    "al apr bros ca ch co comm conn corp dec est fri gal inc inst jan jun max mi mich min mins nov "
    "oct para pt sec secs sep tel temp trans".split()
)
"""Also said as they are written, or a name; `a sec`, `Max`."""

NEVER_LAST = frozenset(
    {key.rstrip(".") for key, ways in TITLES.items() if "~" not in ways}
    | set("approx cf ch e.g fig figs i.e ms p pp vol vols vs".split())
)
"""Those after whose full stop a sentence goes on. "No." and "etc." end more sentences than not."""
