/**
 * What is on the books beside the bill of the server that was asked, and what other ways of counting make of the same runs:
 * `npx tsx bench/accounting/main.ts`. The real command line and the real Claude Code; only the model is scripted.
 */
import { faultsOf } from '../../test/support/accounting/account.js';
import { interruptedAccounts, specialAccounts, usualAccounts } from '../../test/support/accounting/scene.js';
import { comparisonTable, rulesTable } from '../../test/support/accounting/tables.js';

const accounts = [...(await usualAccounts()), ...(await specialAccounts()), ...(await interruptedAccounts())];
console.log('Billed by the server / booked by regen; estimates apart');
console.log(comparisonTable(accounts));
console.log('All tokens and output tokens by each way of counting, as factors of the bill');
console.log(rulesTable(accounts));
for (const account of accounts) {
  const faults = faultsOf(account);
  if (faults.length === 0) continue;
  console.error(`${account.title}: the books are wrong: ${faults.join(', ')}`);
  process.exitCode = 1;
}
