import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createChecks } from '../../src/checks/checks.js';
import type { CheckResult } from '../../src/model/verdict.js';
import { configWith, makePlace } from '../support/item-place.js';
import type { TestPlace } from '../support/item-place.js';

const signal = new AbortController().signal;
const places: TestPlace[] = [];

afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.cleanup()));
});

describe('a check', () => {
  it('runs in the worktree with the item’s environment and quoted placeholders', async () => {
    const place = await open({ ref: { target: '[[', item: "it's $HOME" } });
    const command =
      'printf "%s|" {target} {item} {other} "$REGEN_TARGET" "$REGEN_ITEM" "$REGEN_ATTEMPT" "$PWD" "$(ls -A "$REGEN_ARTIFACTS")"';

    const [result] = await runChecks(place, [{ name: 'show', run: command }]);

    expect(result).toEqual({
      name: 'show',
      ok: true,
      durationMs: expect.any(Number) as number,
      digest: null,
      notes: [],
      log: '.regen/runs/attempt/checks/0/show.log',
    });
    const printed = (await readLog(place, result)).split('\n')[1];
    expect(printed).toBe(`[[|it's $HOME|{other}|[[|it's $HOME|${place.attempt.uuid}|${place.cwd}||`);
  });

  it('sees neither tokens nor our HOME unless the config names them', async () => {
    const place = await open({
      env: { GITHUB_TOKEN: 'secret-token', HOME: '/home/me', UV_CACHE_DIR: '/cache' },
    });
    const run = [{ name: 'env', run: 'echo "${GITHUB_TOKEN-none} ${UV_CACHE_DIR-none} $HOME"' }];
    const checks = createChecks({
      surroundings: place.surroundings,
      config: configWith({ checks: { run, env: ['UV_CACHE_DIR', 'GITHUB_TOKEN'] } }),
    });

    const [result] = await checks.run(place, signal);

    const printed = (await readLog(place, result)).split('\n')[1];
    expect(printed).toBe(`none /cache ${join(place.attempt.directory, 'home')}`);
  });

  it('runs once for each combination of its axes', async () => {
    const place = await open();
    const each = { theme: ['light', 'dark'], size: ['s', 'm'] };

    const results = await runChecks(place, [
      { name: 'render', run: 'echo "$REGEN_THEME $REGEN_SIZE" {theme}', each },
    ]);

    expect(results.map(({ name, ok }) => [name, ok])).toEqual([
      ['render (theme=light, size=s)', true],
      ['render (theme=light, size=m)', true],
      ['render (theme=dark, size=s)', true],
      ['render (theme=dark, size=m)', true],
    ]);
    expect(await readLog(place, results[3])).toContain('\ndark m dark\n');
  });

  it('stops the line when it fails, once all of its variants have run', async () => {
    const place = await open();

    const results = await runChecks(place, [
      { name: 'first', run: 'true' },
      { name: 'render', run: 'test {theme} = dark', each: { theme: ['light', 'dark'] } },
      { name: 'last', run: 'true' },
    ]);

    expect(results.map(({ name, ok }) => [name, ok])).toEqual([
      ['first', true],
      ['render (theme=light)', false],
      ['render (theme=dark)', true],
    ]);
  });

  it('tells of its failure with the end of its output and the place of its log', async () => {
    const place = await open();

    const [result] = await runChecks(place, [
      { name: 'suite', run: 'echo one; echo "two failed" >&2; exit 3' },
    ]);

    expect(result).toEqual({
      name: 'suite',
      ok: false,
      durationMs: expect.any(Number) as number,
      digest:
        'exit code 3: two failed\nLog: .regen/runs/attempt/checks/0/suite.log\n\nOutput:\none\ntwo failed',
      notes: [],
      log: '.regen/runs/attempt/checks/0/suite.log',
    });
    expect(place.said).toEqual([
      expect.stringMatching(/^check suite failed: exit code 3: two failed \(0\.\d s\)$/),
    ]);
  });

  it('is tried again as often as its retries say', async () => {
    const place = await open();
    const run = 'echo x >> tries; test "$(wc -l < tries)" -eq 3';

    const passed = await runChecks(place, [{ name: 'flaky', run, retries: 2 }]);
    const failed = await runChecks(place, [{ name: 'never', run: 'exit 1', retries: 2 }]);

    expect(passed.map(({ ok }) => ok)).toEqual([true]);
    expect(failed[0]?.digest?.split('\n')[0]).toBe('exit code 1, in the last of 3 tries');
  });

  it('is ended at its time limit with everything it started', async () => {
    const place = await open();
    const run = 'setsid sleep 300 & echo $! > pid; wait';

    const [result] = await runChecks(place, [{ name: 'slow', run, timeout: '200ms' }]);

    expect(result?.digest?.split('\n')[0]).toBe('not done after 0.2 s');
    const pid = (await readFile(join(place.cwd, 'pid'), 'utf8')).trim();
    await expect(stat(`/proc/${pid}/exe`)).rejects.toThrow();
  });

  it('is ended when it never stops talking', async () => {
    const place = await open();

    const [result] = await runChecks(place, [{ name: 'talker', run: 'yes', timeout: '30s' }]);

    expect(result?.digest?.split('\n')[0]).toBe('ended after it had printed more than 128 MB');
  });

  it('leaves nothing running when it is done', async () => {
    const place = await open();
    const run = 'setsid sleep 300 >/dev/null 2>&1 & echo $! > pid';

    const [result] = await runChecks(place, [{ name: 'daemon', run }]);

    expect(result?.ok).toBe(true);
    const pid = (await readFile(join(place.cwd, 'pid'), 'utf8')).trim();
    await expect(stat(`/proc/${pid}/exe`)).rejects.toThrow();
  });

  it('shows secrets neither in its log nor in its digest', async () => {
    const place = await open({ env: { GH_TOKEN: 'very-secret-value' } });

    const [result] = await runChecks(place, [{ name: 'leak', run: 'echo very-secret-value; exit 1' }]);

    expect(result?.digest).toContain('Output:\n***');
    expect(await readLog(place, result)).toMatch(/^\$ echo \*\*\*; exit 1\n\*\*\*\n\[exit code 1, /);
  });

  it('ends with the reason of an interruption', async () => {
    const place = await open();
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const checks = createChecks({
      surroundings: place.surroundings,
      config: configWith({ checks: { run: [{ name: 'slow', run: 'sleep 300' }] } }),
    });

    const running = checks.run(place, controller.signal);
    controller.abort(reason);

    await expect(running).rejects.toBe(reason);
  });
});

describe('what a check must produce', () => {
  const theme = ['light', 'dark'];
  const produces = ['plot-{theme}.csv', 'plot-{theme}.html?'];

  it('is kept for publishing once the check has passed', async () => {
    const place = await open();
    const run =
      'cd "$REGEN_ARTIFACTS"; echo {theme} > plot-{theme}.csv; echo junk > junk; test {theme} = dark || echo h > plot-light.html';

    const results = await runChecks(place, [{ name: 'render', run, each: { theme }, produces }]);

    expect(results.map(({ ok }) => ok)).toEqual([true, true]);
    expect((await readdir(place.artifacts)).sort()).toEqual([
      'plot-dark.csv',
      'plot-light.csv',
      'plot-light.html',
    ]);
    expect(await readFile(join(place.artifacts, 'plot-dark.csv'), 'utf8')).toBe('dark\n');
    expect((await readdir(join(place.attempt.directory, 'checks', '0'))).sort()).toEqual([
      'render_(theme=dark).log',
      'render_(theme=light).log',
    ]);
  });

  it.each([
    ['was not produced', 'true'],
    ['is empty', ': > "$REGEN_ARTIFACTS/plot.csv"'],
    ['is not a regular file', 'ln -s /etc/hostname "$REGEN_ARTIFACTS/plot.csv"'],
    ['is not a regular file', 'mkdir "$REGEN_ARTIFACTS/plot.csv"'],
  ])('%s: the check fails (%s)', async (flaw, run) => {
    const place = await open();

    const results = await runChecks(place, [{ name: 'render', run, produces: ['plot.csv'] }]);

    expect(results[0]?.digest?.split('\n')[0]).toBe(`plot.csv ${flaw}`);
    expect(await readdir(place.artifacts)).toEqual([]);
  });

  it('does not count through a linked folder, and not outside of the folder', async () => {
    const place = await open();
    const run =
      'ln -s "$PWD" "$REGEN_ARTIFACTS/sub"; echo x > plot.csv; echo x > "$REGEN_ARTIFACTS/../plot.csv"';

    const results = await runChecks(place, [
      { name: 'render', run, produces: ['sub/plot.csv', '../plot.csv?', '{item}.csv'] },
    ]);

    expect(results[0]?.digest?.split('\n')[0]).toBe(
      'sub/plot.csv is not a regular file; ../plot.csv would lie outside of REGEN_ARTIFACTS; altair.csv was not produced',
    );
  });

  it('never comes from an earlier try or round', async () => {
    const place = await open();
    const run =
      'echo x >> tries; case $(wc -l < tries) in 1) echo x > "$REGEN_ARTIFACTS/plot.csv"; exit 1;; esac';
    const check = { name: 'render', run, produces: ['plot.csv'], retries: 1 };
    await runChecks(place, [
      { name: 'before', run: 'echo x > "$REGEN_ARTIFACTS/old.csv"', produces: ['old.csv'] },
    ]);

    const results = await runChecks(place, [check]);

    expect(results[0]?.digest?.split('\n')[0]).toBe('plot.csv was not produced, in the last of 2 tries');
    expect(await readdir(place.artifacts)).toEqual([]);
  });

  it('has to be a picture with something on it where its name says so', async () => {
    const place = await open();
    const svg = (inner: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">${inner}</svg>`;
    const draw = (name: string, text: string) => `printf '%s' '${text}' > "$REGEN_ARTIFACTS/${name}"`;
    const run = [
      draw('shown.svg', svg('<circle cx="9" cy="9" r="5"/>')),
      draw('blank.svg', svg('<rect width="40" height="30" fill="white"/>')),
      draw('broken.png', 'no picture'),
    ].join('; ');

    const [shown] = await runChecks(place, [{ name: 'render', run, produces: ['shown.svg'] }]);
    const [others] = await runChecks(place, [{ name: 'render', run, produces: ['blank.svg', 'broken.png'] }]);

    expect(shown?.ok).toBe(true);
    expect(others?.digest?.split('\n')[0]).toBe(
      'blank.svg is blank; broken.png is no picture that can be decoded (Input file contains unsupported image format)',
    );
  });
});

describe('the set-up', () => {
  it('is left alone where nothing is configured', async () => {
    const place = await open();

    await expect(setUp(place, undefined)).resolves.toBeUndefined();
  });

  it('fixes only what its check finds wanting', async () => {
    const place = await open();
    const setup = { check: 'test -e ready', fix: 'echo x >> fixes; touch ready' };

    await setUp(place, setup);
    await setUp(place, setup);

    expect(await readFile(join(place.cwd, 'fixes'), 'utf8')).toBe('x\n');
  });

  it('can be a single command', async () => {
    const place = await open();

    await setUp(place, 'echo {item} > ready');

    expect(await readFile(join(place.cwd, 'ready'), 'utf8')).toBe('altair\n');
  });

  it.each([
    [
      { check: 'echo still missing; false', fix: 'true' },
      'echo still missing; false: exit code 1\n  still missing',
    ],
    [
      { check: 'false', fix: 'echo no network; exit 7' },
      'echo no network; exit 7: exit code 7\n  no network',
    ],
    ['exit 127', 'exit 127: exit code 127'],
  ])('that fails after its fix is the environment’s fault: %o', async (setup, said) => {
    const place = await open();

    const failing = setUp(place, setup);

    await expect(failing).rejects.toMatchObject({
      code: 'environment',
      message: `the set-up failed: ${said}`,
      hint: 'The whole output is in .regen/runs/attempt/checks/0/setup.log. Mend what it names, or checks.setup in regen.yaml.',
    });
  });
});

describe('publishing', () => {
  it('hands the kept artifacts to the command, with the variables that it names', async () => {
    const place = await open({ env: { CLOUDSDK_CONFIG: '/cloud', OTHER: 'x' } });
    const checks = createChecks({
      surroundings: place.surroundings,
      config: configWith({
        checks: {
          run: [{ name: 'render', run: 'echo png > "$REGEN_ARTIFACTS/plot.csv"', produces: ['plot.csv'] }],
        },
        publish: {
          run: 'mkdir -p bucket/{target}/{item}; cp {artifacts}/* bucket/{target}/{item}/; echo "$CLOUDSDK_CONFIG ${OTHER-none}" > seen',
          env: ['CLOUDSDK_CONFIG'],
        },
      }),
    });
    await checks.run(place, signal);

    const result = await checks.publish(place, signal);

    expect(result).toMatchObject({
      name: 'publish',
      ok: true,
      digest: null,
      log: '.regen/runs/attempt/publish.log',
    });
    expect(await readFile(join(place.cwd, 'bucket/scatter-basic/altair/plot.csv'), 'utf8')).toBe('png\n');
    expect(await readFile(join(place.cwd, 'seen'), 'utf8')).toBe('/cloud none\n');
  });

  it('fails after its retries', async () => {
    const place = await open();
    const config = configWith({ publish: { run: 'echo denied; exit 1', retries: 1 } });

    const result = await createChecks({ surroundings: place.surroundings, config }).publish(place, signal);

    expect(result.ok).toBe(false);
    expect(result.digest).toBe(
      'exit code 1, in the last of 2 tries: denied\nLog: .regen/runs/attempt/publish.log\n\nOutput:\ndenied',
    );
  });
});

async function open(own: Parameters<typeof makePlace>[1] = {}): Promise<TestPlace> {
  const place = await makePlace({}, own);
  places.push(place);
  return place;
}

function runChecks(place: TestPlace, run: readonly unknown[]): Promise<readonly CheckResult[]> {
  return createChecks({ surroundings: place.surroundings, config: configWith({ checks: { run } }) }).run(
    place,
    signal,
  );
}

function setUp(place: TestPlace, setup: unknown): Promise<void> {
  const config = configWith({ checks: setup === undefined ? {} : { setup } });
  return createChecks({ surroundings: place.surroundings, config }).preflight(place, signal);
}

function readLog(place: TestPlace, result: CheckResult | undefined): Promise<string> {
  return readFile(join(place.root, result?.log ?? ''), 'utf8');
}
