import type { Diagnosis } from './examine.js';
import type { Row } from './finding.js';

/** A row per check, and under it how to mend what isn't well. */
export function doctorText({ checks }: Diagnosis): string {
  const count = (state: Row['state']) => checks.filter((check) => check.state === state).length;
  const [absent, warnings] = [count('missing'), count('warning')];
  const troubles = [
    ...(absent === 0 ? [] : [`${absent} missing`]),
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`]),
  ];
  const verdict = absent === 0 ? ['Ready', ...troubles] : ['Not ready', ...troubles];
  return [...checks.flatMap(rowLines), `${verdict.join(', ')}.`].join('\n');
}

function rowLines({ name, state, detail, mend }: Row): string[] {
  const [first = '', ...rest] = detail.split('\n');
  const indent = ' '.repeat(24);
  return [
    `${state.padEnd(7)}  ${name.padEnd(13)}  ${first}`,
    ...rest.map((line) => `${indent}${line}`),
    ...(mend === null ? [] : [`${indent}→ ${mend}`]),
  ];
}
