/** What a person who wants to know the sender tries on a copy for strangers, and what must not be lost in hiding it. */
import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeNewFolder } from '../../../src/cli/share-folder.ts';
import { loadKnowledge } from '../../../src/knowledge/load.ts';
import { sha256Hex } from '../../../src/lib/hash.ts';
import type { Knowledge } from '../../../src/model/knowledge.ts';
import type { Observation } from '../../../src/model/observation.ts';
import type { Service } from '../../../src/model/service.ts';
import { messagesFor } from '../../../src/report/messages/index.ts';
import { blankFiles } from '../../../src/report/share/blank.ts';
import { buildBundle, type ShareInput } from '../../../src/report/share/build.ts';
import { filesOf } from '../../../src/report/share/files.ts';
import { findLeaks } from '../../../src/report/share/leaks.ts';
import { maskBytes } from '../../../src/report/share/mask-bytes.ts';
import { maskNote } from '../../../src/report/share/mask-note.ts';
import { ownWords, type OwnWords } from '../../../src/report/share/own-words.ts';
import { previewLines } from '../../../src/report/share/preview.ts';
import { writeReadme } from '../../../src/report/share/readme.ts';
import type { SharedService } from '../../../src/report/share/shared-record.ts';
import { vocabularyOf } from '../../../src/report/share/vocabulary.ts';
import { knowledge, service, snapshot } from '../fixture.ts';
import { bundleOf, goldenRun } from './golden-bundles.ts';
import { OPTIONS } from './planted.ts';

const BASE: ShareInput = {
  snapshot,
  observations: [],
  answers: {},
  published: knowledge,
  key: '11'.repeat(32),
  options: OPTIONS,
};
const own = (names: readonly string[]): OwnWords =>
  ownWords({ names, hosts: [], loose: [], exact: [] }, () => false);
const NOBODY = own([]);
const mask = (text: string, words: OwnWords = NOBODY): string =>
  maskBytes(Buffer.from(text), vocabularyOf([]), words)?.text ?? '';

describe('share: numbers in answers', () => {
  it.each([
    ['a telephone', '220 help 077.555.1234\r\n', '077'],
    ['a telephone from abroad', '220 Welcome 81.77.555.1234\r\n', '555'],
    ['a telephone at the beginning of a line', '220 Welcome\r\n077-555-1234\r\n', '077'],
    ['a postcode', '220 Welcome\r\n520-3024\r\n', '520'],
    ['a date', '220 Postfix 20.11.2026\r\n', '2026'],
    ['a part of an address', '220 user 10.20.30\r\n', '10.20'],
    ['a network', 'HTTP/1.1 200 OK\r\nServer: host 203.0.113/24\r\n\r\n', '203'],
  ])('hides %s', (_, text, part) => {
    const masked = mask(text);
    expect(masked).not.toBe('');
    expect(masked).not.toContain(part);
  });

  it.each([
    '220 FileZilla Server 0.9.60\r\n',
    'HTTP/1.1 200 OK\r\nServer: Apache/2.4.41 (Ubuntu)\r\nX-OWA-Version: 15.2.1118.7\r\n\r\n',
    'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n',
    '220-Welcome\r\n250-8BITMIME\r\n'.replace('8BITMIME', 'PIPELINING'),
  ])('keeps versions and reply codes: %j', (text) => {
    expect(mask(text)).toBe(text);
  });
});

describe('share: a hole tells what was cut out', () => {
  const head = 'HTTP/1.1 200 OK\r\nServer: Apache/2.4.41\r\nConnection: keep-alive\r\n\r\n';

  it('so a name that chance has put into a known word is not cut out of it', () => {
    expect(mask(head, own(['Pach K.K.', 'Erve']))).toBe(head);
  });

  it('nor is a header that everybody sends', () => {
    expect(mask(head, own(['Keep Co., Ltd.', 'Connection K.K.']))).toBe(head);
  });

  it('while the name as a word of its own is', () => {
    expect(mask('220 Keep Express ESMTP\r\n', own(['Keep Express K.K.']))).not.toMatch(/keep|express/i);
    expect(mask(head, own(['Apache']))).not.toContain('Apache');
  });
});

describe('share: recorded answers of real products with an organisation in them', () => {
  let real: Knowledge;
  beforeAll(() => {
    real = loadKnowledge(new URL('../../../config', import.meta.url).pathname);
  });
  const HEADERS =
    `X-Served-By: cache-itm18823-ITM\r\nVia: 1.1 gw-shiga03 (squid)\r\nETag: "5f3c-61d2ab77c0de1"
Last-Modified: Thu, 19 Nov 2026 08:15:27 GMT\r\nDate: Fri, 20 Nov 2026 00:04:11 GMT\r\nLocation: https://portal.otowagiken.co.jp/?site=ritto
Content-Security-Policy: default-src https://cdn.otowagiken.co.jp; report-uri https://o45577.ingest.sentry.io/api/998877/
Set-Cookie: JSESSIONID=9AF0C1D2E3; Domain=otowagiken.co.jp\r\nSet-Cookie: nginx_server=otowa1.2.3; Path=/ritto
WWW-Authenticate: Basic realm="Ritto NVR 077.555.1234"\r\nServer: otowa/3.1 (ritto) help 077.555.1234`.replaceAll(
      /\r?\n/g,
      '\r\n',
    );
  const BODY = `<!-- Yamada Hanako, tel 077-555-1234, 滋賀県栗東市 uptime 431 days at 08:15:27 --><script>window.c={"tenant":"ritto",
"ga":"UA-99887766-1","g4":"G-Q1W2E3R4T5","gtm":"GTM-ABC123X"}</script><meta content="b3Rvd2FnaWtlbg==">Otowa Giken Kogyo
y.hanako@otowagiken.co.jp FGT60FTK21012345 203.0.113.77 login user 10.20.30`;
  const PLANTED =
    /otowa|giken|kogyo|ritto|yamada|hanako|shiga|itm|9AF0C1|99887766|Q1W2E3|ABC123X|45577|998877|b3Rvd2|FTK2101|5f3c|61d2|08:15|00:04|077|555|1234|10\.20\.30|203\.0/i;

  it('keep words of the product, and none of the organisation, even of one that the run does not know', () => {
    let kept = 0;
    const all = [...real.products.values()].flatMap((product) =>
      product.examples.flatMap(({ samples }) => samples.map((sample) => ({ product, sample }))),
    );
    for (const { product, sample } of all) {
      if (sample.kind !== 'http' || sample.bodyBase64 !== undefined) continue;
      const headers = (sample.headers ?? []).map(([name]) => `${name}: x\r\n`).join('');
      const text = `HTTP/1.1 200 OK\r\n${headers}${HEADERS}\r\n\r\n${BODY}${sample.body ?? ''}`;
      // Of the recorded page only what comes after the planted text is of the product.
      const end = Buffer.byteLength(text) - Buffer.byteLength(sample.body ?? '');
      const masked = maskBytes(Buffer.from(text), vocabularyOf([product]), NOBODY)?.text ?? '';
      expect(masked.slice(0, end), product.id).not.toMatch(PLANTED);
      kept += /[A-Za-z]{4}/.test(masked.slice(end)) ? 1 : 0;
    }
    expect(kept).toBeGreaterThan(500);
  });
});

describe('share: the last look does not refuse what is no leak', () => {
  it('a piece of an id, an address named on purpose, a part of a public word', async () => {
    const built = bundleOf(await goldenRun());
    const files = filesOf(built);
    const stix = String(files.find(({ path }) => path === 'stix.json')?.content);
    const pieces = [...stix.matchAll(/--[0-9a-f]{8}-([0-9a-f]{4})-/g)].map(([, piece = '']) => piece);
    const words = ownWords(
      { names: [], hosts: [], loose: [], exact: [...pieces, 'ffff', 'icrosof', 'ortigat'] },
      () => false,
    );
    const blank = blankFiles(built.bundle, built.contacts);
    expect(pieces.length).toBeGreaterThan(20);
    expect(findLeaks(files, blank, words, built.isPublic)).toEqual([]);
    const leaked = [...files, { path: 'x', content: `see xicrosof and "${pieces[0]}"` }];
    expect(new Set(findLeaks(leaked, blank, words, built.isPublic))).toEqual(new Set([pieces[0], 'icrosof']));
  });

  it('the digest of an answer in which nothing had to be masked', () => {
    const bytes = Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n');
    const [first] = snapshot.findings;
    const [place] = snapshot.services;
    if (first === undefined || place === undefined) throw new Error('the fixture is empty');
    const observation: Observation = {
      id: 'probe/1',
      source: 'probe',
      vantage: 'office',
      observedAt: '2026-11-20T00:04:11Z',
      collectedAt: '2026-11-20T00:04:11Z',
      address: place.address,
      port: place.port,
      transport: 'tcp',
      status: 'open',
      probe: 'ssh',
      protocol: 'ssh',
      facts: {},
      evidence: [
        {
          label: 'ssh greeting',
          sent: '',
          received: bytes.toString('base64'),
          receivedBytes: bytes.length,
          sha256: sha256Hex(bytes),
          truncated: false,
        },
      ],
    };
    const built = buildBundle({
      ...BASE,
      observations: [observation],
      snapshot: {
        ...snapshot,
        services: [{ ...place, observations: ['probe/1'] }],
        findings: [{ ...first, subject: place.key, verdict: 'found' }],
      },
    });
    expect(built.evidence.map(({ content }) => content)).toEqual([bytes.toString()]);
    expect(
      findLeaks(filesOf(built), blankFiles(built.bundle, built.contacts), built.own, built.isPublic),
    ).toEqual([]);
  });
});

describe('share: what a reader needs is there', () => {
  const [first] = snapshot.findings;
  const shared = (changes: Partial<Service>): SharedService | undefined => {
    if (first === undefined) throw new Error('the fixture is empty');
    const place = service('203.0.113.20', 443, 'ssl-vpn', changes);
    return buildBundle({
      ...BASE,
      snapshot: {
        ...snapshot,
        services: [place],
        findings: [{ ...first, subject: place.key, verdict: 'found' }],
      },
    }).bundle.services[0];
  };

  it('a release that the title of the page tells as well', () => {
    const version = { state: 'known', value: '12.0.2FP3', certainty: 'confirmed', how: 'x' } as const;
    expect(shared({ version, label: 'Login - release 12.0.2FP3 (Otowa)' })?.version?.value).toBe('12.0.2FP3');
  });

  it('a product whose name holds a word of a title by chance', () => {
    const identity = {
      productId: 'example-vpn',
      certainty: 'confirmed',
      version: { state: 'unknown' },
      matched: [],
      observations: [],
    } as const;
    expect(
      shared({ identity: { ...identity, matched: [], observations: [] }, label: 'ampl' })?.product?.name,
    ).toMatch(/ampl/);
  });

  it('in the cover note: log-in, paths of campaigns, known use; the address for a desk alone', async () => {
    const golden = await goldenRun();
    const green = writeReadme(bundleOf(golden).bundle, 'ja');
    expect(green).toContain('ログイン前に見えた認証：パスワードのみ');
    expect(green).toMatch(/公表された攻撃のパスに応答した：GET \/\S+（200）/);
    expect(green).toContain('悪用の実績：');
    expect(green).toContain('ランサムウェア攻撃での使用あり');
    expect(green).not.toContain('203.0.113.2');
    const amber = bundleOf(golden, { tlp: 'AMBER' }).bundle;
    expect(writeReadme(amber, 'ja')).toMatch(/HOST-\w+:443\/tcp（203\.0\.113\.2、/);
  });

  it('without saying twice what was seen twice', () => {
    const risk = { risk: 'upload-form', seen: 'x' } as const;
    expect(shared({ webRisks: [risk, { ...risk, seen: 'y' }] })?.webRisks).toEqual(['upload-form']);
  });
});

describe('share: on the way out', () => {
  it('a time of day in the note is masked, a day is not', () => {
    const { text } = maskNote(
      '2026-11-20 10:33 と午後3時20分に見た。9:05:11 も。3時間続いた。',
      NOBODY,
      new Set(),
    );
    expect(text).toMatch(/^2026-11-20▒+ と▒+に見た。▒+ も。3時間続いた。$/);
  });

  it('a folder whose name leads back is told before it is written, for strangers', () => {
    const built = buildBundle(BASE);
    const lines = (out: string, bundle = built.bundle): string =>
      previewLines({ ...built, bundle, files: [], out }, messagesFor('ja')).join('\n');
    expect(lines('/home/x/架空精機-copy/')).toContain('フォルダ名「架空精機-copy」');
    expect(lines('/home/架空精機/copy')).not.toContain('フォルダ名');
    expect(lines('架空精機', { ...built.bundle, tlp: 'AMBER' })).not.toContain('フォルダ名');
  });

  it('the files tell the day at most, also in an archive', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'share-')), 'copy');
    const at = new Date('2026-11-20T00:00:00Z');
    await writeNewFolder(
      folder,
      [
        { path: 'a.txt', content: 'x' },
        { path: 'desk/b.txt', content: 'y' },
      ],
      at,
    );
    for (const path of ['.', 'a.txt', 'desk', 'desk/b.txt'])
      expect((await stat(join(folder, path))).mtime, path).toEqual(at);
  });

  it('the text for a desk warns against filling it in within a copy for strangers', () => {
    const mail = (tlp: 'GREEN' | 'AMBER'): string =>
      String(
        filesOf(buildBundle({ ...BASE, options: { ...OPTIONS, tlp } })).find(
          ({ path }) => path === 'desk/mail_ja.txt',
        )?.content,
      );
    expect(mail('GREEN')).toContain('写しの外に写してから');
    expect(mail('AMBER')).not.toContain('写しの外に写してから');
  });
});
