/** `save_report`: what is too long for the conversation goes to a file; one line and a path stay. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { isErrno } from '../system/errno.js';
import type { Mask } from '../system/mask.js';
import { definitions } from './definitions.js';
import { refusal } from './tool.js';
import type { Tool } from './tool.js';

const inputSchema = z.object({ title: z.string().trim().min(1), text: z.string().min(1) });

/** Characters of one report, and reports of one attempt: a model that loops must not fill the disk. */
const longest = 200_000;
const most = 100;

/** @param folder - where reports are kept, absolute; made when the first one comes. */
export function createSaveReport({ folder, mask }: { readonly folder: string; readonly mask: Mask }): Tool {
  return {
    definition: definitions.save_report,
    async call(input) {
      const parsed = inputSchema.safeParse(input);
      if (!parsed.success) return refusal('save_report takes {"title": text, "text": text}, both not empty.');
      const { title, text } = parsed.data;
      if (text.length > longest)
        return refusal(
          `The report has ${text.length} characters; the limit is ${longest}. Save it in parts.`,
        );
      const file = await saveReport(folder, {
        title,
        text: mask(`# ${oneLine(title)}\n\n${text.trimEnd()}\n`),
      });
      if (file === null) return refusal(`There are ${most} reports already: say the rest in your answer.`);
      return { text: `Saved ${text.length} characters: ${file}` };
    },
  };
}

/** Never overwrites; null when there are too many. */
async function saveReport(
  folder: string,
  report: { readonly title: string; readonly text: string },
): Promise<string | null> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length >= most) return null;
  const stem = fileStem(report.title);
  for (let number = 1; ; number += 1) {
    const file = path.join(folder, `${stem}${number === 1 ? '' : `-${number}`}.md`);
    try {
      await writeFile(file, report.text, { flag: 'wx', mode: 0o600 });
      return file;
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }
}

/** A title is a model's text: of it only plain letters become part of a path. */
function fileStem(title: string): string {
  const words =
    title
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words.join('-').slice(0, 60).replace(/-$/, '') || 'report';
}

function oneLine(title: string): string {
  return title.replace(/\s+/g, ' ').slice(0, 200);
}
