/** Small programs and pages: one specification's honest implementations, and copies of each kind. */

export const specification = `# bar-basic: Basic Bar Chart

Compares a number between a few categories: one bar for each, all standing on the same line.

- Between 4 and 9 categories, sorted by their number.
- One series, one color. The axis begins at zero.
`;

export const rules = `# An implementation

One script draws what a specification asks for with one library, and begins with this header:

\`\`\`python
""" catalog
bar-basic: Basic Bar Chart
Library: matplotlib | Python 3.13
Quality: 91/100 | Updated: 2025-11-20
"""
\`\`\`

The theme comes from the environment:

\`\`\`python
THEME = os.environ.get("REGEN_THEME", "light")
PAPER = "#ffffff" if THEME == "light" else "#16161d"
\`\`\`

The picture has 4800 x 2700 pixels; the title has 24 points, labels 20.
`;

const head = (library: string): string => `""" catalog
bar-basic: Basic Bar Chart
Library: ${library} | Python 3.13
Quality: 88/100 | Updated: 2025-12-23
"""

import os
`;

/** House style that no prompt says. */
const theme = `
THEME = os.environ.get("REGEN_THEME", "light")
PAPER = "#ffffff" if THEME == "light" else "#16161d"
INK = "#1f2937" if THEME == "light" else "#e5e7eb"
INK_SOFT = "#4b5563" if THEME == "light" else "#9ca3af"
GRID = "#e5e7eb" if THEME == "light" else "#374151"
BRAND = "#306998" if THEME == "light" else "#ffd43b"
SIZES = {"title": 24, "label": 20, "tick": 16, "note": 14}
`;

/** Bakery, drawn with matplotlib. */
export const matplotlib = `${head('matplotlib')}
import matplotlib.pyplot as plt
${theme}
# A week in a bakery: loaves sold by kind
loaves = ["Rye", "Spelt", "Wheat", "Sourdough", "Pumpernickel", "Baguette"]
sold = [412, 367, 298, 241, 173, 96]

fig, ax = plt.subplots(figsize=(16, 9), facecolor=PAPER)
bars = ax.bar(loaves, sold, color=BRAND, width=0.62, edgecolor=INK, linewidth=0.8)
for bar, value in zip(bars, sold):
    ax.text(bar.get_x() + bar.get_width() / 2, value + 6, str(value), ha="center", color=INK, fontsize=SIZES["tick"])
ax.set_facecolor(PAPER)
ax.set_title("Loaves sold in one week · bar-basic · matplotlib", fontsize=SIZES["title"], color=INK)
ax.set_xlabel("Kind of bread", fontsize=SIZES["label"], color=INK)
ax.set_ylabel("Loaves", fontsize=SIZES["label"], color=INK)
ax.tick_params(axis="both", labelsize=SIZES["tick"], colors=INK_SOFT)
ax.yaxis.grid(True, color=GRID, linewidth=0.8, alpha=0.4)
for side in ("top", "right"):
    ax.spines[side].set_visible(False)
plt.tight_layout()
plt.savefig(f"plot-{THEME}.png", dpi=300, facecolor=PAPER)
`;

/** The same data, drawn with another library. */
export const altair = `${head('altair')}
import altair as alt
import pandas as pd
${theme}
frame = pd.DataFrame(
    {"kind": ["Rye", "Spelt", "Wheat", "Sourdough", "Pumpernickel", "Baguette"], "count": [412, 367, 298, 241, 173, 96]}
)
chart = (
    alt.Chart(frame)
    .mark_bar(color=BRAND, cornerRadiusEnd=4)
    .encode(x=alt.X("kind:N", sort="-y", title="Kind of bread"), y=alt.Y("count:Q", title="Loaves sold"))
    .properties(width=1600, height=900, background=PAPER, title=alt.Title("Bakery sales · bar-basic · altair", fontSize=28))
    .configure_axis(labelFontSize=18, titleFontSize=22, labelColor=INK_SOFT, gridColor=GRID)
    .configure_view(strokeWidth=0)
)
chart.save(f"plot-{THEME}.png", scale_factor=3.0)
`;

/** The same data as rows, in another order, with another library. */
export const highcharts = `/**
 * catalog
 * bar-basic: Basic Bar Chart
 * Library: highcharts
 */
import { chart } from 'highcharts';

const theme = process.env.REGEN_THEME;
const stock = [
  { name: 'Baguette', y: 96 },
  { name: 'Wheat', y: 298 },
  { name: 'Rye', y: 412 },
  { name: 'Pumpernickel', y: 173 },
  { name: 'Spelt', y: 367 },
  { name: 'Sourdough', y: 241 },
];
stock.sort((left, right) => right.y - left.y);
chart({
  chart: { type: 'column', backgroundColor: theme === 'dark' ? '#16161d' : '#ffffff' },
  title: { text: 'What the shop sold' },
  series: [{ data: stock, color: '#306998' }],
}).save(\`plot-\${theme}.png\`);
`;

/** The bakery again with numbers of its own. */
export const plotnine = `${head('plotnine')}
import pandas as pd
from plotnine import aes, geom_col, ggplot, labs, theme_minimal
${theme}
# Sales of a small bakery by kind of loaf
bakery = pd.DataFrame({"bread": ["Rye", "Wheat", "Spelt", "Oat", "Sourdough"], "loaves": [158, 142, 127, 88, 61]})
drawing = (
    ggplot(bakery, aes("bread", "loaves"))
    + geom_col(fill=BRAND)
    + labs(title="Loaves a bakery sold", x="Bread", y="Loaves sold")
    + theme_minimal(base_size=18)
)
drawing.save(f"plot-{THEME}.png", width=16, height=9, dpi=300)
`;

/** matplotlib's with every name of its own changed, and other data. */
export const seaborn = matplotlib
  .replace('Library: matplotlib', 'Library: seaborn')
  .replace('# A week in a bakery: loaves sold by kind', '# Ferries that crossed the strait, by harbor')
  .replace(/"Rye".*"Baguette"/, '"Dover", "Calais", "Dieppe", "Ostend", "Hook"')
  .replace('[412, 367, 298, 241, 173, 96]', '[83, 77, 54, 31, 22]')
  .replaceAll('loaves', 'harbors')
  .replaceAll('sold', 'crossings')
  .replaceAll('bars', 'columns')
  .replaceAll('value', 'amount')
  .replaceAll(/"[^"]*(?:Loaves|bread)[^"]*"/g, '"Ferries"');

/** Honest: another story, other data, another library; the same header and theme table. */
export const plotly = `${head('plotly')}
import plotly.graph_objects as go
${theme}
# Nesting pairs counted on the island
species = ["Puffin", "Guillemot", "Razorbill", "Kittiwake", "Fulmar", "Gannet", "Shag"]
nests = [1840, 1525, 990, 730, 415, 260, 85]

figure = go.Figure(go.Bar(x=species, y=nests, marker=dict(color=BRAND, line=dict(width=0))))
figure.update_layout(
    title=dict(text="Seabirds of the island · bar-basic · plotly", font=dict(size=28, color=INK), x=0.5),
    xaxis=dict(title="Species", tickfont=dict(size=18), color=INK_SOFT),
    yaxis=dict(title="Nesting pairs", gridcolor=GRID, rangemode="tozero", tickfont=dict(size=18), color=INK_SOFT),
    paper_bgcolor=PAPER,
    plot_bgcolor=PAPER,
    margin=dict(l=80, r=40, t=100, b=80),
)
figure.write_image(f"plot-{THEME}.png", width=1600, height=900, scale=3)
`;

/** Honest: the same library as matplotlib's, with what it imposes, the same theme table, and a work of its own. */
export const pyplot = `${head('pyplot')}
import matplotlib.pyplot as plt
import numpy as np
${theme}
# Hours of volunteers in the library's repair café
tools = np.array(["Sewing", "Soldering", "Bicycles", "Carpentry"])
hours = np.array([62, 45, 38, 19])
order = np.argsort(hours)[::-1]

fig, ax = plt.subplots(figsize=(16, 9), facecolor=PAPER)
ax.bar(np.arange(len(order)), hours[order], color=BRAND, zorder=3)
ax.set_xticks(np.arange(len(order)), tools[order])
ax.set_title("Repair café · bar-basic · pyplot", fontsize=24, color=INK, pad=20)
ax.set_ylabel("Volunteer hours", fontsize=20, color=INK)
ax.set_ylim(0, hours.max() * 1.15)
ax.grid(axis="y", color=GRID, zorder=0)
ax.set_facecolor(PAPER)
ax.tick_params(labelsize=16, colors=INK_SOFT)
ax.spines[["top", "right", "left"]].set_visible(False)
fig.savefig(f"plot-{THEME}.png", dpi=300, bbox_inches="tight", facecolor=PAPER)
`;

/** Honest: R. */
export const ggplot2 = `# catalog
# bar-basic: Basic Bar Chart
# Library: ggplot2 | R 4.5
library(ggplot2)

theme <- Sys.getenv("REGEN_THEME", "light")
paper <- if (theme == "light") "#ffffff" else "#16161d"
rivers <- data.frame(
  name = c("Rhine", "Elbe", "Danube", "Weser", "Main"),
  length = c(1230, 1094, 2850, 744, 527)
)
picture <- ggplot(rivers, aes(x = reorder(name, -length), y = length)) +
  geom_col(fill = "#306998", width = 0.7) +
  labs(title = "Rivers", x = NULL, y = "Kilometres to the sea") +
  theme_minimal(base_size = 20) +
  theme(panel.background = element_rect(fill = paper))
ggsave(paste0("plot-", theme, ".png"), picture, width = 16, height = 9, dpi = 300)
`;

/** Generated data: the same seed and the same draws under other names. */
export const drawnOnce = `import numpy as np
import matplotlib.pyplot as plt

rng = np.random.default_rng(7411)
heights = rng.normal(171.4, 8.3, 240)
plt.hist(heights, bins=24)
plt.savefig("plot.png")
`;

export const drawnAgain = `import numpy as np
import plotly.express as px

generator = np.random.default_rng(7411)
people = generator.normal(171.4, 8.3, 240)
px.histogram(people).write_image("plot.png")
`;

/** Honest: what everybody draws. */
export const drawnOtherwise = `import numpy as np
import seaborn as sns

rng = np.random.default_rng(42)
delays = rng.normal(12.6, 3.1, 500)
sns.histplot(delays).figure.savefig("plot.png")
`;

/** Pages of a manual: two that say the same in the same words, and one that doesn't. */
export const packing = `# tar

Archiving utility. Often combined with a compression method, such as gzip or bzip2.

- Create an archive and write it to a file, keeping the owners of everything beneath the folder: \`tar cf archive.tar folder\`
- Extract what lies in an archive into the current directory, without asking twice: \`tar xf archive.tar\`
`;

export const packingCopied = `# bsdtar

Archiving utility. Often combined with a compression method, such as gzip or bzip2.

- Create an archive and write it to a file, keeping the owners of everything beneath the folder: \`bsdtar cf archive.tar folder\`
- Extract what lies in an archive into the current directory, without asking twice: \`bsdtar xf archive.tar\`
`;

export const listing = `# ls

Shows what a folder holds.

- One entry a line, hidden ones included: \`ls -1a\`
- With permissions, owner, and a size that people can read: \`ls -lh\`
`;
