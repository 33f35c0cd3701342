// Finds a bare name, such as altair, in the folders of a search path: altair.mjs, or altair/index.mjs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

let folders = [];

export function initialize(data) {
  folders = data.folders;
}

export function resolve(specifier, context, next) {
  if (!/^\w+$/.test(specifier)) return next(specifier, context);
  const candidates = folders.flatMap((folder) => [
    join(folder, `${specifier}.mjs`),
    join(folder, specifier, 'index.mjs'),
  ]);
  const found = candidates.find((file) => existsSync(file));
  return next(found === undefined ? specifier : pathToFileURL(found).href, context);
}
