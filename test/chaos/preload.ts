/**
 * Loaded into a regen process by `NODE_OPTIONS=--import`: counts what leaves a trace (writes, child processes, requests
 * that change something), and at a given one kills its own process, lets a write fail, or moves the clock.
 */
import childProcess from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { Orders } from './orders.js';

// Only this suite writes the variable.
const orders = JSON.parse(process.env['REGEN_CHAOS'] ?? '{"log":"/dev/null"}') as Orders;
const { appendFileSync, readFileSync, readdirSync } = fs;

type Call = (...args: unknown[]) => unknown;

appendFileSync(`${orders.log}.loaded`, `${process.pid} ${process.argv.slice(1).join(' ')}\n`);
let events = countLines(orders.log);
watchFiles(fs.promises as unknown as Record<string, Call>); // any module may be looked at this way
await watchHandles();
watchChildren();
watchRequests();
syncBuiltinESMExports();
if (orders.shiftMs !== undefined) shiftClock(orders.shiftMs);

function countLines(file: string): number {
  try {
    return readFileSync(file, 'utf8').split('\n').length - 1;
  } catch {
    return 0;
  }
}

/** An event that has taken place. */
function happened(name: string): void {
  events += 1;
  appendFileSync(orders.log, `${name}\n`);
  const isMatch = orders.killOn !== undefined && new RegExp(orders.killOn).test(name);
  if (events === orders.killAt || isMatch) die();
}

function die(): void {
  if (orders.whom === 'tree') {
    for (const pid of descendants()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // gone meanwhile
      }
    }
  }
  process.kill(process.pid, 'SIGKILL');
}

function descendants(): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // gone meanwhile
    }
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || isBelow(parents.get(pid)));
  return [...parents.keys()].filter((pid) => pid !== process.pid && isBelow(pid));
}

function failIfOrdered(name: string): void {
  const { failAt, failures = 1, errorCode = 'EIO' } = orders;
  if (failAt === undefined || events + 1 < failAt) return;
  const failed = countLines(`${orders.log}.failed`);
  if (failed >= failures) return;
  appendFileSync(`${orders.log}.failed`, `${name}\n`);
  throw Object.assign(new Error(`${errorCode}: ordered by the chaos suite, ${name}`), {
    code: errorCode,
    syscall: name.split(' ')[0],
  });
}

function watchFiles(target: Record<string, Call>): void {
  for (const name of ['rename', 'link', 'rm', 'unlink', 'writeFile', 'appendFile', 'copyFile', 'mkdir']) {
    const real = target[name];
    if (real === undefined) continue;
    target[name] = async (...args) => {
      const shown = `${name} ${shownPath(args[name === 'rename' || name === 'link' ? 1 : 0])}`;
      failIfOrdered(shown);
      const result = await real.apply(fs.promises, args);
      happened(shown);
      return result;
    };
  }
}

/** The tail of it, without what differs between trials. */
function shownPath(value: unknown): string {
  const path = typeof value === 'string' ? value : value instanceof URL ? value.pathname : '(handle)';
  return path.replace(`${process.cwd()}/`, '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UUID');
}

async function watchHandles(): Promise<void> {
  const realOpen = fs.promises.open.bind(fs.promises);
  const paths = new WeakMap<object, string>();
  fs.promises.open = async (path, flags, mode) => {
    const isWriting = flags !== undefined && flags !== 'r' && flags !== fs.constants.O_RDONLY;
    if (isWriting) failIfOrdered(`open ${shownPath(path)}`);
    const handle = await realOpen(path, flags, mode);
    paths.set(handle, shownPath(path));
    return handle;
  };
  const sample = await realOpen('/dev/null');
  const prototype = Object.getPrototypeOf(sample) as Record<string, Call>; // FileHandle's, which isn't exported
  await sample.close();
  for (const name of ['appendFile', 'writeFile', 'write', 'sync', 'datasync']) {
    const real = prototype[name];
    if (real === undefined) continue;
    prototype[name] = async function (this: object, ...args: unknown[]) {
      const path = paths.get(this);
      if (path === undefined || path.startsWith('/dev/')) return real.apply(this, args);
      const shown = `${name} ${path}`;
      failIfOrdered(shown);
      const [text] = args;
      if (orders.isTorn === true && events + 1 === orders.killAt && typeof text === 'string') {
        await real.call(this, text.slice(0, Math.ceil(text.length / 2)));
      } else {
        const result = await real.apply(this, args);
        happened(shown);
        return result;
      }
      happened(`half a ${shown}`);
      return undefined;
    };
  }
}

/** What git does beyond reading. */
const changing = new Set([
  'push',
  'fetch',
  'worktree',
  'update-ref',
  'read-tree',
  'update-index',
  'checkout-index',
  'write-tree',
  'commit-tree',
  'add',
  'commit',
]);

function watchChildren(): void {
  const real = childProcess.spawn as unknown as (...args: unknown[]) => ChildProcess; // whatever its overloads
  const watched = (...args: unknown[]): ChildProcess => {
    const [file, given] = args;
    const words = Array.isArray(given) ? given.map(String) : [];
    const child = real(...args);
    const name = (String(file).split('/').at(-1) ?? '').slice(0, 40);
    const verb = name === 'git' ? words.find((word) => changing.has(word)) : '';
    if (verb === undefined) return child;
    child.once('exit', () => {
      happened(`exit ${name} ${verb}`);
    });
    happened(`spawn ${name} ${verb}`);
    return child;
  };
  childProcess.spawn = watched as unknown as typeof childProcess.spawn; // it passes on whatever it gets
}

function watchRequests(): void {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const method = init?.method ?? 'GET';
    const url = new URL(typeof input === 'string' ? input : input instanceof URL ? input.href : input.url);
    if (method === 'GET') return real(input, init);
    const answering = real(input, init);
    happened(`send ${method} ${url.pathname}`);
    const response = await answering;
    happened(`answered ${method} ${url.pathname} ${response.status}`);
    return response;
  };
}

function shiftClock(ms: number): void {
  const RealDate = Date;
  const now = () => RealDate.now() + (events + 1 >= (orders.shiftAt ?? 0) ? ms : 0);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[]) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args) as Date,
    get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
  });
}
