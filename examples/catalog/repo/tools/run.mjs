// Runs an implementation where it stands: node tools/run.mjs [-P] SCRIPT
//
// The script keeps its place, so that `import.meta.url` leads it to its assets, and works in REGEN_ARTIFACTS, so that
// what it saves lands there. Libraries are found as Python finds them: beside the script first, then in libraries/.
// With -P the script's own folder is left out, as with `python -P`: altair.mjs that imports altair gets the library,
// not itself.
import { register } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ options: { safe: { type: 'boolean', short: 'P' } }, allowPositionals: true });
const script = resolve(positionals[0]);
const libraries = resolve(import.meta.dirname, '../libraries');

register('./search-path.mjs', {
  parentURL: import.meta.url,
  data: { folders: values.safe ? [libraries] : [dirname(script), libraries] },
});
process.chdir(process.env.REGEN_ARTIFACTS ?? '.');
await import(pathToFileURL(script).href);
