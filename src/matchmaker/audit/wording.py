"""One sentence for each figure of a run, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ABOUT"]

_FR = {
    "youths.read": "jeunes lus dans le fichier",
    "youths.seeking": "jeunes qui cherchent : ni opposés, ni placés, ni retirés",
    "youths.opted_out": "jeunes opposés au traitement : aucune ligne, aucun envoi",
    "youths.placed": "jeunes déjà placés : aucune ligne",
    "youths.withdrawn": "jeunes qui se sont retirés : aucune ligne",
    "youths.served": "jeunes qui reçoivent au moins une ligne",
    "youths.share_served": "part de ceux-ci parmi les jeunes qui cherchent",
    "youths.unserved": "jeunes qui cherchent et ne reçoivent aucune ligne",
    "youths.min_lines": "nombre de lignes au-dessous duquel un jeune est à suivre (réglage)",
    "youths.with_min_lines": "jeunes qui reçoivent au moins `min_lines` lignes",
    "youths.share_with_min_lines": "part de ceux-ci parmi les jeunes qui cherchent",
    "lines.total": "lignes : une offre proposée à un jeune",
    "lines.share_on_wished_trade": "part des lignes dans un métier demandé (échelons 1, 3 et 5)",
    "lines.share_in_region": "part des lignes dans la région du vœu, à défaut du domicile",
    "lines.share_of_spontaneous": "part des lignes qui sont des candidatures spontanées",
    "lines.median_km": "distance médiane du domicile au lieu de travail, à vol d'oiseau, en km",
    "lines.distance_unknown": "lignes dont la distance n'est pas connue",
    "lines.distance_approximate": "lignes dont la distance part du centre d'une commune ou y finit",
    "lines.by_distance_km": "lignes par tranche de distance, en km (fin exclue)",
    "lines.by_rung": "lignes par échelon",
    "lines.by_wish_rank": "lignes par rang du vœu qu'elles servent",
    "lines.first_line_by_wish_rank": "jeunes par rang du vœu que sert leur première ligne",
    "offers.read": "offres et entreprises lues",
    "offers.open": "offres ouvertes : statut, date, places, contrat et signalements le permettent",
    "offers.shown": "offres présentes dans au moins une liste",
    "offers.share_shown": "part de celles-ci parmi les offres ouvertes",
    "offers.seats": "places des offres ouvertes",
    "offers.firms_read": "employeurs distincts lus (SIRET, sinon nom et commune)",
    "offers.firms_open": "employeurs distincts ayant une offre ouverte",
    "offers.firms_reached": "employeurs distincts présents dans au moins une liste",
    "offers.share_firms_reached": "part de ceux-ci parmi les employeurs ayant une offre ouverte",
    "offers.by_kind": "les mêmes comptes par type",
    "exposure.largest": "plus grand nombre de listes où figure une même offre",
    "exposure.largest_per_seat": "la même chose par place",
    "exposure.gini": "inégalité de l'exposition des offres ouvertes : 0 égale, 1 tout sur une",
    "exposure.by_lists": "offres ouvertes par nombre de listes où elles figurent",
    "assignment.pairs": "couples « première offre à suivre »",
    "assignment.share_of_seeking": "part des jeunes qui cherchent ayant un tel couple",
    "unserved": "jeunes sans ligne, par motif (opposés, placés et retirés compris)",
    "departements": "demande (domicile des jeunes) et offre (lieu de travail) par département",
    "objective": "ce que le calcul a maximisé, et ce que l'autre objectif donnerait",
    "waves": "lignes des envois précédents, et ce qu'il en coûte de s'en souvenir",
    "variety.min_lines": "nombre de lignes variées attendu (réglage)",
    "variety.lines_per_employer": "lignes variées d'un même employeur, au plus (0 : sans limite)",
    "variety.youths": "jeunes qui ont au moins `min_lines` lignes variées : employeurs limités, "
    "et pas toutes d'un même secteur (trois premiers signes du code ROME)",
    "variety.share": "part de ceux-ci parmi les jeunes qui cherchent",
    "variety.others_could": "jeunes qui n'en ont pas, mais dont les offres possibles le "
    "permettent : les plafonds ou les scores l'ont empêché",
    "variety.others_could_not": "jeunes qui n'en ont pas et dont toutes les offres possibles "
    "n'en permettent pas, quels que soient les plafonds",
    "caps.lists_per_seat": "listes où peut figurer une place (réglage)",
    "caps.lists_per_firm": "listes où peut figurer une entreprise, en spontané (réglage)",
    "caps.slots": "présences dans des listes que ces plafonds permettent, en tout",
    "caps.slots_of_other_trades": "celles des offres dont aucun jeune ne souhaite le métier, "
    "ni un métier proche",
    "caps.servable": "jeunes qui ont au moins une offre possible",
    "caps.lines_per_youth_allowed": "les autres présences, par jeune qui a une offre possible",
    "caps.min_lines": "lignes que chacun devrait avoir (réglage)",
    "caps.below_min_lines_whatever_the_caps": "jeunes qui ont moins d'offres possibles que cela",
    "caps.smallest": "plus petits plafonds, au même rapport entre place et entreprise, qui "
    "donneraient à chacun ces lignes, ou toutes ses offres possibles s'il en a moins, les règles "
    "de variété mises à part ; vide : même 10 000 ne suffisent pas ; `is_proved` : une liste de "
    "moins par place ne suffit pas",
    "proofs": "ce que le calcul a prouvé sur lui-même",
}

_EN = {
    "youths.read": "youths read from the file",
    "youths.seeking": "youths who seek: neither opted out, nor placed, nor withdrawn",
    "youths.opted_out": "youths who opted out: no line, no mail",
    "youths.placed": "youths already placed: no line",
    "youths.withdrawn": "youths who withdrew: no line",
    "youths.served": "youths who get at least one line",
    "youths.share_served": "their share among the youths who seek",
    "youths.unserved": "youths who seek and get no line",
    "youths.min_lines": "lines below which a youth is to be followed up (a setting)",
    "youths.with_min_lines": "youths who get at least `min_lines` lines",
    "youths.share_with_min_lines": "their share among the youths who seek",
    "lines.total": "lines: one offer shown to one youth",
    "lines.share_on_wished_trade": "share of lines on a wished trade (rungs 1, 3 and 5)",
    "lines.share_in_region": "share of lines in the region of the wish, else of the home",
    "lines.share_of_spontaneous": "share of lines that are spontaneous applications",
    "lines.median_km": "median distance from home to workplace, as the crow flies, in km",
    "lines.distance_unknown": "lines whose distance is not known",
    "lines.distance_approximate": "lines whose distance starts or ends at a commune's centre",
    "lines.by_distance_km": "lines by distance in km (end not included)",
    "lines.by_rung": "lines by rung of the ladder",
    "lines.by_wish_rank": "lines by rank of the wish they serve",
    "lines.first_line_by_wish_rank": "youths by rank of the wish that their first line serves",
    "offers.read": "offers and firms read",
    "offers.open": "open offers: status, date, seats, contract and flags allow them",
    "offers.shown": "offers that stand in at least one list",
    "offers.share_shown": "their share among the open offers",
    "offers.seats": "seats of the open offers",
    "offers.firms_read": "distinct employers read (SIRET, else name and commune)",
    "offers.firms_open": "distinct employers with an open offer",
    "offers.firms_reached": "distinct employers that stand in at least one list",
    "offers.share_firms_reached": "their share among the employers with an open offer",
    "offers.by_kind": "the same counts by kind",
    "exposure.largest": "largest number of lists in which one offer stands",
    "exposure.largest_per_seat": "the same for each seat",
    "exposure.gini": "inequality of exposure of the open offers: 0 equal, 1 all on one",
    "exposure.by_lists": "open offers by number of lists in which they stand",
    "assignment.pairs": "pairs 'first offer to follow up'",
    "assignment.share_of_seeking": "share of the youths who seek with such a pair",
    "unserved": "youths without a line, by reason (opted out, placed, withdrawn included)",
    "departements": "demand (homes of youths) and supply (workplaces) by department",
    "objective": "what was maximised, and what the other objective would give",
    "waves": "lines of earlier waves, and what remembering them costs",
    "variety.min_lines": "varied lines that are wanted (a setting)",
    "variety.lines_per_employer": "varied lines of one employer, at most (0: no limit)",
    "variety.youths": "youths who have at least `min_lines` varied lines: employers limited, "
    "and not all of one sector (first three signs of the ROME code)",
    "variety.share": "their share among the youths who seek",
    "variety.others_could": "youths who have not, though their eligible offers would do: "
    "caps or scores stood in the way",
    "variety.others_could_not": "youths who have not, and whose eligible offers, all of them, "
    "would not do, whatever the caps",
    "caps.lists_per_seat": "lists in which a seat may stand (a setting)",
    "caps.lists_per_firm": "lists in which a firm may stand, unasked (a setting)",
    "caps.slots": "places in lists that these caps allow, in all",
    "caps.slots_of_other_trades": "those of offers whose trade no youth wishes, nor a near one",
    "caps.servable": "youths with at least one eligible offer",
    "caps.lines_per_youth_allowed": "the other places in lists, by youth with an eligible offer",
    "caps.min_lines": "lines that everybody should have (a setting)",
    "caps.below_min_lines_whatever_the_caps": "youths with fewer eligible offers than that",
    "caps.smallest": "smallest caps, of the same ratio of seat to firm, that would give everybody "
    "these lines, or all eligible offers where there are fewer, the rules of variety left aside; "
    "null: even 10,000 would not do; `is_proved`: one list a seat less would not do",
    "proofs": "what the computation proved about itself",
}

ABOUT: Mapping[str, Mapping[str, str]] = {"fr": _FR, "en": _EN}
"""Language to the path of a figure in the summary to what it is about."""
