"""What a text speaks of, by its form: patterns of e-mail addresses, phone numbers, streets and companies."""

# ruff: noqa: RUF001  # letters of other alphabets are what these tables are about

from __future__ import annotations

import ipaddress
import re

__all__ = [
    "COUNTRY_CODES",
    "NAMED",
    "TOP_DOMAINS",
    "is_company",
    "is_email",
    "is_ip",
    "is_phone",
    "is_street",
    "is_url",
]


def _words(text: str) -> list[str]:
    return text.split()


def _pairs(text: str) -> dict[str, str]:
    return dict(entry.split(":") for entry in text.split())


_EMAIL = re.compile(r"[^\s@,;]+@[^\s@]+\.[^\s@.]{2,24}")
_URL = re.compile(r"(?:(?:https?|ftp)://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|00)?[\d()][\d()\s./-]{5,24}(?:\s*(?:x|ext\.?)\s*\d{1,6})?", re.IGNORECASE)
_GROUPED = re.compile(r"(?:\+?1[-. ])?(?:\(\d{2,5}\) ?|\d{2,5}[-./ ])\d{3,4}[-. ]\d{3,4}(?:\s*(?:x|ext).*)?")
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_STREET_WORDS = _words(
    "street st avenue ave av road rd boulevard blvd lane ln drive dr court ct place pl square sq terrace way "
    "highway hwy parkway pkwy circle close crescent rue allée impasse chemin quai via viale piazza corso calle "
    "avenida plaza paseo carrera rua travessa largo ulica ul aleja straße strasse str weg platz allee gasse ring "
    "damm ufer laan straat plein gracht kade vej vägen gatan gata väg gate katu tie utca út улица ул проспект пер "
    "caddesi sokak sokağı"
)
_STREET = re.compile(
    rf"(?:^|[\s\d,])(?:{'|'.join(_STREET_WORDS)})\.?(?:$|[\s\d,])"
    r"|\w{2,}(?:straße|strasse|str\.?|weg|platz|allee|gasse|straat|laan|gatan|vägen|vej|katu)(?=$|[\s\d,])",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"(?:^|[\s,#])\d{1,5}[a-z]?(?:$|[\s,./-])", re.IGNORECASE)
_COMPANY = re.compile(
    r"[\s,](?:inc|llc|llp|ltd|limited|plc|corp|corporation|co|company|gmbh|ag|kg|ug|ohg|se|sa|s\.a|sas|sarl|s\.r\.l|srl|"
    r"spa|s\.p\.a|bv|b\.v|nv|n\.v|ab|oy|oyj|as|a/s|aps|pty ltd|kft|zrt|sp\. z o\.o|s\.r\.o|ооо|ао|株式会社|& sons|"
    r"group|holdings?)\.?\s*$",
    re.IGNORECASE,
)

NAMED = {
    "email": re.compile(r"e[-_ ]?mail", re.IGNORECASE),
    "phone": re.compile(r"phone|(^|[\W_])(tel|mobile|cell|fax|telefon\w*|handy|telephone)([\W_]|$)", re.IGNORECASE),
    "first_name": re.compile(
        r"(first|given|fore|christian)[-_ ]?name|^fname$|vorname|pr[eé]nom|^nombres?$", re.IGNORECASE
    ),
    "last_name": re.compile(
        r"(last|family|sur)[-_ ]?name|^lname$|nachname|familienname|nom de famille|apellidos?|cognome", re.IGNORECASE
    ),
    "name": re.compile(r"(^|[\W_])(full[-_ ]?)?(names?|person|contact|owner|author|director|nom|nome)$", re.IGNORECASE),
    "company": re.compile(r"company|employer|firm[ae]?|organi[sz]ation|supplier|vendor", re.IGNORECASE),
    "street": re.compile(r"street|stra[sß]s?e|(^|[\W_])(addr\w*|adresse?|rue|calle|line[-_ ]?[12])", re.IGNORECASE),
    "city": re.compile(r"(^|[\W_])(city|town|ort|stadt|ville|ciudad|place)([\W_]|$)", re.IGNORECASE),
    "username": re.compile(r"user[-_ ]?name|(^|[\W_])(login|handle|nick(name)?|screen[-_ ]?name)$", re.IGNORECASE),
}
"""Names of columns that speak for a content."""

COUNTRY_CODES = _pairs(
    "1:en 44:en-gb 61:en-au 49:de 43:de-at 41:de-ch 33:fr 34:es 52:es-mx 39:it 31:nl 32:nl-be 45:da 46:sv 47:no "
    "48:pl 351:pt 55:pt-br 7:ru 380:uk 81:ja 82:ko 86:zh 90:tr 30:el 36:hu 420:cs 421:sk 358:fi 372:et 354:is "
    "385:hr 98:fa 994:az 966:ar-sa 20:ar-eg 212:ar-ma"
)
"""Country codes of phone numbers and the locale they speak for."""

TOP_DOMAINS = _pairs(
    "de:de fr:fr es:es it:it nl:nl no:no pl:pl pt:pt ru:ru fi:fi hu:hu is:is hr:hr sk:sk tr:tr uk:en-gb at:de-at "
    "ch:de-ch be:nl-be br:pt-br mx:es-mx dk:da se:sv cz:cs ee:et gr:el ua:uk jp:ja kr:ko cn:zh ir:fa au:en-au "
    "ca:en-ca kz:kk az:az us:en"
)
"""Top-level domains of countries and the locale they speak for."""


def is_email(text: str) -> bool:
    """True for one e-mail address and nothing else."""
    return bool(_EMAIL.fullmatch(text))


def is_url(text: str) -> bool:
    """True for an address on the web."""
    return bool(_URL.fullmatch(text))


def is_ip(text: str) -> bool:
    """True for an address of IP version 4 (four numbers, none of them a leading zero) or 6."""
    if not _DOTTED.fullmatch(text) and text.count(":") < 2:
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_phone(text: str, *, named: bool) -> bool:
    """True for 7 to 15 digits written as phone numbers are; bare digits only where the column's name says so."""
    digits = sum(letter.isdigit() for letter in text)
    if not 7 <= digits <= 21 or not _PHONE.fullmatch(text) or _DATE.fullmatch(text) or _DOTTED.fullmatch(text):
        return False
    return named or text.startswith("+") or bool(_GROUPED.fullmatch(text))


def is_street(text: str) -> bool:
    """True for a house number beside a word that streets are called by."""
    return bool(_HOUSE.search(text) and _STREET.search(text))


def is_company(text: str) -> bool:
    """True where a legal form stands at the end."""
    return bool(_COMPANY.search(text))
