import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildCompiled, loadKnowledge } from '../../src/knowledge/load.ts';
import { errorText } from '../../src/lib/app-error.ts';
import type { Contact } from '../../src/model/contacts.ts';
import { makeDates } from '../../src/report/dates.ts';
import { messagesFor } from '../../src/report/messages/index.ts';
import { briefDesk, deskOf, firstDesks, type Desk } from '../../src/report/view/contacts.ts';
import { knowledge } from './fixture.ts';

const CONFIG = new URL('../../config', import.meta.url).pathname;
const contacts = knowledge.contacts ?? [];
const words = (lang: 'ja' | 'en'): Parameters<typeof deskOf>[0] => ({
  lang,
  m: messagesFor(lang),
  dates: makeDates('Asia/Tokyo', lang, '2026-11-21T00:00:00Z'),
});
const contact = (id: string): Contact => {
  const found = contacts.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const desk = (of: Contact, lang: 'ja' | 'en' = 'ja'): Desk => deskOf(words(lang), of, contacts);

describe('config/contacts.yaml', () => {
  it('has the desks that a report sends people to, in both languages', () => {
    expect(contacts.map(({ id }) => id)).toEqual([
      'ipa',
      'ipa-j-crat',
      'jpcert',
      'police',
      'ppc',
      'security-portal',
    ]);
    for (const { id, does, who } of contacts) {
      expect(does.ja, id).toMatch(/[\u3040-\u30ff].*。$/);
      expect(does.en, id).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
      expect(who.en, id).not.toBe('');
    }
  });

  it('gives no mail and no deep link that nobody has read', () => {
    for (const one of contacts.filter(({ basis }) => basis === 'remembered')) {
      expect([one.mail, one.phone, one.page]).toEqual([undefined, undefined, undefined]);
      expect(new URL(one.url).pathname).toBe('/');
    }
  });

  it('was read after the pages were written', () => {
    for (const { 'last-verified': read, 'page-date': page = '' } of contacts) expect(page <= read).toBe(true);
    expect(contacts.filter((one) => one['page-date'] !== undefined).length).toBeGreaterThan(0);
  });
});

describe('knowledge/contacts', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-contacts-'));
    for (const name of ['classes.yaml', 'ports.yaml', 'contacts.yaml', 'rules', 'advice'])
      cpSync(join(CONFIG, name), join(folder, name), { recursive: true });
    cpSync(join(CONFIG, 'products/telnet'), join(folder, 'products/telnet'), { recursive: true });
    const vendors = readFileSync(join(CONFIG, 'vendors.yaml'), 'utf8');
    writeFileSync(join(folder, 'vendors.yaml'), vendors);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function problem(change: (text: string) => string): string {
    const file = join(folder, 'contacts.yaml');
    const text = readFileSync(file, 'utf8');
    const changed = change(text);
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
    try {
      loadKnowledge(folder, '/nonexistent');
    } catch (error) {
      return errorText(error);
    }
    return 'no problem';
  }

  it('loads them in the order of the file, and keeps them when compiled', () => {
    expect(loadKnowledge(folder, '/nonexistent').contacts).toEqual(contacts);
    const compiled = join(folder, 'compiled.json');
    writeFileSync(compiled, buildCompiled(folder));
    expect(loadKnowledge(folder, compiled).contacts).toEqual(contacts);
  });

  it('does without the file', () => {
    rmSync(join(folder, 'contacts.yaml'));
    expect(loadKnowledge(folder, '/nonexistent').contacts).toEqual([]);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'a desk remembered with a deep link',
      (text) =>
        text.replace('https://security-portal.nisc.go.jp/', 'https://security-portal.nisc.go.jp/support/'),
      /contacts\.yaml:\d+:\d+: contacts\[5\]\.url: what nobody has read is not printed/,
    ],
    [
      'a desk remembered with a mail address',
      (text) => text.replace('    basis: remembered', '    mail: a@example.jp\n    basis: remembered'),
      /contacts\.yaml:\d+:\d+: contacts\[5\]\.mail: what nobody has read/,
    ],
    [
      'a desk read nowhere',
      (text) => text.replace(/basis: remembered/, 'basis: copy'),
      /contacts\.yaml:\d+:\d+: contacts\[5\]\.verified-at: write the address of the page/,
    ],
    [
      'a date that is none',
      (text) => text.replace('"2026-11-21"', '"21 November"'),
      /last-verified: expected a date/,
    ],
    [
      'a page without TLS',
      (text) => text.replace('url: https://www.ipa', 'url: http://www.ipa'),
      /contacts\[0\]\.url/,
    ],
    [
      'a way through nobody',
      (text) => text.replace('through: ipa', 'through: ip'),
      /contacts\[1\]\.through: there is no desk ip/,
    ],
    [
      'two of one name',
      (text) => text.replace('id: jpcert', 'id: ipa'),
      /contacts\[2\]\.id: another desk has the id ipa/,
    ],
    ['a slip of the pen', (text) => text.replace('does-not:', 'doesnt:'), /unknown key "doesnt"/],
  ])('names file and line of %s', (_, change, expected) => {
    expect(problem(change)).toMatch(expected);
  });
});

describe('report/view/contacts', () => {
  it('says of every desk how sure its data is', () => {
    expect(desk(contact('ipa')).verified).toEqual([
      '2026-11-21',
      '2025-04-15 のページ',
      '保存された写しで確認。使う前に確かめる。',
    ]);
    expect(desk(contact('security-portal')).verified).toEqual(['未確認。使う前に確かめる。']);
    expect(desk({ ...contact('police'), basis: 'page' }, 'en').verified).toEqual([
      '2026-11-21',
      'at the desk’s own site',
    ]);
  });

  it('tells what a desk does not do, and through whom it is reached', () => {
    expect(desk(contact('jpcert')).does.join('')).toContain('注意：暗号化されたファイルの復号');
    expect(desk(contact('ipa-j-crat')).how[0]).toBe('上の IPA の窓口から。');
    expect(desk(contact('ppc')).does.at(-1)).toBe('報告が義務になる場合がある。');
  });

  it('puts three who help on page one, with a warning beside what may be out of date', () => {
    const first = firstDesks(contacts);
    expect(first.map(({ id }) => id)).toEqual(['ipa', 'jpcert', 'police']);
    expect(briefDesk(words('ja'), contact('ipa'))).toBe(
      '企業組織向けサイバーセキュリティ相談窓口（cs-support@ipa.go.jp、使う前にサイトで確認）',
    );
    expect(briefDesk(words('ja'), { ...contact('ipa'), basis: 'page' })).not.toContain('使う前に');
    expect(briefDesk(words('en'), contact('security-portal'))).toBe('cyber security portal');
    expect(firstDesks([])).toEqual([]);
  });
});
