/** The ledger against the bill of the server that was asked: docs/accounting.md has the whole table. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totalTokens } from '../../src/model/usage.js';
import { chargeOf, faultsOf } from '../support/accounting/account.js';
import type { Account } from '../support/accounting/account.js';
import { rules } from '../support/accounting/rules.js';
import { interruptedAccounts, specialAccounts, usualAccounts } from '../support/accounting/scene.js';
import { comparisonTable, rulesTable } from '../support/accounting/tables.js';

const done: Account[] = [];

/** Some thirty processes of Claude Code and regen: on a busy machine they take their time. */
const timeout = 240_000;

afterAll(() => {
  process.stdout.write(
    `\nbilled/booked\n${comparisonTable(done)}\nfactors to the bill\n${rulesTable(done)}\n`,
  );
});

describe('the ledger and the server’s bill', () => {
  const items = [
    ...['subagents_two_models', 'repair_and_judge', 'web_search'],
    ...['dropped_streams', 'dropped_in_subagent', 'killed_in_answer', 'killed_in_subagent'],
  ];
  let usual: readonly Account[] = [];

  beforeAll(async () => {
    usual = await usualAccounts(items);
  }, timeout);

  it('agree on runs that end, break off or are killed: to the token, with estimates apart', () => {
    expect(faults(usual)).toEqual(none(...items.map((item) => item.replaceAll('_', ' '))));
  });

  it('agree with an hour’s cache, a fallback model and a compacted conversation', { timeout }, async () => {
    const accounts = await specialAccounts(['fallback_model', 'compaction']);

    expect(faults(accounts)).toEqual(none('fallback model', 'compaction'));
  });

  it('agree when regen was killed, with its agent and without it, and went on', { timeout }, async () => {
    const accounts = await interruptedAccounts();

    expect(faults(accounts)).toEqual(none('both killed in answer', 'regen killed alone'));
  });

  it('are not what other ways of counting make of the same files', () => {
    const subagents = factors(usual, 'subagents two models');
    const search = factors(usual, 'web search');
    const killed = factors(usual, 'killed in answer');

    expect(subagents['transcript, per record']).toBeGreaterThan(1.2);
    expect(subagents['result.usage']).toBeLessThan(0.7);
    expect(subagents['ccusage’s rule']).toBe(1);
    expect(search['ccusage’s rule']).toBeLessThan(1);
    expect(search['modelUsage']).toBe(1);
    expect(killed['ccusage’s rule']).toBeLessThan(0.6);
    expect(killed['modelUsage']).toBe(0);
  });
});

/** All tokens by each rule, as a part of those billed. */
function factors(accounts: readonly Account[], title: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    accounts
      .filter((account) => account.title === title)
      .flatMap((account) =>
        rules.map(({ name, count }) => [
          name,
          totalTokens(count(account)) / totalTokens(chargeOf(account.bill)),
        ]),
      ),
  );
}

/** What is wrong with each scenario. */
function faults(accounts: readonly Account[]): Readonly<Record<string, readonly string[]>> {
  done.push(...accounts);
  return Object.fromEntries(accounts.map((account) => [account.title, faultsOf(account)]));
}

function none(...titles: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(titles.map((title) => [title, []]));
}
