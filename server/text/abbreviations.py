"""Short forms and what they stand for."""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

# Read out in full wherever they stand; the key is the form in lower case without its full stops.
WITH_STOP = {
    "approx": "approximately",
    "apt": "apartment",
    "assn": "association",
    "asst": "assistant",
    "ave": "avenue",
    "blvd": "boulevard",
    "bros": "brothers",
    "capt": "captain",
    "cf": "compare",
    "cmdr": "commander",
    "co": "company",
    "col": "colonel",
    "corp": "corporation",
    "cpl": "corporal",
    "dept": "department",
    "ed": "edition",
    "e.g": "for example",
    "eg": "for example",
    "esp": "especially",
    "esq": "esquire",
    "est": "established",
    "etc": "et cetera",
    "et al": "and others",
    "ext": "extension",
    "fig": "figure",
    "figs": "figures",
    "fr": "father",
    "ft": "feet",
    "gen": "general",
    "gov": "governor",
    "hon": "honorable",
    "hr": "hour",
    "hrs": "hours",
    "i.e": "that is",
    "ie": "that is",
    "inc": "incorporated",
    "jr": "junior",
    "lt": "lieutenant",
    "ltd": "limited",
    "maj": "major",
    "max": "maximum",
    "min": "minimum",
    "misc": "miscellaneous",
    "mr": "mister",
    "mrs": "missus",
    "ms": "miz",
    "messrs": "messers",
    "mt": "mount",
    "mts": "mountains",
    "oz": "ounces",
    "p": "page",
    "pp": "pages",
    "pres": "president",
    "prof": "professor",
    "pt": "part",
    "pvt": "private",
    "rd": "road",
    "rep": "representative",
    "rev": "reverend",
    "sec": "section",
    "sen": "senator",
    "sgt": "sergeant",
    "sq": "square",
    "sr": "senior",
    "tel": "telephone",
    "univ": "university",
    "viz": "namely",
    "vol": "volume",
    "vols": "volumes",
    "vs": "versus",
    "v": "versus",
    "yr": "year",
    "yrs": "years",
}
WITHOUT_STOP = frozenset("mr mrs ms dr jr sr vs etc prof sgt lt capt blvd dept approx".split())  # unmistakable
BEFORE_NUMBER = frozenset("fig figs p pp vol vols sec pt ed apt ext".split())  # mean nothing else there
BEFORE_NAME = frozenset("fr gen gov hon maj pres rep rev sen col cmdr mt ed co".split()) - {"co", "ed"}
AFTER_NUMBER = frozenset("ft hr hrs min max oz yr yrs sec sq".split())
PLAIN_WORDS = frozenset("co ed est fig gen hon max min p pt rep sec sen v ft ext col rev".split())
CALENDAR = {
    "jan": "january",
    "feb": "february",
    "mar": "march",
    "apr": "april",
    "jun": "june",
    "jul": "july",
    "aug": "august",
    "sep": "september",
    "sept": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
    "mon": "monday",
    "tue": "tuesday",
    "tues": "tuesday",
    "wed": "wednesday",
    "thu": "thursday",
    "thur": "thursday",
    "thurs": "thursday",
    "fri": "friday",
    "sat": "saturday",
    "sun": "sunday",
}
CONFUSABLE = frozenset(("sun", "sat", "mar", "wed"))  # words as well
MONTHS = (
    "january february march april may june july august september october november december".split()
)  # fmt: skip
# Acronyms that are words when written small: spelt out only in capitals, and only beside words that are not.
SPELT = frozenset("US IT UK EU UN AI PC TV ID IP PM AM OK CD VR AR HR PR ER OS EV DC LA".split())
REGNAL = frozenset(
    "Henry Louis Charles Elizabeth George Edward James William Richard John Paul Pius Benedict Francis Philip "
    "Napoleon Catherine Alexander Nicholas Frederick Wilhelm Leo Gregory Innocent Urban Clement Ramses Ptolemy "
    "Darius Ivan Peter Mary Haakon Olav Gustav Carl Margrethe Leopold Ferdinand Alfonso Otto Franz Joseph Edgar "
    "Harald Christian Constantine Justinian Xerxes Sixtus Boniface Celestine Albert Baldwin Mehmed Selim".split()
)
COUNTED = frozenset(
    "chapter part volume book act scene section phase type article war bowl level stage class title grade appendix "
    "figure table king queen pope episode season unit lesson step category group mark".split()
)
