"""What mailing tools, forms and youths call an answer, brought to a handful of kinds.

Read in the tools' own exports and interfaces (November 2026): Brevo's report of a campaign
(Email_ID, Hard_Bounce_Date, Unsubscribe_Date ...) and its log of events (st_text or event, email,
mid); Mailchimp's files of unsubscribed and cleaned contacts (UNSUB_TIME, CLEAN_TIME); Sarbacane's
words in French (NPAI, désinscrit, plainte).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.tables.sources.wish_files import header_key

__all__ = ["COLUMNS", "DATED", "KINDS", "NO_ANSWER", "kind_of"]

KINDS: Final = ("opposed", "bounced", "found", "filled", "call", "replied", "unread")
"""Of an answer, the one that decides first."""

NO_ANSWER: Final = ("soft", "click", "passed")
"""What is counted and changes nothing: a box that was full, a click (scanners click), the rest."""

_WORDS: Mapping[str, str] = {
    "bounced": (
        "bounced bounce hardbounce hardbounces hardbounced hard npai invalid invalidemail cleaned"
        " blocked adresseinvalide adresseinexistante adresseinconnue erreurdefinitive"
        " erreurpermanente permanent nondistribue"
    ),
    "soft": (
        "soft softbounce softbounces softbounced deferred differe erreurtemporaire temporary"
        " boitepleine error erreur"
    ),
    "opposed": (
        "opposed unsubscribe unsubscribed unsub desinscrit desinscription desabonne desabonnement"
        " spam complaint complained abuse markedasspam plainte stop nemecrivezplus optout"
        " listunsubscribe opposition oppose neplusecrire"
    ),
    "found": "found jaitrouve trouve jaitrouveuncontrat contrattrouve answerfound jaiuncontrat",
    "call": "call callback rappelezmoi rappeler arappeler answercall jeveuxetrerappele",
    "filled": "filled pourvue pourvu offrepourvue placepourvue postepourvu dejapourvue dejapourvu",
    "replied": "replied reply reponse answered inbound repondu",
    "click": "click clicks clicked clic clics clique cliqueur uniqueclicked",
    "passed": (
        "sent requests request delivered delivre envoye recu opened open ouvert ouverture"
        " uniqueopened firstopening proxyopen uniqueproxyopen loadedbyproxy subscribed abonne"
        " contactupdated contactdeleted listaddition processed distribue actif"
    ),
}
_KIND_OF = {word: kind for kind, words in _WORDS.items() for word in words.split()}

DATED: Mapping[str, str] = {
    "hardbouncedate": "bounced",
    "cleantime": "bounced",
    "npai": "bounced",
    "datenpai": "bounced",
    "softbouncedate": "soft",
    "unsubscribedate": "opposed",
    "unsubscribeddate": "opposed",
    "unsubtime": "opposed",
    "datededesinscription": "opposed",
    "datedesinscription": "opposed",
    "complaintdate": "opposed",
    "clickedlinkscount": "click",
    "totalclicks": "click",
    "clickdate": "click",
}
"""Columns that are filled where that happened: kind by `header_key`."""

COLUMNS: Mapping[str, str] = {
    name: column
    for column, names in {
        "message_id": "messageid xmessageid idmessage",
        "m": "m mark marque cle key cledesinscription",
        "email": (
            "email emailid emailaddress recipient destinataire adresseemail adressemail courriel"
            " mail adresseelectronique"
        ),
        "event": "event sttext evenement statut status etat action type reponse answer response",
        "subject": "subject objet sujet sub",
        "text": "text texte message corps body commentaire",
        "tag": "tag tags customid",
        "offer_id": "offerid offre identifiantdeloffre idoffre",
        "at": "at date ts datetime timestamp dateheure",
        "link": "link lien url",
    }.items()
    for name in names.split()
}
"""Columns that are read, by `header_key`."""


def kind_of(text: str) -> str:
    """Return the kind of an event or an answer as written; "unread" where it is none known.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Of `KINDS` or `NO_ANSWER`; "" of an empty text.

    Examples
    --------
    >>> kind_of("hard_bounce"), kind_of("J'ai trouvé !"), kind_of("Désinscrit"), kind_of("peut-être")
    ('bounced', 'found', 'opposed', 'unread')
    """
    key = header_key(text)
    return _KIND_OF.get(key, "unread") if key else ""
