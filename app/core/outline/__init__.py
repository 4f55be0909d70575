"""What a document may say: compose(outline, record) -> blocks.

Nothing is printed that was never asked; what is asked and blank is shown as such.
"""

from app.core.outline.writing import compose

__all__ = ["compose"]
