// Facts about a library, for the metadata: node tools/library.mjs LIBRARY version | html SPECIFICATION THEME
import { readFileSync } from 'node:fs';

const [library, question, specification, theme] = process.argv.slice(2);
const about = JSON.parse(readFileSync(new URL(`../libraries/${library}/package.json`, import.meta.url), 'utf8'));
const previews = `https://images.example.invalid/plots/${specification}/javascript/${library}`;

if (question === 'version') console.log(about.version);
if (question === 'html') console.log(about.interactive ? `${previews}/plot-${theme}.html` : 'none');
