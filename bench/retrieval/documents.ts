/** A small house's reference documents, written for this bench. */
import type { ReferenceDocument } from '../../src/retrieval/document.js';

export const documents: readonly ReferenceDocument[] = [
  {
    path: 'guides/writing.md',
    text: `# Writing

## Voice

Speak to the reader as "you". Prefer verbs in the present tense; the passive voice hides who acts.

## Headings

A heading is a noun phrase in sentence case, without a full stop. Levels are never left out.

## Lists

Use a numbered list for steps that follow each other, and bullets for everything else. An item that is a sentence ends with a full stop.

## Numbers and units

Spell out numbers up to twelve. A narrow space stands between a number and its unit: 20 °C, 5 kg.

## Dates

Dates are written as 21 November 2026; in tables and file names as 2026-11-21.

## Abbreviations

Write an abbreviation out where it first appears. API, URL and HTML need no explanation.

## Links

The text of a link says where it leads. Never write "click here".
`,
  },
  {
    path: 'guides/code-samples.md',
    text: `# Code samples

## Length

A sample fits on one screen: at most 25 lines. Leave out what the reader needn't see, and mark the gap with an ellipsis.

## Output

Show what a sample prints directly under it, in a block of its own that names no language.

## Placeholders

Names that a reader replaces stand in angle brackets, such as <project>. Never use foo or bar.

## Secrets

Passwords and tokens in samples are obviously invented. Real credentials are revoked at once, also from the history.

## Shell commands

Commands begin without a dollar sign, so that they can be copied. One command stands on one line.
`,
  },
  {
    path: 'guides/figures.md',
    text: `# Figures

## Alternative text

Every image has an alternative text that says what it shows, not that it is an image. Ornaments have an empty one.

## Palette

Use the Okabe-Ito palette, in its order. Red and green are never the only difference between two series.

## Legends

A legend stands to the right of the plot area, without a frame. A figure with one series has none.

## Axes

Axis labels name the quantity and its unit. The y axis of a bar chart begins at zero.

## File formats

Charts are exported as SVG, photographs as WebP with a quality of 80.

## Captions

A caption ends with the source of the data. It doesn't repeat the title.
`,
  },
  {
    path: 'guides/docstrings.md',
    text: `# Docstrings

## Summary line

The first line is a sentence in the imperative that ends with a full stop: "Return the median."

## Parameters

Each parameter has its type, its unit where it has one, and what happens when it is left out.

## Exceptions

Name every exception that a caller can do something about, with what causes it.

## Examples

An example is executed by the test suite: it needs no network and prints the same every time.

## Deprecation

A deprecated function says since which version, and what replaces it.
`,
  },
  {
    path: 'guides/translation.md',
    text: `# Translation

## Terms

Product names, commands and identifiers stay in English. The glossary decides everything else.

## Form of address

German texts say "Sie", French texts "vous", Spanish texts "tú".

## Quotation marks

German uses „…“, French « … » with narrow spaces, English “…”.

## Plurals

Messages with a count have a form per plural category; Polish has four of them.

## Right-to-left scripts

Arabic and Hebrew pages mirror the layout; code and numbers keep their direction.
`,
  },
  {
    path: 'src/limits.py',
    text: `"""Limits of the publishing service."""

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
MAX_TITLE_LENGTH = 70


def retry_delay(attempt):
    """Return the seconds to wait before the next attempt: exponential backoff with a ceiling of a minute."""
    return min(60, 2 ** attempt)


def thumbnail_size(width, height):
    """Return width and height of the preview, 320 pixels on its longer side, with the same aspect ratio."""
    scale = 320 / max(width, height)
    return round(width * scale), round(height * scale)
`,
  },
];
