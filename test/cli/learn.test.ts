import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { learnProduct, type Learned } from '../../src/cli/learn-product.ts';
import { parseStrictYaml } from '../../src/lib/strict-yaml.ts';
import type { Facts, HttpAnswer } from '../../src/model/facts.ts';
import { Product } from '../../src/model/product.ts';
import { answer } from '../identify/match/build.ts';
import { knowledge, ordinary } from '../knowledge/knowledge.ts';
import { serve, type TestServer } from '../observe/probe/loopback.ts';
import { scopeOf, siteOf } from '../scope/scope-fixture.ts';
import { sekisho } from './command.ts';

const SCOPE = scopeOf({
  id: 'kakuu',
  organisation: { ja: '架空精機', en: 'Kakuu Seiki' },
  sites: [siteOf(['192.0.2.0/28'], { hosts: ['hub.kakuu-seiki.co.jp'] })],
});

/** Against everything that others say, or only for what is written. */
function learn(heard: readonly Facts[], others = { knowledge, ordinary }): Learned {
  return learnProduct({
    id: 'endpoint-hub',
    vendor: 'Example',
    name: 'Endpoint Hub',
    class: 'asset-agent',
    port: 8443,
    date: '2026-11-20',
    heard,
    scope: SCOPE,
    address: '192.0.2.1',
    ...others,
  });
}

function web(...answers: Partial<HttpAnswer>[]): Facts {
  return {
    http: { scheme: 'https', host: '192.0.2.1', notFollowed: [], answers: answers.map((one) => answer(one)) },
  };
}

function facts(learned: Learned): string {
  return learned.kind === 'file' ? JSON.stringify(learned.product.facts) : '';
}

const PAGE =
  '<title>Endpoint Hub Console 4.1</title><script src="/ehub/console/js/ehub-core.js?t=1"></script><script src="/js/jquery.min.js"></script>';

describe('what is learnt', () => {
  it('is a product file that is as it should be, with examples that come to what they say', () => {
    const learned = learn([
      web({
        title: 'Endpoint Hub Console 4.1',
        body: PAGE,
        headers: [['Set-Cookie', 'EHUBSESS=secret; path=/']],
      }),
    ]);
    expect(learned.kind).toBe('file');
    if (learned.kind !== 'file') return;
    const { value } = parseStrictYaml(learned.yaml, 'x.yaml', Product);
    expect(value).toEqual(learned.product);
    expect(value.examples.map(({ expect: expected }) => expected)).toEqual(['inferred', 'none']);
    expect(learned.yaml).not.toMatch(/secret|jquery|t=1/);
    expect(facts(learned)).toContain('Endpoint Hub Console \\\\d{1,9}\\\\.\\\\d{1,9}');
  });

  it('is confirmed by two kinds of evidence', () => {
    const [facet] = [web({ body: PAGE })];
    const icon = { path: '/favicon.ico', mmh3: -77_123_456, sha256: '', bytes: 1 };
    const learned = learn([{ ...facet, http: { ...facet.http!, favicon: icon } }]);
    expect(learned.kind === 'file' && learned.product.examples[0]?.expect).toBe('confirmed');
  });

  it('leaves out what ordinary servers and other products say', () => {
    const learned = learn([
      web({
        headers: [['Server', 'xxxxxxxx-xxxxx']],
        body: '<title>Please Login</title><form action="/remote/logincheck"></form>',
      }),
    ]);
    expect(learned).toMatchObject({ kind: 'nothing' });
    expect(learn([web({ body: '<title>Welcome to nginx!</title>' })])).toMatchObject({ kind: 'nothing' });
    expect(learn([])).toEqual({ kind: 'nothing', dropped: 0 });
  });

  it('reads a greeting with its own name taken out and numbers left open', () => {
    const greeting = {
      protocol: 'ftp',
      text: '220 ftp.kakuu-seiki.co.jp ExampleBox Transfer 4.12 ready\r\n',
    };
    const learned = learn([{ greeting }]);
    expect(facts(learned)).toContain('^220 \\\\S{1,255} ExampleBox Transfer \\\\d{1,9}\\\\.\\\\d{1,9} ready');
    expect(learned.kind === 'file' && learned.yaml).not.toContain('kakuu');
  });

  it('names nothing of the organisation, wherever it stands', () => {
    const own = fc.constantFrom(
      'Kakuu Seiki',
      '架空精機',
      'hub.kakuu-seiki.co.jp',
      'kakuu-seiki',
      'secret-cert.example.net',
      '192.0.2.1',
      '10.20.30.40',
      'admin@kakuu.example',
      '2001:db8::7',
    );
    const word = fc.oneof(own, fc.constantFrom('Console', 'Endpoint Hub', '/ehub/a/b.js', '4.1', 'x'));
    const text = fc.array(word, { maxLength: 5 }).map((words) => words.join(' '));
    const path = fc.array(word, { maxLength: 4 }).map((words) => `/${words.join('/').replaceAll(' ', '-')}`);
    const page = fc.record({
      path,
      title: text,
      body: fc
        .tuple(text, path, path, path)
        .map(
          ([prose, a, b, c]) =>
            `<p>${prose}</p><script src="${a}"></script><form action="${b}"><link href="https://h${c}">`,
        ),
      location: path,
      headers: fc.tuple(text, text, path).map(([server, realm, to]): [string, string][] => [
        ['Server', server],
        ['WWW-Authenticate', `Basic realm="${realm}"`],
        ['Location', `https://hub.kakuu-seiki.co.jp${to}`],
        ['Set-Cookie', `${server.replaceAll(/\W/g, '')}=${realm}`],
      ]),
    });
    const tls: Facts['tls'] = {
      handshake: 'complete',
      sni: null,
      versions: [],
      clientCertificateRequested: false,
      certificates: [
        {
          sha256: '',
          subject: '',
          issuer: '',
          serial: '',
          keyType: '',
          selfSigned: false,
          names: ['secret-cert.example.net'],
        },
      ],
    };
    fc.assert(
      fc.property(fc.array(page, { maxLength: 3 }), text, (pages, said) => {
        const learned = learn(
          [
            { ...web(...pages), tls },
            { greeting: { protocol: 'ftp', text: said } },
            { ssh: { banner: `SSH-2.0-${said}`, protocol: '2.0', software: said, hostKeys: [] } },
          ],
          { knowledge: { ...knowledge, products: new Map() }, ordinary: [] },
        );
        const yaml = learned.kind === 'file' ? learned.yaml : '';
        expect(yaml).not.toMatch(/kakuu|架空|secret-cert|192\.0\.2|10\.20\.30|@|2001:db8/i);
      }),
      { numRuns: 300 },
    );
  });
});

describe('sekisho learn', () => {
  let folder = '';
  let servers: TestServer[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-learn-'));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function device(text: string): Promise<string> {
    const server = await serve((socket) => socket.write(text), '127.87.1.1', 0);
    servers.push(server);
    return `127.87.1.1:${server.port}`;
  }

  function run(place: string, ...more: string[]) {
    const file = join(folder, 'org.yaml');
    writeFileSync(
      file,
      `organisation: { id: kakuu, name: { ja: 架空精機, en: Kakuu Seiki } }
sites: [{ id: hq, name: { ja: 本社, en: Head office }, country: JP, kind: headquarters, ranges: [127.87.1.0/30] }]
permission: { by: director, reference: "1", valid-until: 2099-01-01 }
probe: { connect-timeout-ms: 300, answer-timeout-ms: 500 }
`,
    );
    return sekisho(['learn', place, file, ...more], { SEKISHO_DATA: join(folder, 'data') });
  }

  it('asks one own device and writes a file that names it from then on', async () => {
    const place = await device('220 hub ExampleBox Transfer 4.12 ready\r\n');
    const { code, stdout, stderr } = await run(place, '--as', 'example-box', '--class', 'file-transfer');
    expect(stderr).toContain('Written:');
    expect(code).toBe(0);
    expect(stdout).toBe(join(folder, 'data/products/file-transfer/example-box.yaml'));
    const recording = join(folder, 'data/recordings/example-box.jsonl');
    const matched = await sekisho(['match', recording, '--json'], { SEKISHO_DATA: join(folder, 'data') });
    expect(JSON.parse(matched.stdout)).toMatchObject({ product: 'example-box', certainty: 'inferred' });
    const again = await run(place, '--as', 'example-box-2');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('known already: example-box');
  });

  it('knows a wanted product by its name', async () => {
    const place = await device('220 SKYxyz management agent 1.0 ready\r\n');
    const { stdout } = await run(place, '--as', 'skysea-client-view');
    const text = readFileSync(stdout, 'utf8');
    expect(text).toMatch(/vendor: Sky\nname: SKYSEA Client View\nclass: asset-agent/);
  });

  it.each([
    [['127.87.1.1', '--as', 'x'], 'give the port as well'],
    [['127.87.9.9:80', '--as', 'x'], 'is in no range of the organisation file'],
    [['127.87.1.1:80', '--as', 'A B'], 'lower-case letters, digits and hyphens'],
    [['127.87.1.1:80', '--as', 'openssh'], 'a product file of that name already'],
    [['127.87.1.1:80', '--as', 'x', '--class', 'gate'], 'choose one of rdp, vnc'],
  ])('refuses %j', async (argv, sentence) => {
    const [place = '', ...more] = argv;
    const { code, stderr } = await run(place, ...more);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('says that nothing was learnt where nothing answers, and where nothing tells', async () => {
    const silent = await run('127.87.1.2:9', '--as', 'x');
    expect(silent.code).toBe(30);
    expect(silent.stderr).toContain('nothing learnt');
    const plain = await run(await device('ready\r\n'), '--as', 'x');
    expect(plain.code).toBe(30);
    expect(readdirSync(join(folder, 'data'))).toEqual(['recordings']);
  });
});
