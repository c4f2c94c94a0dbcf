"""What follows the lists: cells that call youths, ambassadors who ask firms, their answers."""

from matchmaker.follow_up.bring_back import BroughtBack, import_cells
from matchmaker.follow_up.export import Exported, export_cells
from matchmaker.follow_up.firm_export import FirmsExported, export_employers
from matchmaker.follow_up.firm_import import FirmsBroughtBack, import_employers

__all__ = [
    "BroughtBack",
    "Exported",
    "FirmsBroughtBack",
    "FirmsExported",
    "export_cells",
    "export_employers",
    "import_cells",
    "import_employers",
]
