import { execa } from 'execa';
import { expect, it } from 'vitest';
import { helpTexts } from '../../src/cli/help-texts.js';
import { cliPath } from '../support/world.js';

it('--help of every command is what the parser would say', async () => {
  const texts = Object.entries(helpTexts());

  expect(texts.length).toBeGreaterThan(15);
  for (const [command, text] of texts) {
    const words = command.split(' ').filter((word) => word !== '');
    const { stdout } = await execa(process.execPath, [cliPath, ...words, '--help'], {
      stripFinalNewline: false,
    });
    expect(stdout).toBe(text);
  }
});

it('`help` is another way to ask', async () => {
  const { stdout } = await execa(process.execPath, [cliPath, 'help', 'item', 'start']);
  const { stdout: whole } = await execa(process.execPath, [cliPath, 'help']);

  expect(stdout).toBe(helpTexts()['item start']?.trimEnd());
  expect(whole).toBe(helpTexts()['']?.trimEnd());
});
