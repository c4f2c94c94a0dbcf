"""What territories set otherwise than all, with their pilot: for the manifest and the summary."""

from __future__ import annotations

from typing import Any

from matchmaker.settings import Settings
from matchmaker.territories import region_names

__all__ = ["differences"]


def differences(settings: Settings) -> list[dict[str, Any]]:
    """Return what each territory sets otherwise than all, ready for JSON.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    list of dict
        ``region_code``, ``name``, ``pilot`` and ``settings`` (``name``, ``of_all``, ``here``), by
        code; a territory that differs in nothing is not there.

    Examples
    --------
    >>> differences(Settings(territories={"53": {"pilot": "DREETS", "reach_km": 20}}))[0]["settings"]
    [{'name': 'reach_km', 'of_all': 30, 'here': 20}]
    """
    plain = settings.to_dict()
    return [
        {
            "region_code": code,
            "name": region_names()[code],
            "pilot": own["pilot"],
            "settings": [
                {"name": name, "of_all": plain[name], "here": value}
                for name, value in own.items()
                if name != "pilot"
            ],
        }
        for code, own in plain["territories"].items()
    ]
