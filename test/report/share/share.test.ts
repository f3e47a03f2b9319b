import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messagesFor } from '../../../src/report/messages/index.ts';
import { buildBundle } from '../../../src/report/share/build.ts';
import { SHARE_FIELDS, treatmentOf } from '../../../src/report/share/fields.ts';
import { filesOf } from '../../../src/report/share/files.ts';
import { maskBytes } from '../../../src/report/share/mask-bytes.ts';
import { ownWords } from '../../../src/report/share/own-words.ts';
import { plainVersion } from '../../../src/report/share/plain-version.ts';
import { POINTER_KINDS, stillPointing } from '../../../src/report/share/pointing.ts';
import { fieldTable } from '../../../src/report/share/preview.ts';
import { pseudonymiser } from '../../../src/report/share/pseudonym.ts';
import { pointerLines, writeReadme } from '../../../src/report/share/readme.ts';
import { SharedBundle } from '../../../src/report/share/shared-record.ts';
import { vocabularyOf } from '../../../src/report/share/vocabulary.ts';
import { buildView } from '../../../src/report/view.ts';
import { knowledge, snapshot } from '../fixture.ts';
import { OPTIONS } from './planted.ts';

const KEY = '11'.repeat(32);
const BASE = { snapshot, observations: [], answers: {}, published: knowledge, key: KEY, options: OPTIONS };
const NOBODY = ownWords({ names: [], hosts: [], loose: [], exact: [] }, () => false);

describe('share: pseudonyms', () => {
  const addresses = fc.uniqueArray(fc.ipV4(), { minLength: 1, maxLength: 60 });

  it('do not depend on order or company: a longer label begins with the shorter one', () => {
    fc.assert(
      fc.property(addresses, addresses, (some, others) => {
        const { all } = pseudonymiser(KEY);
        const [together, alone] = [all('HOST', [...others, ...some]), all('HOST', some.toReversed())];
        expect(new Set(together.values()).size).toBe(together.size);
        for (const one of some) {
          const [long, short] = [together.get(one) ?? '', alone.get(one) ?? ''];
          expect(long.startsWith(short) || short.startsWith(long)).toBe(true);
        }
      }),
    );
  });

  it('tells apart those that begin alike, and changes with the key', () => {
    const many = Array.from({ length: 4000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
    const labels = pseudonymiser(KEY).all('HOST', many);
    expect(new Set(labels.values()).size).toBe(many.length);
    expect([...labels.values()].some((label) => label.length > 'HOST-'.length + 4)).toBe(true);
    for (const label of labels.values()) expect(label).toMatch(/^HOST-[2-9BCDFGHJKMNPQRSTVWXZ]{4,}$/);
    expect(pseudonymiser('22'.repeat(32)).one('ORG', 'x')).not.toBe(pseudonymiser(KEY).one('ORG', 'x'));
  });
});

describe('share: bytes', () => {
  const vocabulary = vocabularyOf([]);

  it('keeps what protocols say everywhere, and lengths', () => {
    const text =
      'HTTP/1.1 401 Unauthorized\r\nServer: Apache/2.4.57 (Debian)\r\nWWW-Authenticate: Basic realm="Yamada"\r\nX-Yamada: secret\r\n\r\n';
    const masked = maskBytes(Buffer.from(text), vocabulary, NOBODY);
    expect(masked?.text.split('\r\n')).toEqual([
      'HTTP/1.1 401 Unauthorized',
      'Server: Apache/2.4.57 (Debian)',
      `WWW-Authenticate: Basic${'▒'.repeat(15)}`,
      `X-▒▒▒▒▒▒:${'▒'.repeat(7)}`,
      '',
      '',
    ]);
    for (const [from, length] of masked?.masked ?? [])
      expect(masked?.text.slice(from, from + length)).toBe('▒'.repeat(length));
  });

  it('does not tell how long a page is', () => {
    const page = (length: number) =>
      maskBytes(Buffer.from(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(length)}`), vocabulary, NOBODY);
    expect(page(10)).toEqual(page(3000));
  });

  it('shows no four numbers that may be an address, nor part of them', () => {
    for (const text of ['nginx/203.0.113.10', 'nginx 203.0.113.10', 'nginx/1.2.3.4.5'])
      expect(maskBytes(Buffer.from(`220 ${text}\r\n`), vocabulary, NOBODY)?.text).toBe(
        `220 nginx${text.slice(5).replaceAll(/\d/g, '▒')}\r\n`,
      );
  });

  it('gives a character for each byte, never a control character, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const masked = maskBytes(bytes, vocabulary, NOBODY);
        if (masked === undefined) return;
        expect(masked.text.length).toBeLessThanOrEqual(bytes.length);
        expect(masked.text).toMatch(/^[\t\n\r -~▒]*$/);
      }),
    );
  });

  it('hides own words made of words that everybody uses', () => {
    const own = ownWords({ names: ['Open Apache Server Inc.'], hosts: [], loose: [], exact: [] }, () => true);
    expect(maskBytes(Buffer.from('220 Apache Server ready\r\n'), vocabulary, own)?.text).toBe(
      '220 ▒▒▒▒▒▒ Server ready\r\n',
    );
    expect(own.has('OPEN_apache-server')).toBe(true);
    expect(own.has('ＯＰＥＮ　Ａｐａｃｈｅ　Ｓｅｒｖｅｒ')).toBe(true);
  });
});

describe('share: versions', () => {
  it.each([
    '7.2.1',
    '15.2.1118.7',
    '9.2p1',
    '9.6p1 Ubuntu-3ubuntu13',
    'R81.20',
    '22.7R2.6',
    '15.2(4)M7',
    '10.0.20348',
    '15.4.2.126',
    '12.1-50.28',
    '9.8(4)20',
  ])('lets %s through', (text) => {
    expect(plainVersion(text)).toBe(text);
  });
  it.each([
    '8.1.4-yamada',
    '203.0.113.10',
    '203-0-113-10',
    '192.168.1.20',
    '10.1.2.3',
    '03-1234-5678',
    '(077) 555 1234',
    '1234567890',
    'yamada',
    '1.0 for Yamada',
    '',
    '1.0\n2',
  ])('keeps %j at home', (text) => {
    expect(plainVersion(text)).toBeUndefined();
  });
});

describe('share: bundle', () => {
  it('holds by default the findings that name a fault, and is the same each time', () => {
    const { bundle } = buildBundle(BASE);
    expect(bundle.findings.map(({ id }) => id)).toEqual(['B-02', 'B-07', 'B-03', 'B-05', 'B-12']);
    expect(SharedBundle.parse(bundle)).toEqual(bundle);
    expect(filesOf(buildBundle(BASE))).toEqual(filesOf(buildBundle(BASE)));
    expect(JSON.stringify(bundle)).not.toMatch(/\d{4}-\d\d-\d\dT/);
  });

  it("has the victim's part only when asked for, and never a no that nobody said", () => {
    const answers = {
      findings: { 'B-07': { 'may-close': 'yes' as const, purpose: 'maintenance', logs: { days: 14 } } },
    };
    const of = (options: Partial<typeof OPTIONS>) =>
      buildBundle({ ...BASE, answers, options: { ...OPTIONS, ...options } }).bundle;
    expect(of({}).findings.every(({ answer }) => answer === undefined)).toBe(true);
    const green = of({ envelope: 'victim' }).findings.flatMap(({ answer }) => answer ?? []);
    expect(green).toEqual([{ mayClose: 'yes', logDays: 14, words: [] }]);
    const amber = of({ envelope: 'victim', tlp: 'AMBER' }).findings.flatMap(({ answer }) => answer ?? []);
    expect(amber[0]?.words).toEqual([{ question: 'purpose', text: 'maintenance' }]);
  });

  it('names public desks, and counts the others', () => {
    const contacts = [{ who: { ja: 'JPCERT/CC', en: 'JPCERT/CC' } }] as unknown as NonNullable<
      typeof knowledge.contacts
    >;
    const answers = { told: [{ who: 'JPCERT/CC 田中様', on: '2026-11-20' }, { who: '架空保守' }] };
    const { bundle } = buildBundle({ ...BASE, answers, published: { ...knowledge, contacts } });
    expect(bundle.told).toEqual([{ who: { ja: 'JPCERT/CC', en: 'JPCERT/CC' }, on: '2026-11-20' }]);
    expect(bundle.toldOthers).toBe(1);
  });

  it.each(['ja', 'en'] as const)(
    'comes with a cover note that leaves open what is not known (%s)',
    (lang) => {
      const text = writeReadme(buildBundle(BASE).bundle, lang);
      const { readme } = messagesFor(lang).share;
      for (const part of [
        readme.what,
        readme.since,
        readme.from,
        readme.missing,
        readme.told,
        readme.pass,
        readme.reach,
        readme.pointing,
      ])
        expect(text).toContain(`■ ${part}`);
      for (const open of [readme.notTold, readme.passingUnsaid, readme.senderNone, readme.partial])
        expect(text).toContain(open);
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    },
  );
});

describe('share: what can still point to the sender', () => {
  it('has words for every kind', () => {
    for (const lang of ['ja', 'en'] as const)
      for (const kind of POINTER_KINDS)
        expect(pointerLines([{ kind, items: ['x'], count: 2 }], messagesFor(lang))[0]).toMatch(/[。.]$/);
  });

  it('tells what is rare in this bundle, and what never goes away', () => {
    const kinds = stillPointing(buildBundle(BASE).bundle).map(({ kind }) => kind);
    expect(kinds).toEqual([
      'products-together',
      'exact-version',
      'features',
      'place-and-day',
      'abroad',
      'numbers',
      'same-labels',
      'comparison',
    ]);
    const wide = buildBundle({
      ...BASE,
      options: {
        ...OPTIONS,
        tlp: 'AMBER',
        named: true,
        note: 'x',
        keepAddresses: ['192.0.2.1'],
        sender: { sector: 'finance', size: '51-300', contact: 'me' },
      },
    }).bundle;
    const more = stillPointing(wide).map(({ kind }) => kind);
    for (const kind of ['as-is', 'named', 'contact', 'bands', 'note', 'others']) expect(more).toContain(kind);
  });
});

describe('share: section 14', () => {
  it('prints the table that the program redacts by', () => {
    expect(fieldTable().map(({ field }) => field)).toEqual([...SHARE_FIELDS]);
    for (const { field, strangers } of fieldTable())
      expect(strangers).toBe(treatmentOf(field, { circle: 'strangers', victim: true, named: false }));
    for (const lang of ['ja', 'en'] as const) {
      const section = buildView({ snapshot, knowledge, evidence: () => [], lang }).sections.find(
        ({ number }) => number === '14',
      );
      const sheet = section?.blocks.find((block) => block.kind === 'sheet');
      expect(sheet?.kind === 'sheet' ? sheet.rows.length : 0).toBe(SHARE_FIELDS.length);
      const text = JSON.stringify(section);
      expect(text).toContain(`sekisho share ${snapshot.runId} --out`);
      // To the owner, hosts are addresses.
      expect(text).not.toMatch(/HOST-(?!7F3K)[0-9A-Z]{4}/);
    }
  });

  it('says so when there is nothing to share, and quotes no run id that is none', () => {
    const section = buildView({
      snapshot: { ...snapshot, findings: [], runId: '$(reboot)' },
      knowledge,
      evidence: () => [],
      lang: 'en',
    }).sections.find(({ number }) => number === '14');
    expect(JSON.stringify(section)).toContain('the copy would hold none');
    expect(JSON.stringify(section)).not.toContain('reboot');
  });
});
