/** The page's one style sheet. Text has a contrast of at least 4.5 : 1 in both schemes, what is drawn 3 : 1. */

const light = `
--page:#f4f5f7;--surface:#ffffff;--text:#1c2128;--muted:#57606a;--line:#d8dde3;--link:#0b57b0;
--bar:#2a6db8;--bar-soft:#bcd4ef;--done:#1a7f4b;--failed:#b93227;--skipped:#6a737d;--waiting:#8a5c00;--todo:#e4e8ed;
--done-text:#146c3f;--failed-text:#b02a20;--waiting-text:#7d5300;--on-state:#ffffff;--shade:#1c212833;--focus:#0b57b0`;

const dark = `
--page:#0f1318;--surface:#181d24;--text:#e6e9ed;--muted:#a3adb8;--line:#39424d;--link:#8ab8f5;
--bar:#6ba6e8;--bar-soft:#2f4d70;--done:#4cc080;--failed:#ff8d80;--skipped:#9aa5b1;--waiting:#e0b23c;--todo:#2b333d;
--done-text:#5fcf92;--failed-text:#ff9a8f;--waiting-text:#e6bd55;--on-state:#0f1318;--shade:#00000099;--focus:#8ab8f5`;

export const style = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%;text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:break-word}
header,nav,main,footer{max-width:58rem;margin-inline:auto;padding-inline:clamp(.75rem,3vw,1.5rem)}
header{padding-top:1.5rem}
h1{font-size:clamp(1.4rem,4vw,1.9rem);line-height:1.25;margin:0}
h2{font-size:1.2rem;line-height:1.3;margin:0 0 .75rem}
h3{font-size:1rem;margin:1.25rem 0 .5rem}
header p,footer p{color:var(--muted);margin:.25rem 0 0}
footer{padding-block:1rem 2rem}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:3px}
main:focus{outline:none}
.skip{position:absolute;left:.75rem;top:-4rem;background:var(--surface);padding:.5rem 1rem;z-index:1}
.skip:focus{top:.75rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:.75rem 0 1rem}
nav a{display:inline-block;padding:.2rem 0}
section{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:clamp(.75rem,3vw,1.25rem);margin-bottom:1rem}
section>p:first-of-type{margin-top:0}
section>:last-child,figure>:last-child,details>:last-child{margin-bottom:0}
p{margin:.5rem 0}
ul{padding-left:1.25rem}
.empty{color:var(--muted)}
.note{border-left:4px solid var(--bar);padding-left:.75rem}
code,kbd{font:.875em ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
kbd{border:1px solid var(--line);border-radius:4px;padding:.05em .35em}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1rem;margin:0}
.tiles dt{color:var(--muted);font-size:.875rem}
.tiles dd{margin:0}
.value{display:block;font-size:1.5rem;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums}
.detail{color:var(--muted);font-size:.875rem}
figure{margin:0;container-type:inline-size}
figcaption{font-size:.9375rem;color:var(--muted);margin:.25rem 0 .5rem}
.chart{display:none}
.chart.narrow{display:block}
@container (min-width:530px){.chart.narrow{display:none}.chart.medium{display:block}}
@container (min-width:760px){.chart.medium{display:none}.chart.wide{display:block}}
.plot{display:block;width:100%;height:auto;color:var(--text);font-family:inherit;font-size:12px}
.narrow .plot{max-width:24rem}.medium .plot{max-width:41rem}
.plot text,.plot tspan{white-space:pre}
.hatch{position:absolute}
.keys{margin:.5rem 0 .25rem;font-size:.9375rem}
.key{display:inline-block;margin-right:.75rem;color:var(--text)}
.swatch{display:inline-block;width:.8em;height:.8em;border-radius:2px;border:1px solid var(--muted)}
.swatch.bar{background:var(--bar)}.swatch.soft{background:var(--bar-soft)}
.swatch.hatched{background:repeating-linear-gradient(135deg,var(--bar) 0 2px,var(--surface) 2px 4px)}
.swatch.done{background:var(--done)}.swatch.failed{background:var(--failed)}.swatch.skipped{background:var(--skipped)}
.swatch.waiting{background:var(--waiting)}.swatch.todo{background:var(--todo)}
.state{white-space:nowrap}
.state.done{color:var(--done-text)}.state.failed{color:var(--failed-text);font-weight:600}.state.waiting{color:var(--waiting-text)}
details{margin:.5rem 0}
details details{margin-left:1rem}
summary{cursor:pointer;color:var(--link);padding:.2rem 0}
.frame{overflow-x:auto;margin:.5rem 0;container-type:inline-size;background:
linear-gradient(to right,var(--surface) 40%,transparent) 0 0/2rem 100% local no-repeat,
linear-gradient(to left,var(--surface) 40%,transparent) 100% 0/2rem 100% local no-repeat,
linear-gradient(to right,var(--shade),transparent) 0 0/.75rem 100% scroll no-repeat,
linear-gradient(to left,var(--shade),transparent) 100% 0/.75rem 100% scroll no-repeat}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
caption{text-align:left;color:var(--muted);padding:.25rem 0}
caption span{display:inline-block;position:sticky;left:0;max-width:100cqi}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}
thead th{white-space:nowrap;font-weight:600}
tbody th{font-weight:400;min-width:6rem;max-width:16rem;overflow-wrap:anywhere}
th:has(code){min-width:9.5rem}
td bdi{overflow-wrap:anywhere}
td:has(bdi){min-width:6rem}
time{white-space:nowrap}
h1,p,li,summary,caption{overflow-wrap:anywhere}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.w{min-width:14rem;overflow-wrap:anywhere}

@media print{body{background:none}section{break-inside:avoid-page;border:0;padding:0}nav,.skip{display:none}}
`;

/** The pattern of what is estimated, for every chart of the page. */
export const hatch = `<svg class="hatch" width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--surface)"/><rect width="3" height="6" fill="var(--bar)"/></pattern></defs></svg>`;
