"""«Why did it not sound?»: everything between the promise of one airing and what is proved of it, step by step."""

from broadcaster.reports.explanation.case import Case
from broadcaster.reports.explanation.chain import explain
from broadcaster.reports.explanation.steps import BREAKS, Explanation, Mark, Stage, Step

__all__ = ("BREAKS", "Case", "Explanation", "Mark", "Stage", "Step", "explain")
