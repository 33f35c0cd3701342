/**
 * The hook that Claude Code runs before and after some tools: `node hook.js <reports folder> <limit> <save_report?>`. A
 * program of its own, since it is started once per call and must take no longer than node itself. It fails open: whatever
 * goes wrong, the tool's own input and output stay.
 */
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { decide } from './mcp/hooks/decide.js';
import type { HookEffects } from './mcp/hooks/decide.js';
import { isFields } from './mcp/hooks/event.js';
import { createMask } from './system/mask.js';

const [folder = '', limit = '', canSave = ''] = process.argv.slice(2);

/** More is not worth reading twice. */
const largestFile = 20_000_000;
/** A model that loops must not fill the disk. */
const mostReports = 100;

const effects: HookEffects = {
  readText(file) {
    const descriptor = openSync(file, 'r');
    try {
      const stats = fstatSync(descriptor);
      if (!stats.isFile() || stats.size <= Number(limit) || stats.size > largestFile) return null;
      const bytes = readFileSync(descriptor);
      return bytes.subarray(0, 8192).includes(0) || bytes.subarray(0, 5).equals(pdf)
        ? null
        : bytes.toString('utf8');
    } finally {
      closeSync(descriptor);
    }
  },
  save(report) {
    mkdirSync(folder, { recursive: true });
    const number = readdirSync(folder).length + 1;
    if (number > mostReports) return null;
    const file = path.join(folder, `subagent-${number}-${process.pid}.md`);
    writeFileSync(file, createMask(process.env)(`${report}\n`), { flag: 'wx', mode: 0o600 });
    return file;
  },
};

const pdf = Buffer.from('%PDF-');

try {
  const event: unknown = JSON.parse(readFileSync(0, 'utf8'));
  const limits = { output: Number(limit), canSave: canSave === 'save_report' };
  const answer = isFields(event) ? decide(event, limits, effects) : null;
  if (answer !== null) process.stdout.write(`${JSON.stringify({ hookSpecificOutput: answer })}\n`);
} catch {
  // Nothing said is nothing changed.
}
