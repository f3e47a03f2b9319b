import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';

const src = resolve(import.meta.dirname, '../src');

/** Room → rooms that it may import besides itself. `lib` and `model` know nothing of the rooms. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  lib: [],
  model: ['lib'],
  knowledge: ['model', 'lib'],
  scope: ['model', 'lib'],
  observe: ['model', 'lib', 'scope/guard.ts'],
  identify: ['model', 'lib'],
  assess: ['model', 'lib'],
  track: ['model', 'lib'],
  report: ['model', 'lib'],
};

const SOCKET_MODULES = [
  'node:net',
  'node:tls',
  'node:dgram',
  'node:http',
  'node:https',
  'node:http2',
  'node:child_process',
  // Spawns by itself.
  'node-nmap',
];
/** Files that may load the modules above for values (types are free everywhere). */
const MAY_OPEN_SOCKETS = [
  'observe/probe/dialer.ts',
  'observe/probe/datagrams.ts',
  'observe/probe/tcp-connection.ts',
  // Runs nmap and masscan, each under the guard of its caller; node-nmap is loaded where it is fenced.
  'observe/child-process.ts',
  'observe/nmap/fenced-scan.ts',
];

/**
 * undici opens sockets by itself. Sources of `observe/` use it under the scope; the known-exploited list is the one transfer besides:
 * it goes to a fixed public host, never to the organisation, so no guard could judge it.
 */
const MAY_LOAD_UNDICI = /^observe\/|^knowledge\/kev-fetch\.ts$/;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function readImports(): Import[] {
  const imports: Import[] = [];
  for (const file of globSync('**/*.{ts,tsx}', { cwd: src })) {
    const text = readFileSync(resolve(src, file), 'utf8');
    for (const match of text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'/gm)) {
      const to = match[2] ?? '';
      const target = to.startsWith('.') ? relative(src, resolve(src, dirname(file), to)) : to;
      imports.push({ from: file, to: target, typeOnly: match[1] !== undefined });
    }
    for (const match of text.matchAll(/\bimport\('([^']+)'\)/g)) {
      const to = match[1] ?? '';
      imports.push({
        from: file,
        to: to.startsWith('.') ? relative(src, resolve(src, dirname(file), to)) : to,
        typeOnly: false,
      });
    }
    expect(
      text,
      `${file}: require, and import() of anything but a plain text, hide imports from this test`,
    ).not.toMatch(/\brequire\(|\bimport\((?!')/);
  }
  return imports;
}

const imports = readImports();
const room = (path: string): string => path.split('/')[0] ?? '';

describe('architecture', () => {
  it('sees the imports at all', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('lets a room import only model, lib and itself', () => {
    const wrong = imports.filter(({ from, to }) => {
      const allowed = MAY_IMPORT[room(from)];
      if (allowed === undefined || !/\.tsx?$/.test(to)) return false;
      return room(to) !== room(from) && !allowed.includes(room(to)) && !allowed.includes(to);
    });
    expect(wrong).toEqual([]);
  });

  it('opens sockets and processes only in the dialer', () => {
    const wrong = imports.filter(
      ({ from, to, typeOnly }) =>
        SOCKET_MODULES.includes(to) && !typeOnly && !MAY_OPEN_SOCKETS.includes(from),
    );
    expect(wrong).toEqual([]);
  });

  it('asks other hosts only in observe, and for the known-exploited list', () => {
    const users = imports.filter(({ to, typeOnly }) => to === 'undici' && !typeOnly).map(({ from }) => from);
    expect(users).toContain('knowledge/kev-fetch.ts');
    expect(users.filter((from) => !MAY_LOAD_UNDICI.test(from))).toEqual([]);
    // Whoever asks for the list is a command of its own: no scan, no report ever does.
    const askers = imports.filter(({ to }) => to === 'knowledge/kev-fetch.ts').map(({ from }) => from);
    expect(askers).toEqual(['cli/kb.ts']);
  });
});
