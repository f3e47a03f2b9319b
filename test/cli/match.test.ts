import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNamer, matchCommand, matchLine, type MatchLine } from '../../src/cli/match.ts';
import { Sample } from '../../src/model/product.ts';
import { knowledge } from '../knowledge/knowledge.ts';

const name = createNamer(knowledge);
const LOGIN = '<form action="/remote/logincheck"><input name="credential"></form>';
const PORTAL = {
  id: 'vpn',
  kind: 'http',
  request: { method: 'GET', path: '/remote/login' },
  status: 200,
  body: LOGIN,
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-match-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

async function run(content: string | Uint8Array, json = true): Promise<Ran> {
  const file = join(folder, 'samples.jsonl');
  writeFileSync(file, content);
  return runOn(file, json);
}

async function runOn(file: string, json = true, input: AsyncIterable<Uint8Array> = never()): Promise<Ran> {
  const out: string[] = [];
  const said: string[] = [];
  const terminal = {
    result: (text: string) => out.push(text),
    say: (text: string) => said.push(text),
    isInteractive: false,
  };
  const code = await matchCommand({ file, json, knowledge, terminal, input });
  return { code, out: out.join('\n'), said: said.join('\n') };
}

// oxlint-disable-next-line require-yield -- a standard input that nobody may read
async function* never(): AsyncGenerator<Uint8Array> {
  throw new Error('standard input was read');
}

describe('sekisho match', () => {
  it('says product, class, version, certainty, and what decided', async () => {
    const { code, out } = await run(`${JSON.stringify(PORTAL)}\n`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      id: 'vpn',
      product: 'fortinet-fortigate-sslvpn',
      class: 'ssl-vpn',
      version: null,
      certainty: 'confirmed',
      carrier: null,
    });
    expect((JSON.parse(out) as MatchLine).because[0]).toMatch(/^[a-z-]+ \(strong\)$/);
  });

  it('reads a version from the answer', () => {
    const headers = [['X-OWA-Version', '15.2.1118.7']];
    expect(name(Sample.parse({ kind: 'http', status: 302, headers }))).toMatchObject({
      product: 'microsoft-exchange',
      version: '15.2.1118.7',
    });
  });

  it('claims no product for a plain server, and names it', () => {
    const headers = [['Server', 'nginx/1.24.0']];
    expect(
      name(Sample.parse({ kind: 'http', status: 200, headers, body: '<title>Shop</title>' })),
    ).toMatchObject({
      product: null,
      class: null,
      certainty: null,
      because: [],
      carrier: 'nginx',
    });
  });

  it('shows what came near, and the device where only its maker shows', () => {
    const headers = [['Server', 'xxxxxxxx-xxxxx']];
    expect(name(Sample.parse({ kind: 'http', status: 200, headers }))).toMatchObject({
      product: 'fortinet-device',
      certainty: 'inferred',
      nearMisses: expect.arrayContaining(['fortinet-fortigate-sslvpn: weak-only masked-server']),
    });
  });

  it('prints blocks for people, with nothing of the answer raw', async () => {
    const { out } = await run(JSON.stringify({ ...PORTAL, id: 'a\u001b[31m\nb' }), false);
    expect(out).toMatch(/fortinet-fortigate-sslvpn — Fortinet .*\[ssl-vpn\], version unknown, confirmed/);
    expect(out).toMatch(/\n {2}because {4}/);
    expect(out).not.toContain('\u001b');
  });

  it('names each broken line, keeps one object a line, and goes on', async () => {
    const lines = ['{"kind":"http"', '', '[]', '{"kind":"gopher"}', '\u0000', JSON.stringify(PORTAL), 'null'];
    const { code, out, said } = await run(lines.join('\r\n'));
    expect(code).toBe(30);
    const rows = out.split('\n').map((row) => JSON.parse(row) as Record<string, unknown>);
    expect(rows.map(({ line, product }) => line ?? product)).toEqual([
      1,
      3,
      4,
      5,
      'fortinet-fortigate-sslvpn',
      7,
    ]);
    expect(said).toMatch(/samples\.jsonl:1: no JSON/);
    expect(said).toMatch(/samples\.jsonl:4: kind: /);
  });

  it('does not fill the screen for the wrong file', async () => {
    const { said } = await run('x\n'.repeat(500));
    expect(said.split('\n')).toHaveLength(21);
    expect(said).toContain('500 lines could not be read, the first 20 are named');
  });

  it('forgives null for what was not there, and keys of other tools', () => {
    const line = {
      ...PORTAL,
      cert: null,
      headers: null,
      request: { method: null, path: '/remote/login' },
      tool: 'x',
    };
    const result = matchLine({ number: 1, text: `\uFEFF${JSON.stringify(line)}` }, name);
    expect(result).toMatchObject({ product: 'fortinet-fortigate-sslvpn' });
  });

  it.each([
    [
      {
        kind: 'tls',
        cert: {
          subject: { O: 'cobaltstrike', OU: ['AdvancedPenTesting'], CN: 'Major Cobalt Strike' },
          serial: 146473198,
        },
      },
      'cobalt-strike',
    ],
    [
      {
        kind: 'tls',
        cert: { subject: 'CN=Major Cobalt Strike, OU=AdvancedPenTesting, O=cobaltstrike', san: 'x' },
      },
      'cobalt-strike',
    ],
    [
      {
        kind: 'http',
        id: 7,
        status: '302',
        port: '443',
        headers: { 'X-OWA-Version': '15.2.1118.7', Via: ['a', 'b'], Age: 3 },
      },
      'microsoft-exchange',
    ],
  ])('takes names and headers as other tools write them: %j', (line, product) => {
    expect(matchLine({ number: 1, text: JSON.stringify(line) }, name)).toMatchObject({ product });
  });

  it('leaves out a line that is too long', async () => {
    const { code, out } = await run(`"${'x'.repeat(17 * 1024 * 1024)}"\n${JSON.stringify(PORTAL)}\n`);
    expect(code).toBe(30);
    expect(out).toContain('"line":1');
    expect(out).toContain('fortinet-fortigate-sslvpn');
  });

  it('reads standard input in pieces', async () => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      const bytes = Buffer.from(`${JSON.stringify({ ...PORTAL, id: '社外' })}\n`);
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    }
    const { out } = await runOn('-', true, pieces());
    expect(JSON.parse(out)).toMatchObject({ id: '社外', product: 'fortinet-fortigate-sslvpn' });
  });

  it('says what is expected when there is nothing, and no file', async () => {
    expect((await run('\n\n')).said).toMatch(/expected one JSON object a line/);
    await expect(runOn(join(folder, 'none.jsonl'))).rejects.toThrow(/none\.jsonl: cannot be read/);
    await expect(runOn(folder)).rejects.toThrow(/cannot be read/);
  });
});
