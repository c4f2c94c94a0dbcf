"""What follows the lists: cells that call youths the next morning, and what they bring back."""

from matchmaker.follow_up.bring_back import BroughtBack, import_cells
from matchmaker.follow_up.export import Exported, export_cells

__all__ = ["BroughtBack", "Exported", "export_cells", "import_cells"]
