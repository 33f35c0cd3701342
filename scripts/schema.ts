/** Writes regen.schema.json, the editors' view of src/model/config-schema.ts: `npm run schema`. */
import { writeFile } from 'node:fs/promises';
import { configJsonSchema } from '../src/config/json-schema.js';

const file = new URL('../regen.schema.json', import.meta.url);
await writeFile(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
