import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { blankFiles } from '../../../src/report/share/blank.ts';
import { buildBundle, type BuiltBundle, type ShareInput } from '../../../src/report/share/build.ts';
import { digestList, filesOf, type BundleFile } from '../../../src/report/share/files.ts';
import { findLeaks } from '../../../src/report/share/leaks.ts';
import { maskBytes } from '../../../src/report/share/mask-bytes.ts';
import { ownWords } from '../../../src/report/share/own-words.ts';
import { SharedBundle } from '../../../src/report/share/shared-record.ts';
import { runGolden, type Golden } from '../../golden/golden.ts';
import { knowledge, snapshot } from '../fixture.ts';
import { OPTIONS, planted, secretsOf, type Names } from './planted.ts';
import { encodings, readable, type Secret } from './secrets.ts';

function allFiles(input: ShareInput): BundleFile[] {
  const files = filesOf(buildBundle(input));
  return [...files, digestList(files)];
}

function leaksIn(built: BuiltBundle, files: readonly BundleFile[]): string[] {
  return findLeaks(files, blankFiles(built.bundle, built.contacts), built.own, built.isPublic);
}

/** Sounds that no word of ours has, so that a hit is no accident; longer ones, because a short one is in many a word. */
const word = (least: number): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.constantFrom(...'qxzvwjk'), fc.constantFrom(...'aeiou')), {
      minLength: least,
      maxLength: least + 2,
    })
    .map((pairs) => pairs.flat().join(''));
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const kanji = fc
  .array(fc.constantFrom(...'壱弐鯨鶴麒麟甕櫂燕雀籠鐘'), { minLength: 3, maxLength: 5 })
  .map((chars) => chars.join(''));
const names: fc.Arbitrary<Names> = fc.record({
  first: word(3).map(capital),
  second: word(3).map(capital),
  japanese: kanji,
  label: fc.tuple(word(2), fc.nat(99)).map(([text, n]) => `${text}-srv${n}`),
  domain: word(3),
  person: kanji.map((text) => `${text}太郎`),
  serial: fc.stringMatching(/^[2-9a-f]{20}$/).filter((text) => /[a-f]/.test(text)),
  address: fc
    .tuple(
      fc.integer({ min: 11, max: 223 }),
      fc.integer({ min: 100, max: 255 }),
      fc.integer({ min: 100, max: 255 }),
      fc.integer({ min: 100, max: 254 }),
    )
    .map((parts) => parts.join('.')),
  short: fc.stringMatching(/^[QXZ][VWJ][QXZ]$/),
});

describe('share: nothing of the organisation is left for strangers', () => {
  it('in a copy of names planted everywhere, in every encoding', () => {
    fc.assert(
      fc.property(
        names,
        fc.constantFrom('GREEN' as const, 'CLEAR' as const),
        fc.constantFrom('technical' as const, 'victim' as const),
        (made, tlp, envelope) => {
          const input = planted(made, { tlp, envelope });
          expect(readable(allFiles(input), secretsOf(made))).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("in the sender's own note", () => {
    fc.assert(
      fc.property(names, fc.nat(100), (made, pick) => {
        const secrets = secretsOf(made);
        const { text } = secrets[pick % secrets.length] ?? { text: '' };
        const forms = [text, text.toUpperCase(), [...text].join('-'), ...encodings(text).slice(0, 3)];
        const note = `入口は${text}の ${forms.join(' と ')} です。CVE-2026-12345、2026-11-20 から。`;
        const built = buildBundle(planted(made, { note, evidence: false }));
        expect(readable(filesOf(built), secrets)).toEqual([]);
        expect(built.bundle.note).toContain('CVE-2026-12345、2026-11-20 から');
        expect(built.flagged.join(' ')).toContain(text.slice(0, 4));
      }),
      { numRuns: 20 },
    );
  });

  it('and the last look before writing agrees', () => {
    fc.assert(
      fc.property(names, (made) => {
        const built = buildBundle(planted(made));
        expect(leaksIn(built, filesOf(built))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  describe('this test can fail', () => {
    const made: Names = {
      first: 'Qavuzo',
      second: 'Xewiki',
      japanese: '鯨鶴麒麟',
      label: 'zuvo-srv7',
      domain: 'kuxoja',
      person: '甕櫂太郎',
      serial: '9f3e7a5c2b8d4e6f7a92',
      address: '203.111.112.113',
      short: 'QVX',
    };
    const secrets = secretsOf(made);

    it('because a desk gets every one of the names', () => {
      const found = readable(
        allFiles(planted(made, { tlp: 'AMBER', envelope: 'victim', named: true })),
        secrets,
      );
      for (const { text } of secrets) expect(found.join('\n')).toContain(`"${text}" in`);
    });

    it('because each of them is found in each form', () => {
      for (const { of, text } of secrets.filter(({ text: one }) => one.length >= 4)) {
        for (const form of [text, text.toUpperCase(), ...encodings(text)]) {
          const file = { path: 'x', content: `before ${form} after` };
          expect(readable([file], [{ of, text }]), form).not.toEqual([]);
        }
        expect(readable([{ path: 'x', content: Buffer.from(text, 'utf16le') }], [{ of, text }])).not.toEqual(
          [],
        );
        expect(readable([{ path: `evidence/${text}.txt`, content: '' }], [{ of, text }])).not.toEqual([]);
      }
    });

    it('because bytes without the list of known words, and without the own words, would show them', () => {
      const bytes = Buffer.from(`220 ${made.label}.${made.domain}.co.jp ESMTP ${made.first} Postfix\r\n`);
      const anything = { software: () => true, head: () => true, product: () => true };
      const nobody = ownWords({ names: [], hosts: [], loose: [], exact: [] }, () => false);
      const open = maskBytes(bytes, anything, nobody)?.text ?? '';
      expect(open).toContain(made.first);
      // Either of the two is enough by itself.
      const own = ownWords(
        { names: [made.first], hosts: [`${made.label}.${made.domain}.co.jp`], loose: [], exact: [] },
        () => false,
      );
      for (const closed of [
        maskBytes(bytes, anything, own),
        maskBytes(
          bytes,
          { software: () => false, head: (one) => ['esmtp', 'postfix'].includes(one), product: () => false },
          nobody,
        ),
      ])
        expect(readable([{ path: 'x', content: closed?.text ?? '' }], secrets)).toEqual([]);
    });

    it('because the last look finds a name in a file', () => {
      const built = buildBundle(planted(made));
      const files = filesOf(built);
      for (const form of [
        made.first,
        made.japanese,
        made.domain.toUpperCase(),
        Buffer.from(made.domain).toString('base64'),
      ])
        expect(leaksIn(built, [...files, { path: 'x', content: form }]), form).not.toEqual([]);
    });
  });

  it('in the fixture', () => {
    const input = {
      snapshot,
      observations: [],
      answers: {},
      published: knowledge,
      key: '11'.repeat(32),
      options: { ...OPTIONS, findings: snapshot.findings.map(({ spokenId }) => spokenId) },
    };
    const secrets: Secret[] = [
      '架空精機',
      'Kakuu',
      'Seiki',
      'keiri01',
      'corp.example.jp',
      'vpn.example.jp',
      '203.0.113.',
      '198.51.100.',
      '192.0.2.',
      '2001:db8',
      '代表取締役',
      '架空保守',
      '現地総務',
      '情報システム係',
      '在宅勤務',
      '2026-041',
      'a'.repeat(64),
      'It works',
      '台北',
      '滋賀',
      'Taipei',
      '7c1e7c1e',
    ].map((text) => ({ of: 'fixture', text }));
    expect(readable(allFiles(input), secrets)).toEqual([]);
    expect(buildBundle(input).bundle.findings).toHaveLength(snapshot.findings.length);
  });

  describe('in the golden run', () => {
    let golden: Golden;
    beforeAll(async () => {
      golden = await runGolden();
    });
    it('whatever is chosen', () => {
      const [, run] = golden.snapshots;
      const { observations } = golden.journals[1];
      const input = {
        snapshot: run,
        observations,
        answers: {},
        published: golden.knowledge,
        key: '22'.repeat(32),
        options: { ...OPTIONS, findings: run.findings.map(({ spokenId }) => spokenId) },
      };
      const texts = [
        'kakuu',
        'seiki',
        '架空',
        'file01',
        'ksts01',
        'corp.',
        '203.0.113.',
        '198.51.100.',
        '192.0.2.77',
        'FGT60F',
        'tpe',
        '本社',
        '台北',
        '情報システム',
        'DEMO-',
        'mobile-line',
        'Sunnyvale',
        ...observations.flatMap(({ evidence, facts }) => [
          ...evidence.map(({ sha256 }) => sha256),
          ...(facts.tls?.certificates ?? []).flatMap(({ sha256, serial, subject }) => [
            sha256,
            serial,
            subject,
          ]),
          ...(facts.ssh?.hostKeys ?? []).map(({ sha256 }) => sha256),
          ...(facts.http?.answers ?? []).map(({ bodySha256 }) => bodySha256),
        ]),
      ].filter((text) => text.length >= 3);
      const files = allFiles(input);
      expect(
        readable(
          files,
          texts.map((text) => ({ of: 'golden', text })),
        ),
      ).toEqual([]);
      const bundle = SharedBundle.parse(
        JSON.parse(String(files.find(({ path }) => path === 'bundle.json')?.content)),
      );
      expect(bundle.findings.length).toBe(run.findings.length);
      expect(bundle.evidence.some(({ received }) => received.state === 'masked')).toBe(true);
      // What it is about is still there.
      const text = files.map(({ content }) => String(content)).join('\n');
      for (const kept of [
        'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3',
        'RFB 003.008',
        'Microsoft-IIS/10.0',
        'SVPNCOOKIE',
        'remote▒login',
      ])
        expect(text).toContain(kept);
    });
  });
});
