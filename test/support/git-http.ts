/** A real git remote over smart HTTP on loopback: `git http-backend` behind a small server. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gitEnvironment } from './git-repo.js';

export interface GitHttpOptions {
  /** The bare repository that is served, absolute. */
  readonly remote: string;
  /** Where it is served, such as `/owner/name.git`. */
  readonly path: string;
  /** Left out: everybody may read and push. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

interface GitHttpRequest {
  readonly method: string;
  readonly path: string;
  /** `user:password` as it was sent; null without. */
  readonly credentials: string | null;
}

export interface GitHttp {
  /** What a clone's `origin` is set to. */
  readonly url: string;
  readonly requests: readonly GitHttpRequest[];
  stop(): Promise<void>;
}

export async function startGitHttp(options: GitHttpOptions): Promise<GitHttp> {
  const requests: GitHttpRequest[] = [];
  const { credentials: wanted } = options;
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const credentials = readCredentials(request);
    requests.push({ method: request.method ?? '', path, credentials });
    if (wanted !== undefined && credentials !== `${wanted.user}:${wanted.password}`) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    } else if (path.startsWith(`${options.path}/`)) {
      serve(options.remote, path.slice(options.path.length), { request, response });
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://127.0.0.1:${port}${options.path}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** One run of the CGI program. Never synchronous: git waits for this very process. */
function serve(remote: string, path: string, { request, response }: Exchange): void {
  const { headers } = request;
  const child = spawn('git', ['-c', 'http.receivepack=true', 'http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: remote,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      PATH_INFO: path,
      QUERY_STRING: (request.url ?? '').split('?')[1] ?? '',
      REQUEST_METHOD: request.method ?? '',
      CONTENT_TYPE: headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
    },
  });
  child.stdin.on('error', () => undefined); // git may end before it has read everything
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (response.headersSent) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    writeHead(response, head.subarray(0, end).toString('latin1'));
    response.write(head.subarray(end + 4));
  });
  child.on('close', () => {
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
}

function writeHead(response: ServerResponse, lines: string): void {
  const headers = lines.split('\r\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]);
  const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1];
  response.writeHead(status === undefined ? 200 : Number.parseInt(status, 10), Object.fromEntries(headers));
  response.flushHeaders();
}

function readCredentials({ headers }: IncomingMessage): string | null {
  const encoded = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString();
}
