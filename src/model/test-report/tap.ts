/** TAP 13 and 14: node:test, tap, tape, AVA, mocha, vitest, Perl's prove -v. */
import type { Announced, OpenFailure } from './failure-list.js';
import { createFailureList } from './failure-list.js';
import type { RunnerReader, TestCounts } from './report.js';
import { createYaml } from './tap-yaml.js';

interface Result {
  readonly depth: number;
  readonly isOk: boolean;
  readonly name: string;
  readonly directive: string | null;
  /** Its subtests follow in braces. */
  readonly isOpen: boolean;
}

export function createTap(): RunnerReader {
  const failures = createFailureList();
  const leaves = { passed: 0, failed: 0, skipped: 0 };
  const told: { pass: number | null; fail: number | null; cancelled: number; skipped: number | null } = {
    pass: null,
    fail: null,
    cancelled: 0,
    skipped: null,
  };
  /** Names of the subtests that are open, with their depth. */
  let path: { readonly depth: number; readonly name: string }[] = [];
  /** Depths at which something failed since the last result above them. */
  const failedAt = new Set<number>();
  const passedAt = new Set<number>();
  let hasPlan = false;
  let isNode = false;
  let hasSubtests = false;
  let abortedBy: string | null = null;
  const yaml = createYaml();
  /** prove tells where on stderr, before it tells what. */
  const places = new Map<string, string[]>();
  let diagnosed: string[] | null = null;
  let depth = 0;

  function result({ depth: at, isOk, name, directive, isOpen }: Result): void {
    depth = at;
    failures.close();
    const hasFailedBelow = [...failedAt].some((one) => one > at);
    const hasPassedBelow = [...passedAt].some((one) => one > at);
    closeBelow(at);
    path = path.filter((one) => one.depth < at);
    if (directive !== null) leaves.skipped += /skip/i.test(directive) ? 1 : 0;
    else if (isOpen) path.push({ depth: at, name });
    else if (isOk) {
      passedAt.add(at);
      leaves.passed += hasPassedBelow ? 0 : 1;
    } else {
      failedAt.add(at);
      // A test fails with its subtests: only these are told.
      if (!hasFailedBelow) fail(at, name);
    }
  }

  /** A test is counted with its subtests' results, or in their place when it has none. */
  function closeBelow(at: number): void {
    for (const depths of [failedAt, passedAt]) for (const one of depths) if (one > at) depths.delete(one);
  }

  function fail(at: number, name: string): void {
    leaves.failed += 1;
    const above = path.filter((one) => one.depth < at).map((one) => one.name);
    const title = [...above, name].filter((part, index, all) => part !== all[index - 1]).join(' > ');
    const [first = ''] = above;
    const file = /\.[cm]?[jt]sx?$/.test(first) ? first : null;
    // Two files may have tests of the same name; where each stands is told below it.
    const announced: Announced = { title, name, file, isAnother: file === null };
    failures.open(announced);
    for (const line of places.get(name) ?? []) failures.say(line);
    places.delete(name);
  }

  function comment(indent: number, text: string): void {
    const subtest = /^# Subtest: (.*)$/.exec(text)?.[1];
    const count = /^# (pass|fail|cancelled|skipped|skip|duration_ms|suites) +([\d.]+)$/.exec(text);
    if (subtest !== undefined) {
      failures.close();
      hasSubtests = true;
      path = [
        ...path.filter((one) => one.depth >= 0 && one.depth < indent),
        { depth: indent, name: plainName(subtest) },
      ];
    } else if (count !== null) summed(count[1] ?? '', Number(count[2]));
    else diagnose(text);
  }

  function summed(kind: string, count: number): void {
    failures.close();
    if (kind === 'pass' || kind === 'fail') told[kind] = count;
    else if (kind === 'cancelled') told.cancelled = count;
    else if (kind === 'skipped' || kind === 'skip') told.skipped = count;
    else isNode = true;
  }

  /** `#   Failed test 'draws'`, `#   at legend.t line 5.` of Perl, and tape's `# name of the test`. */
  function diagnose(text: string): void {
    const failed = /^# +Failed test '(.*)'$/.exec(text)?.[1];
    const place = /^# +at (\S+) line (\d+)\.$/.exec(text);
    if (failed !== undefined) {
      diagnosed = [];
      if (places.size < 1000) places.set(failed, diagnosed);
    } else if (place !== null) diagnosed?.push(`at ${place[1] ?? ''}:${place[2] ?? ''}:1`);
    else if (diagnosed !== null && /^# {3,}\S/.test(text)) diagnosed.push(text.slice(2));
    else diagnosed = null;
    const heading = /^# (?!tests\b|ok$|Failed|Looks like|time=|SKIP|TODO)(\S.*)$/.exec(text)?.[1];
    if (heading !== undefined && diagnosed === null && !hasSubtests) {
      path = [{ depth: -1, name: heading }];
    }
    if (/^(?:\w*Error)\b.*: /.test(heading ?? '')) thrown ??= heading ?? null;
  }
  let thrown: string | null = null;

  return {
    get isListening() {
      return yaml.isOpen || diagnosed !== null || failures.current !== null;
    },
    line(text) {
      if (/^TAP version 1[34]$/.test(text)) hasPlan = true;
      else if (/^Bail out!/.test(text)) [abortedBy, hasPlan] = [text, true];
      const indent = text.length - text.trimStart().length;
      const rest = text.slice(indent);
      if (yaml.isOpen || (rest === '---' && failures.current !== null)) yamlLine(text);
      else if (/^1\.\.\d+/.test(rest)) hasPlan ||= indent === 0;
      else if (rest.startsWith('#')) comment(indent, rest);
      else if (rest === '}') {
        path = path.filter((one) => one.depth < indent);
        closeBelow(indent);
      } else {
        const found = resultIn(indent, rest);
        if (found !== null) result(found);
        else if (prove(text) || rest === '') return;
        else if (indent > depth) failures.say(text);
        else failures.close();
      }
    },
    end() {
      if (
        // The end of an output has no plan.
        (!hasPlan && (told.pass === null || told.fail === null)) ||
        (leaves.passed + leaves.failed + leaves.skipped === 0 && abortedBy === null && told.pass === null)
      )
        return null;
      return { runner: isNode ? 'node:test' : 'tap', counts: counts(), failures: failures.end(), abortedBy };
    },
  };

  function yamlLine(text: string): void {
    const { current } = failures;
    const block = yaml.line(text);
    if (block === null || current === null) return;
    describe(current, block);
    if (block.isNode) isNode = true;
    failures.close();
  }

  function describe(failure: OpenFailure, block: ReturnType<typeof yaml.line> & object): void {
    const isFile =
      /\.[cm]?[jt]sx?$/.test(failure.name) && block.message[0] === 'test failed' && thrown !== null;
    failures.say(isFile ? (thrown ?? '') : '');
    for (const line of block.message) if (!isFile) failures.say(line);
    for (const line of block.frames) failures.trace(line);
    if (block.location !== null) [failure.file, failure.line] = [block.location.file, block.location.line];
  }

  /** Without -v, prove tells no results, but what they said and how many there were. */
  function prove(text: string): boolean {
    if (!text.includes('(Wstat: ')) return false;
    const found = /^\S.* \(Wstat: .*Tests: (\d+) Failed: (\d+)\)$/.exec(text);
    if (found === null || leaves.passed + leaves.failed > 0) return found !== null;
    hasPlan = true;
    [told.pass, told.fail] = [
      (told.pass ?? 0) + Number(found[1]) - Number(found[2]),
      (told.fail ?? 0) + Number(found[2]),
    ];
    failures.close();
    for (const [title, lines] of places) {
      // A test with failing subtests says only where it stands.
      if (lines.length < 2 && places.size > 1) continue;
      failures.open({ title });
      for (const line of lines) failures.say(line);
    }
    failures.close();
    return true;
  }

  function counts(): TestCounts {
    return {
      passed: told.pass ?? leaves.passed,
      // Runners count a test with failing subtests too.
      failed: leaves.failed > 0 || told.fail === null ? leaves.failed : told.fail + told.cancelled,
      skipped: told.skipped ?? leaves.skipped,
    };
  }
}

function resultIn(depth: number, text: string): Result | null {
  const found = /^(not )?ok\b(?: +\d+)?(?: -(?= |$))? *(.*)$/.exec(text);
  if (found === null) return null;
  const rest = found[2] ?? '';
  const isOpen = rest.endsWith(' {');
  const plain = (isOpen ? rest.slice(0, -2) : rest).replace(/ # time=[\d.]+m?s$/, '');
  const directive = /(?:^| )# (skip\S*|todo)\b.*$/i.exec(plain);
  return {
    depth,
    isOk: found[1] === undefined,
    name: plainName(directive === null ? plain : plain.slice(0, directive.index)),
    directive: directive?.[1] ?? null,
    isOpen,
  };
}

function plainName(text: string): string {
  return text.replace(/\\([#\\])/g, '$1').trim();
}
