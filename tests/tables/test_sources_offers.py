import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.tables.sources import FranceTravail, Lba
from matchmaker.tables.sources.items import OFFER_COLUMNS, plain_text
from matchmaker.tables.sources.source import head_of
from tests.tables.read_by import answer, detect, offers


def job(**changes):
    """Return an LBA job; a dotted name changes a field inside."""
    item = {
        "identifier": {"id": "6543", "partner_label": "Hellowork", "partner_job_id": "77"},
        "workplace": {
            "siret": "12345678900011", "brand": None, "legal_name": "MARTIN SARL",
            "name": "Boulangerie Martin &amp; fils", "description": None, "size": "0-50",
            "location": {"address": "3 rue Haute, 29000 QUIMPER",
                         "geopoint": {"type": "Point", "coordinates": [-4.0975, 47.996]}},
            "domain": {"idcc": None, "opco": None, "naf": {"code": "10.71C", "label": "Boulangerie"}},
        },
        "apply": {"url": "https://lba.example/1", "phone": "0102030405", "recipient_id": "r1"},
        "contract": {"start": "2023-09-01T00:00:00.000Z", "duration": 24,
                     "type": ["Apprentissage"], "remote": None},
        "offer": {"title": "Apprenti&nbsp;boulanger &#40;H/F&#41;", "rome_codes": ["D1102", "D1106"],
                  "description": "<p>Cuire</p><p>Vendre</p>",
                  "target_diploma": {"european": "3", "label": "CAP"},
                  "publication": {"creation": "2023-08-01T10:00:00.000Z", "expiration": None},
                  "opening_count": 2, "status": "Active"},
        "is_delegated": False,
    }  # fmt: skip
    for name, value in changes.items():
        *path, last = name.split("__")
        inside = item
        for step in path:
            inside = inside[step]
        inside[last] = value
    return item


def first(table):
    return table.frame.iloc[0].to_dict()


def read_job(**changes):
    return first(offers(Lba(), {"jobs": [job(**changes)], "recruiters": []}))


def test_lba_job_field_by_field():
    assert read_job() == {
        "offer_id": "6543", "title": "Apprenti boulanger (H/F)", "trade_code": "D1102|D1106",
        "postal_code": "29000", "commune_code": "", "place_name": "QUIMPER",
        "latitude": "47.996", "longitude": "-4.0975", "level": "3", "capacity": "2",
        "start_date": "2023-09-01T00:00:00.000Z", "expiry_date": "2023-09-30",
        "contract_type": "Apprentissage", "employer": "Boulangerie Martin & fils",
        "siret": "12345678900011", "naf_code": "10.71C", "kind": "offer",
        "url": "https://lba.example/1", "source": "lba:Hellowork", "status": "open",
        "description": "Cuire\nVendre", "size": "0-50", "opco": "", "duration": "24",
        "remote": "", "is_delegated": "", "delegated_by": "", "welcomes_disabled": "",
        "licence_asked": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "column", "expected"),
    [
        ({"offer__target_diploma": None}, "level", ""),
        ({"offer__target_diploma": {"european": None}}, "level", ""),
        ({"offer__opening_count": 0}, "capacity", "0"),
        ({"offer__opening_count": 9999}, "capacity", "9999"),
        ({"offer__opening_count": 10**5000}, "capacity", "inf"),
        ({"offer__opening_count": None}, "capacity", ""),
        ({"offer__status": "Filled"}, "status", "filled"),
        ({"offer__status": "Cancelled"}, "status", "cancelled"),
        ({"offer__status": "Pending"}, "status", "Pending"),
        ({"offer__publication": None}, "expiry_date", ""),
        ({"offer__publication": {"creation": "hier"}}, "expiry_date", ""),
        ({"offer__publication": {"creation": "9999-12-31"}}, "expiry_date", ""),
        ({"offer__publication": {"expiration": "2023-10-05"}}, "expiry_date", "2023-10-05"),
        ({"offer__rome_codes": None}, "trade_code", ""),
        ({"contract__type": ["Apprentissage", "Professionnalisation"]}, "contract_type", "alternance"),
        ({"contract__type": []}, "contract_type", ""),
        ({"workplace__name": None}, "employer", "MARTIN SARL"),
        ({"workplace__name": None, "workplace__legal_name": None}, "employer", ""),
        ({"workplace__location": None}, "latitude", ""),
        ({"workplace__location__geopoint": None}, "longitude", ""),
        ({"workplace__location__geopoint": {"coordinates": [1]}}, "latitude", ""),
        ({"workplace__location__address": "Paris"}, "postal_code", ""),
        ({"workplace__location__address": "1 cours X 13100 Aix CEDEX 02"}, "place_name", "Aix"),
        ({"workplace__location__address": "12345 rue X, 97400 Saint-Denis"}, "postal_code", "97400"),
        ({"identifier": {"partner_label": "X", "partner_job_id": "9"}}, "offer_id", "X:9"),
        ({"identifier": None}, "offer_id", ""),
        ({"identifier__partner_label": "France Travail", "identifier__partner_job_id": "048KLTP",
          "apply__url": None}, "url",
         "https://candidat.francetravail.fr/offres/recherche/detail/048KLTP"),
        ({"offer": "nothing"}, "title", ""),
    ],
)  # fmt: skip
def test_lba_traps(changes, column, expected):
    assert read_job(**changes)[column] == expected


def test_lba_carries_no_phone_and_no_recipient():
    text = offers(Lba(), {"jobs": [job()]}).frame.to_csv()
    assert "0102030405" not in text
    assert "r1" not in text


def test_lba_recruiters_are_spontaneous_and_counted_after_the_jobs():
    firm = {k: v for k, v in job().items() if k in {"identifier", "workplace", "apply"}}
    nameless = json.loads(json.dumps(firm))
    nameless["workplace"].update(name=None, legal_name=None, domain={"naf": None})
    table = offers(
        Lba(),
        [{"jobs": [job(), "?"], "recruiters": [firm]}, {"recruiters": [nameless]}],
        "lba.json",
    )
    assert table.frame["kind"].tolist() == ["offer", "spontaneous", "spontaneous"]
    assert table.lines.tolist() == [1, 3, 4]
    assert table.frame["title"].tolist()[1:] == ["Boulangerie", "Candidature spontanée"]
    assert table.frame["employer"].tolist()[2] == ""
    (fault,) = table.faults
    assert fault.sentence("en").startswith("lba.json, line 2: '?' is not a job or a recruiter.")


def ft_offer(**changes):
    return {
        "id": "048KLTP", "intitule": "Boulanger (H/F)", "description": "Cuire",
        "dateCreation": "2023-09-01T08:00:00.000Z", "romeCode": "D1102",
        "lieuTravail": {"libelle": "29 - QUIMPER", "latitude": 47.99, "longitude": -4.1,
                        "codePostal": "29000", "commune": "29232"},
        "typeContrat": "CDD", "natureContrat": "Contrat apprentissage", "alternance": True,
        "nombrePostes": 1, "entreprise": {"nom": "MARTIN"}, "codeNAF": "10.71C",
        "experienceExige": "D", "experienceLibelle": "Débutant accepté",
        "formations": [{"niveauLibelle": "Bac+2 ou équivalents", "exigence": "E"}],
        "niveau": "NV4", "origineOffre": {"origine": "1", "urlOrigine": "https://ft.example/048KLTP"},
    } | changes  # fmt: skip


def read_ft(**changes):
    return first(offers(FranceTravail(), {"resultats": [ft_offer(**changes)]}))


def test_france_travail_field_by_field():
    assert {k: v for k, v in read_ft().items() if v} == {
        "offer_id": "048KLTP", "title": "Boulanger (H/F)", "trade_code": "D1102",
        "postal_code": "29000", "commune_code": "29232", "place_name": "QUIMPER",
        "latitude": "47.99", "longitude": "-4.1", "capacity": "1",
        "contract_type": "apprentissage", "employer": "MARTIN", "naf_code": "10.71C",
        "kind": "offer", "url": "https://ft.example/048KLTP", "source": "france_travail",
        "status": "open", "description": "Cuire",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "column", "expected"),
    [
        ({}, "level", ""),  # what is required at entry is never the level aimed at
        ({"natureContrat": "Cont. professionnalisation"}, "contract_type", "professionnalisation"),
        ({"natureContrat": "Contrat travail"}, "contract_type", "alternance"),
        ({"natureContrat": "Contrat travail", "alternance": False}, "kind", "job"),
        ({"natureContrat": "Contrat travail", "alternance": False}, "contract_type", "CDD"),
        ({"natureContrat": None, "alternance": None}, "contract_type", ""),
        ({"natureContrat": None, "alternance": None}, "kind", "offer"),
        ({"natureContrat": "E2", "alternance": None}, "contract_type", "apprentissage"),
        ({"natureContrat": "FS"}, "contract_type", "professionnalisation"),
        ({"natureContrat": "E1", "alternance": False}, "kind", "job"),
        ({"lieuTravail": {"libelle": "93 - ST DENIS"}}, "place_name", "93 - ST DENIS"),
        ({"lieuTravail": {"libelle": "93 - ST DENIS", "latitude": 48.9}}, "latitude", "48.9"),
        ({"lieuTravail": {"libelle": "15 - Cantal", "latitude": 45.05}}, "latitude", ""),
        ({"lieuTravail": {"libelle": "53 - Mayenne"}}, "place_name", ""),
        ({"lieuTravail": {"libelle": "Cantal", "codePostal": "15"}}, "postal_code", ""),
        ({"lieuTravail": {"libelle": "Bretagne", "longitude": 2.67}}, "longitude", ""),
        ({"lieuTravail": {"libelle": "75 - Paris (Dept.)", "latitude": 48.8}}, "latitude", "48.8"),
        ({"lieuTravail": {"libelle": "2A - AJACCIO", "commune": "2A004"}}, "place_name", "AJACCIO"),
        ({"lieuTravail": None}, "latitude", ""),
        ({"entreprise": {}}, "employer", ""),
        ({"codeNAF": None, "secteurActivite": "85"}, "naf_code", "85"),
        ({"nombrePostes": 0}, "capacity", "0"),
        ({"origineOffre": {}, "contact": {"urlPostulation": "https://b.example"}}, "url",
         "https://b.example"),
        ({"origineOffre": {"partenaires": [{"url": "https://c.example"}]}}, "url",
         "https://c.example"),
        ({"experienceExige": "E", "experienceLibelle": "3 An(s)"}, "description",
         "Cuire\nExpérience exigée : 3 An(s)"),
        # Only what is said: a box left open, a lorry's licence or none at all says nothing.
        ({"accessibleTH": True}, "welcomes_disabled", "yes"),
        ({"employeurHandiEngage": True}, "welcomes_disabled", "yes"),
        ({"entrepriseAdaptee": True}, "welcomes_disabled", "yes"),
        ({"entreprise": {"entrepriseAdaptee": True}}, "welcomes_disabled", "yes"),
        ({"accessibleTH": False, "entreprise": {"entrepriseAdaptee": False}}, "welcomes_disabled",
         ""),
        ({"permis": [{"libelle": "B - Véhicule léger", "exigence": "E"}]}, "licence_asked",
         "required"),
        ({"permis": [{"libelle": "C - Poids lourd", "exigence": "E"},
                     {"libelle": "B - Véhicule léger", "exigence": "S"}]}, "licence_asked",
         "wished"),
        ({"permis": [{"libelle": "BE - Remorque", "exigence": "E"}]}, "licence_asked", ""),
        ({"permis": [{"libelle": "C - Poids lourd", "exigence": "E"}]}, "licence_asked", ""),
        ({"permis": []}, "licence_asked", ""),
        ({"permis": "B"}, "licence_asked", ""),
    ],
)  # fmt: skip
def test_france_travail_traps(changes, column, expected):
    assert read_ft(**changes)[column] == expected


@pytest.mark.parametrize(
    ("payload", "source"),
    [
        ({"jobs": [], "recruiters": [], "warnings": []}, "lba"),
        ([{"jobs": []}, {"recruiters": []}], "lba"),
        ([job()], "lba"),
        ({"resultats": []}, "france_travail"),
        ([ft_offer(), ft_offer()], "france_travail"),
        ([{"offer_id": "1", "title": "x"}], None),
        ([{"jobs": []}, {"offer_id": "1"}], None),
        ({"jobs": 3}, None),
        ([], None),
        (None, None),
        ("text", None),
    ],
)
def test_sources_are_recognised_by_their_content(payload, source):
    assert detect(payload) == source


def test_items_are_surer_than_the_keys_around_them():
    for source, item, key in ((Lba(), job(), "jobs"), (FranceTravail(), ft_offer(), "resultats")):
        payloads = ([item, item], {key: [item]}, [item, {key: []}], [item, {}])
        marks = [source.recognises(head_of(answer(payload))) for payload in payloads]
        assert marks == [2, 1, 1, 0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("R&D &amp; AT&T", "R&D & AT&T"),
        ("a &amp;lt;b&amp;gt; c", "a c"),
        ("3 < 4 et 5 > 2", "3 < 4 et 5 > 2"),
        ("<script>x()</script>ok<style>p{}</style>", "ok"),
        ("<ul><li>un</li><li>deux</li></ul>", "un\ndeux"),
        (None, ""),
    ],
)
def test_plain_text(written, read):
    assert plain_text(written) == read


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["jobs", "recruiters", "offer", "workplace", "location", "geopoint", "coordinates",
                 "resultats", "lieuTravail", "intitule", "origineOffre", "partenaires", "contract",
                 "type", "identifier", "publication", "creation", "romeCode", "domain", "naf"]
            ),
            inner, max_size=4,
        )
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_any_json_gives_a_table_of_text(payload):
    detect(payload)
    for source in (Lba(), FranceTravail()):
        table = offers(source, payload)
        assert tuple(table.frame.columns) == OFFER_COLUMNS
        assert (table.frame.dtypes == "str").all()
        assert not table.frame.isna().any(axis=None)
        assert len(table.lines) == len(table.frame)
