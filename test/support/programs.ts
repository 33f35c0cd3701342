/** A PATH of a test's own: only the programs that it names. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';

export interface Programs {
  /** For `PATH`. */
  readonly folder: string;
  /** Puts a shell script there. */
  script(name: string, text: string, mode?: number): Promise<void>;
}

/** @param names - programs of this machine that are to be found. */
export async function makePrograms(folder: string, names: readonly string[]): Promise<Programs> {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    const { stdout } = await execa('/bin/sh', ['-c', `command -v ${name}`]);
    await symlink(stdout, path.join(folder, name));
  }
  return {
    folder,
    async script(name, text, mode = 0o755) {
      const file = path.join(folder, name);
      await writeFile(file, `#!/bin/sh\n${text}\n`);
      await chmod(file, mode);
    },
  };
}
