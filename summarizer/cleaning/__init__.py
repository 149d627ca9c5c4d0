"""Document → Article: text repaired, lines unwrapped, title found, boilerplate and duplicates removed.

The passes, in order: lines and their repair (`lines`, `repair`), what stands around the article of a page that was
copied whole (`division`, `line_features`), page furniture within it (`boilerplate`), the title and its repetitions
(`title`, `title_matching`), repeated lines and paragraphs (`duplicates`), hard-wrapped lines (`unwrap`). `removal` runs
them over the lines, `article` assembles the result.
"""

from summarizer.cleaning.article import Article, Removed, clean

__all__ = ["Article", "Removed", "clean"]
