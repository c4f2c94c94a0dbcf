"""One small file of every source that comes with the package, as it would be handed in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matchmaker.settings import Settings
from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.reading import read_file
from matchmaker.tables.sources import sources_for
from matchmaker.tables.sources.source import given_as

SAMPLES_DIR = Path(__file__).resolve().parents[2] / "data" / "samples"
COLUMNS = {"youth_id": "numero", "home_postal_code": "cp", "trade_label": "formation"}
SOURCES = {
    source.name: source for source in sources_for(Settings(parcoursup_columns=COLUMNS), bytes(32))
}
FRANCE_TRAVAIL = {
    "resultats": [
        {"id": "1A", "intitule": "Boulanger (H/F)", "romeCode": "D1102", "nombrePostes": 2,
         "natureContrat": "Contrat apprentissage", "lieuTravail": {"commune": "29232"}},
        "no offer at all",
        {"id": "2B", "intitule": "Maçon (H/F)", "romeCode": "F1703"},
    ]
}  # fmt: skip
HELLOWORK = """<?xml version="1.0" encoding="utf-8"?>
<root><job><job_id><![CDATA[11]]></job_id><title>Boulanger &amp; pâtissier H/F</title>
<url>https://example.org/11</url><description>Cuire</description><profile>Soigné</profile>
<city>QUIMPER</city><geoloc>47.99,-4.1</geoloc><postal_code>29000</postal_code><country>FR</country>
<contract>Apprentissage</contract><contract_period_value>24</contract_period_value>
<contract_period_unit>Months</contract_period_unit><education>RJ/Qualif/BEP_CAP</education>
<remote>Pas_teletravail</remote><company_title>Fournil</company_title>
<siret>73282932000074</siret><naf_code>1071C</naf_code></job>
<job><job_id>12</job_id><title>Maçon</title><city>Bruxelles</city><postal_code>1000</postal_code>
<country>BE</country><contract>CDI</contract><company_title>Bati</company_title></job></root>
"""
JOBTEASER = """<jobs><job><id>ab-1</id><job_details><title>Alternance - Boulanger</title>
<description><![CDATA[<strong>Cuire</strong>]]></description><url>https://example.org/ab-1</url>
<contract_type>Apprenticeship</contract_type><remote_type>Not specified</remote_type></job_details>
<job_dates><start_date>2023-10-01</start_date></job_dates>
<job_locations><location_country_code>fr</location_country_code>
<location_sub_state>Finistere</location_sub_state><location_city>Quimper</location_city></job_locations>
<company><company_name>Fournil</company_name><company_siren>732829320</company_siren></company></job>
<job><id>ab-2</id><job_details><title>Maçon</title></job_details><company/></job></jobs>
"""
LAPOSTE = """<offres><offre><intitule-du-poste>Alternance Facteur F/H</intitule-du-poste>
<reference>2023-1</reference><type-de-contrat>Alternance</type-de-contrat>
<duree-du-contrat>12</duree-du-contrat><company>Poste du Finistère</company>
<localisation-du-poste>Quimper</localisation-du-poste><localite>29000 QUIMPER</localite>
<longitude>-4.1</longitude><latitude>47.99</latitude>
<description-de-la-mission><![CDATA[ Porter ]]></description-de-la-mission>
<profil-recherche>Permis B</profil-recherche><formation-et-experience>CAP</formation-et-experience>
<niveau-de-formation-requis>Bac</niveau-de-formation-requis>
<url-de-l-offre>https://example.org/2023-1</url-de-l-offre><teletravail/></offre></offres>
"""
LEBONCOIN = (
    '"redirection","ville","entreprise","description","titre","identifiant","région","code postal"\n'
    '"https://example.org/9.htm","Quimper","Fournil","Résumé\nBoulanger F/H, 29000 Quimper, '
    'Alternance, Temps plein.\n\nCuire","ALTERNANCE - Boulanger F/H","9","Bretagne","29000"\n'
)
DECATHLON = {
    "count": 2,
    "ads": [
        {"reference": "K1", "title": "Vendeur (H/F)", "contract_type": "Contrat d'apprentissage",
         "contract_duration": {"min": 12, "max": 24}, "contract_work_period": "Temps plein",
         "service_hash_id": "x", "education_level": "Bac", "description": "<p>Vendre</p>",
         "profile": "<b>Sportif</b>", "apply_url": "https://example.org/K1",
         "address": {"parts": {"zip": "29000", "city": "Quimper", "country": "France"},
                     "position": {"lon": -4.1, "lat": 47.99}},
         "brand": {"name": "DECATHLON Retail"}},
        "no offer",
    ],
}  # fmt: skip
CEGID = [
    {"reference": "2023-9", "title": "Conseiller - 29", "organisationName": "DT 29",
     "contractType": {"code": 578, "label": "CDD"}, "description1": "Informer",
     "description2": "À l'aise", "geographicalLocation": [{"label": "Quimper"}],
     "region": [{"label": "Finistère (29)"}], "latitude": None, "longitude": None,
     "offerUrl": "https://example.org/2023-9", "beginningDate": "2023-10-01T00:00:00"},
    3,
]  # fmt: skip
PARCOURSUP = "numero;cp;formation\n7000001;29000;BTS MCO\n-;29000;CAP\n7000002;1000;CAP Boulanger\n"


def _written(name: str, text: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A file and the table as which it is handed in."""

    role: str
    path: Callable[[Path], Path]

    def read(self, folder: Path) -> RawTable | JsonAnswer:
        return read_file(self.path(folder), self.role)


_FILES: dict[str, Callable[[Path], Path]] = {
    "lba": lambda _: SAMPLES_DIR / "lba" / "answer.json",
    "france_travail": _written("ft.json", json.dumps(FRANCE_TRAVAIL)),
    "hellowork": _written("hellowork.xml", HELLOWORK),
    "jobteaser": _written("jobteaser.xml", JOBTEASER),
    "laposte": _written("laposte.xml", LAPOSTE),
    "leboncoin": _written("leboncoin.csv", LEBONCOIN),
    "decathlon": _written("decathlon.json", json.dumps(DECATHLON)),
    "cegid": _written("cegid.json", json.dumps(CEGID)),
    "affelnet": lambda _: SAMPLES_DIR / "affelnet" / "export.csv",
    "parcoursup": _written("parcoursup.csv", PARCOURSUP),
}
SAMPLES = {name: Sample(role=given_as(SOURCES[name]), path=path) for name, path in _FILES.items()}
NEUTRAL = [
    Sample(role=role, path=lambda _, role=role: SAMPLES_DIR / f"{role}.csv")
    for role in ("youths", "wishes", "offers")
]
