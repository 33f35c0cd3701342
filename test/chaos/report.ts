/** The measured table in docs/reliability.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

interface Report {
  readonly table: string;
  readonly command: string;
  readonly minutes: number;
}

const page = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
const begin = '<!-- chaos: begin -->';
const end = '<!-- chaos: end -->';

/** Replaces what stands between the marks. */
export async function writeReport({ table, command, minutes }: Report): Promise<void> {
  const text = await readFile(page, 'utf8');
  const before = text.indexOf(begin);
  const after = text.indexOf(end);
  if (before === -1 || after === -1) throw new Error('docs/reliability.md has lost its marks');
  const where = `${minutes.toFixed(0)} minutes on ${cpus().length} cores, Node ${process.versions.node}`;
  const facts = `\`${command}\`, ${where}, ${new Date().toISOString().slice(0, 10)}:`;
  const block = `${begin}\n\n${facts}\n\n${table}\n\n${end}`;
  await writeFile(page, text.slice(0, before) + block + text.slice(after + end.length));
}
