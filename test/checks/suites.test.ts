/** Checks that run tests: what is the item's own, what is the base's, what is nobody's. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createChecks } from '../../src/checks/checks.js';
import type { RegenError } from '../../src/model/errors.js';
import type { CheckResult } from '../../src/model/verdict.js';
import { configWith, makePlace } from '../support/item-place.js';
import type { TestPlace } from '../support/item-place.js';

const signal = new AbortController().signal;
const places: TestPlace[] = [];

afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.cleanup()));
});

/** Prints what pytest prints of these tests, and ends as it does. `Name!` fails; `name~` fails unless it is run alone. */
const pytest = String.raw`
import { readFileSync, existsSync } from 'node:fs';
const asked = process.argv.slice(2);
if (existsSync('broken')) { console.log(readFileSync('broken', 'utf8')); process.exit(4); }
const all = readFileSync('tests.txt', 'utf8').split('\n').filter(Boolean);
const chosen = all.filter((one) => asked.length === 0 || asked.includes('tests/test_a.py::' + one.replace(/[!~].*/, '')));
console.error('asked ' + chosen.length);
if (chosen.length === 0) { console.log('collected 0 items\n\n============ no tests ran in 0.01s ============'); process.exit(5); }
const failed = chosen.filter((one) => one.includes('!') || (one.includes('~') && asked.length === 0));
console.log('collected ' + chosen.length + ' items\n');
if (failed.length > 0) console.log('=========== short test summary info ===========');
for (const one of failed) {
  const [name, why = 'assert 1 == 2'] = one.split(/[!~]/);
  console.log('FAILED tests/test_a.py::' + name + ' - ' + (why || 'assert 1 == 2'));
}
const passed = chosen.length - failed.length;
const counts = [failed.length > 0 ? failed.length + ' failed' : '', passed > 0 ? passed + ' passed' : ''];
console.log('========= ' + counts.filter(Boolean).join(', ') + ' in 0.12s =========');
process.exit(failed.length > 0 ? 1 : 0);
`;

const suite = { name: 'suite', run: 'node pytest.mjs' };
const targeted = { ...suite, targeted: 'node pytest.mjs {failed}' };

describe('a failure that the base has too', () => {
  it('is not the item’s, and is told', async () => {
    const place = await open({ tests: ['legend', 'sigterm!'], base: ['legend', 'sigterm!'] });

    const [result] = await run(place, { ...suite, baseline: true });

    expect(result).toMatchObject({
      ok: true,
      digest: null,
      notes: ['fails at the base too: tests/test_a.py::sigterm'],
    });
    expect(place.baseUses).toEqual({ opened: 1, closed: 1 });
  });

  it('is the item’s all the same without baseline', async () => {
    const place = await open({ tests: ['sigterm!'], base: ['sigterm!'] });

    const [result] = await run(place, suite);

    expect(result?.ok).toBe(false);
    expect(place.baseUses.opened).toBe(0);
  });

  it('excuses neither another test nor another message of the same', async () => {
    const place = await open({
      tests: ['ok', 'a!', 'b!KeyError: x', 'c!'],
      base: ['ok', 'a', 'b!KeyError: y', 'c!'],
    });

    const [result] = await run(place, { ...suite, baseline: true });

    expect(result?.ok).toBe(false);
    expect(result?.digest?.split('\n\n')[0]).toBe(
      'exit code 1; pytest: 2 failed, 1 passed\nfails at the base too: tests/test_a.py::c',
    );
    expect(result?.digest).toContain('test_a.py::a');
    expect(result?.digest).toContain('KeyError: x');
  });

  it('is looked for once per base, for all items that the command doesn’t tell apart', async () => {
    const place = await open({ tests: ['ok', 'sigterm!'], base: ['ok', 'sigterm!'] });
    const other = { ...place, attempt: { ...place.attempt, item: 'bokeh' } };

    await run(place, { ...suite, baseline: true });
    const [second] = await run(other, { ...suite, baseline: true });
    const [named] = await run(place, { ...suite, run: 'true {item}; node pytest.mjs', baseline: true });

    expect([second?.ok, named?.ok]).toEqual([true, true]);
    expect(place.baseUses.opened).toBe(2);
  });

  it('excuses nothing that a run which was cut short never got to', async () => {
    const place = await open({ tests: ['ok', 'sigterm!'], base: ['ok', 'sigterm!'] });
    const check = { ...suite, run: 'node pytest.mjs; sleep 30', timeout: '1s', baseline: true };

    const [result] = await run(place, check);

    expect(result?.ok).toBe(false);
    expect(result?.digest).toContain('not done after 1.0 s');
  });

  it('excuses no check that says nothing', async () => {
    const place = await open({ tests: [], base: [] });

    const [result] = await run(place, { name: 'fresh', run: 'test -e fresh', baseline: true });

    expect(result?.ok).toBe(false);
  });

  it('excuses nobody where no test passes, or something besides the tests fails', async () => {
    const down = await open({ tests: ['a!', 'b!'], base: ['a!', 'b!'] });
    const limited = await open({ tests: ['ok', 'a!'], base: ['ok', 'a!'] });
    const limit = 'echo "FAIL Required test coverage of 80% not reached. Total coverage: 22%"';
    const other = `printf '# Subtest: x\\nnot ok 1 - x\\n  ---\\n  error: y\\n  ...\\n1..1\\n# tests 1\\n# pass 0\\n# fail 1\\n'`;

    const [blind] = await run(down, { ...suite, baseline: true });
    const [missed] = await run(limited, { ...suite, run: `${limit}; node pytest.mjs`, baseline: true });
    const [second] = await run(limited, { ...suite, run: `${other}; node pytest.mjs`, baseline: true });

    expect([blind?.ok, missed?.ok, second?.ok]).toEqual([false, false, false]);
  });

  it('is what fails there every time: one that is flaky there excuses nobody', async () => {
    const place = await open({ tests: ['ok', 'a!'], base: ['ok'] });
    const first =
      'cp tests.txt kept; echo "a!" >> tests.txt; node pytest.mjs; code=$?; mv kept tests.txt; exit $code';
    const check = `case "$PWD" in *..base) test -e seen || { touch seen; ${first}; };; esac; node pytest.mjs`;

    const [result] = await run(place, { ...suite, run: check, retries: 1, baseline: true });

    expect(result?.ok).toBe(false);
  });

  it('excuses a linter only when it says the very same', async () => {
    const place = await open({ tests: [], base: [] });
    await writeFile(join(place.cwd, 'lint'), 'a.py:3 unused import\n');
    const lint = (say: string) => ({ name: 'lint', run: `${say}; exit 1`, baseline: true });

    const [known] = await run(place, lint('echo "unused import in b.py"'));
    const [own] = await run(place, lint('cat lint 2>/dev/null'));

    expect(known).toMatchObject({ ok: true, notes: ['fails at the base too, with the same words'] });
    expect(own?.ok).toBe(false);
  });
});

describe('a run that executed no test', () => {
  it('stops the step, when the base executes none either, whatever the fix does', async () => {
    const place = await open({ tests: [], base: [] });
    const setup = { check: 'true', fix: 'echo fixed >> ../fixes' };

    const error = await failing(run(place, suite, setup));

    expect(error.code).toBe('environment');
    expect(error.message).toBe(
      'check "suite" executed no test, also after the set-up’s fix, and none at the base: exit code 5: no tests ran in 0.01s',
    );
    expect(error.hint).toContain('.regen/runs/attempt/checks/0/suite.log');
    expect(place.baseUses).toEqual({ opened: 1, closed: 1 });
    expect(await readFile(join(place.cwd, '..', 'fixes'), 'utf8')).toBe('fixed\n');
  });

  it('is run again after the fix, once', async () => {
    const place = await open({ tests: ['legend'], base: [] });
    await writeFile(join(place.cwd, 'broken'), 'ModuleNotFoundError: No module named numpy');

    const results = await run(place, suite, { check: null, fix: 'rm broken' });

    expect(results.map(({ ok }) => ok)).toEqual([true]);
    expect(place.baseUses.opened).toBe(0);
  });

  it('is the item’s doing where the base executes its tests', async () => {
    const place = await open({ tests: [], base: ['legend'] });

    const [result] = await run(place, suite);

    expect(result?.ok).toBe(false);
    expect(result?.digest?.split('\n')[0]).toBe('exit code 5; pytest: no test ran: no tests ran in 0.01s');
  });

  it('is the item’s doing where the file that is missing is its to write, whatever the base has', async () => {
    const place = await open({ tests: [], base: [] });
    const check =
      'echo "E   ModuleNotFoundError: No module named own.altair"; echo "==== no tests ran in 0.01s ===="; exit 2';

    const results = await run(place, { ...suite, run: check });

    expect(results.map(({ ok }) => ok)).toEqual([false]);
    expect(place.baseUses.opened).toBe(0);
  });

  it('is no matter of words that only sound like it: a link checker’s “not found” is a finding', async () => {
    const place = await open({ tests: [], base: [] });
    const links = { name: 'links', run: 'echo "gone.png: not found"; exit 1' };

    const [own] = await run(place, links);
    const [known] = await run(place, { ...links, baseline: true });

    expect(own?.ok).toBe(false);
    expect(known).toMatchObject({ ok: true, notes: ['fails at the base too, with the same words'] });
  });

  it('is no matter of commands that run no tests: what they miss may be the item’s', async () => {
    const place = await open({ tests: [], base: [] });

    const results = [
      ...(await run(place, {
        name: 'types',
        run: 'echo "a.ts(1,1): error TS2304: Cannot find name x"; exit 2',
      })),
      ...(await run(place, { name: 'show', run: 'cat missing.csv', retries: 1 })),
    ];

    expect(results.map(({ ok }) => ok)).toEqual([false, false]);
    expect(results[1]?.digest).toContain('in the last of 2 tries');
    expect(place.baseUses.opened).toBe(0);
  });

  it('is no success either when the command ends well, unless the check allows it', async () => {
    const place = await open({ tests: [], base: [] });
    const empty = { ...suite, run: 'node pytest.mjs || true' };

    const error = await failing(run(place, empty));
    const allowed = await run(place, { ...empty, allowNoTests: true });

    expect(error.hint).toContain('allowNoTests: true');
    expect(allowed.map(({ ok }) => ok)).toEqual([true]);
  });
});

describe('tests that failed before', () => {
  it('are run first, and alone while one of them fails', async () => {
    const place = await open({ tests: ['a', 'b!', 'c!'], base: [] });
    await run(place, targeted);
    await writeFile(join(place.cwd, 'tests.txt'), 'a\nb!\nc\n');

    const [result] = await run(next(place), targeted);

    expect(result?.ok).toBe(false);
    expect(await askedIn(place, result)).toEqual(['2']);
    expect(result?.digest).toContain('Since the last run: 1 fixed (tests/test_a.py::c), 0 new, 1 as before');
    expect(result?.digest).toContain('Only the 2 tests that failed before were run');
  });

  it('are followed by the whole suite once they pass', async () => {
    const place = await open({ tests: ['a', 'b!'], base: [] });
    await run(place, targeted);
    await writeFile(join(place.cwd, 'tests.txt'), 'a\nb\n');

    const [result] = await run(next(place), targeted);

    expect(result?.ok).toBe(true);
    expect(await askedIn(place, result)).toEqual(['1', '2']);
  });

  it('don’t keep the last round from the whole suite', async () => {
    const place = await open({ tests: ['a', 'b!'], base: [] });
    await run(place, targeted);

    const [result] = await run({ ...next(place), isLast: true }, targeted);

    expect(await askedIn(place, result)).toEqual(['2', '1']);
    expect(await readdir(join(place.attempt.directory, 'checks', '0'))).toEqual([
      'suite.failures.json',
      'suite.log',
    ]);
  });

  it('are forgotten when they are gone', async () => {
    const place = await open({ tests: ['a', 'b!'], base: ['a'] });
    await run(place, targeted);
    await writeFile(join(place.cwd, 'tests.txt'), 'a\n');

    const [result] = await run(next(place), targeted);

    expect(result?.ok).toBe(true);
  });
});

describe('a test that failed and then passes alone', () => {
  it('is flaky: told, and nothing to mend', async () => {
    const place = await open({ tests: ['a', 'sigterm~'], base: [] });

    const [result] = await run(place, targeted);

    expect(result).toMatchObject({
      ok: true,
      notes: ['flaky, failed and then passed alone: tests/test_a.py::sigterm'],
    });
    expect(place.said.at(-1)).toMatch(/^check suite passed \(.*\); flaky, failed and then passed alone/);
  });

  it('doesn’t excuse those that fail again', async () => {
    const place = await open({ tests: ['a', 'b!', 'sigterm~'], base: [] });

    const [result] = await run(place, targeted);

    expect(result?.ok).toBe(false);
    expect(result?.digest?.split('\n').slice(0, 2)).toEqual([
      'exit code 1; pytest: 1 failed, 1 passed',
      'flaky, failed and then passed alone: tests/test_a.py::sigterm',
    ]);
    expect(result?.digest).not.toContain('✗ tests/test_a.py::sigterm');
  });

  it('is not proved by a run of its file', async () => {
    const place = await open({ tests: ['a', 'sigterm~'], base: [] });

    const [result] = await run(place, { ...suite, targeted: 'node pytest.mjs {failedFiles}' });

    expect(result?.ok).toBe(false);
  });

  it('is told when the whole check had to be tried again', async () => {
    const place = await open({ tests: [], base: [] });

    const [result] = await run(place, {
      name: 'net',
      run: 'test -e seen || { touch seen; exit 1; }',
      retries: 2,
    });

    expect(result).toMatchObject({ ok: true, notes: ['passed in try 2 of 3'] });
  });
});

describe('a report in a file', () => {
  it('names the tests that the output doesn’t', async () => {
    const place = await open({ tests: [], base: [] });
    const xml =
      '<testsuite tests="2" failures="1"><testcase classname="Legend" name="is drawn"><failure message="expected 3">at legend</failure></testcase><testcase name="b"/></testsuite>';
    const check = {
      name: 'suite',
      report: 'junit.xml',
      run: `echo '${xml}' > "$REGEN_ARTIFACTS/junit.xml"; exit 1`,
    };

    const [result] = await run(place, check);

    expect(result?.digest?.split('\n')[0]).toBe('exit code 1; junit: 1 failed, 1 passed');
    expect(result?.digest).toContain('is drawn');
  });

  it('is not read through a link', async () => {
    const place = await open({ tests: [], base: [] });
    const check = {
      name: 'suite',
      report: 'junit.xml',
      run: 'ln -s /etc/passwd "$REGEN_ARTIFACTS/junit.xml"; exit 1',
    };

    const [result] = await run(place, check);

    expect(result?.digest?.split('\n')[0]).toBe('exit code 1');
  });
});

describe('the preflight', () => {
  it('names every tool that is missing or too old', async () => {
    const place = await open({ tests: [], base: [] });
    const tools = {
      node: '>=18',
      'regen-nowhere': '*',
      sh: { run: 'echo "sh version 1.4.2 (2020)"', version: '>=2' },
    };

    const error = await failing(preflight(place, { tools }));

    expect(error.code).toBe('environment');
    expect(error.message).toBe(
      'checks.tools: regen-nowhere is not there: regen-nowhere --version: exit code 127; sh is 1.4.2, not >=2',
    );
  });

  it('names a check whose program is not there, once the set-up had its chance', async () => {
    const place = await open({ tests: [], base: [] });
    const checks = { run: [{ name: 'lint', run: 'regen-nowhere --strict {item}' }] };

    const error = await failing(preflight(place, checks));

    expect(error.message).toBe('check "lint" can\'t be run: regen-nowhere not found');
  });
});

async function open(own: {
  readonly tests: readonly string[];
  readonly base: readonly string[];
}): Promise<TestPlace> {
  const files = (tests: readonly string[]) => ({
    'pytest.mjs': pytest,
    'tests.txt': tests.join('\n'),
  });
  const place = await makePlace(files(own.tests), { base: files(own.base) });
  places.push(place);
  return place;
}

/** The round after. */
function next(place: TestPlace): TestPlace {
  return { ...place, round: 1, before: [join(place.attempt.directory, 'checks', '0')] };
}

async function run(
  place: TestPlace & { readonly isLast?: boolean },
  check: Readonly<Record<string, unknown>>,
  setup?: { readonly check: string | null; readonly fix: string },
): Promise<readonly CheckResult[]> {
  const config = configWith({ checks: { run: [check], ...(setup === undefined ? {} : { setup }) } });
  return createChecks({ surroundings: place.surroundings, config }).run(place, signal);
}

async function preflight(place: TestPlace, checks: Readonly<Record<string, unknown>>): Promise<void> {
  await createChecks({ surroundings: place.surroundings, config: configWith({ checks }) }).preflight(
    place,
    signal,
  );
}

async function failing(work: Promise<unknown>): Promise<RegenError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as RegenError,
  );
}

/** How many tests each run was to execute. */
async function askedIn({ root }: TestPlace, result: CheckResult | undefined): Promise<readonly string[]> {
  const log = await readFile(join(root, result?.log ?? ''), 'utf8');
  return [...log.matchAll(/^asked (\d+)$/gm)].flatMap(([, count]) => count ?? []);
}
