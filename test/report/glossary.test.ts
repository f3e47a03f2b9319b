import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GLOSSARY } from '../../src/report/messages/glossary-terms.ts';
import { messagesFor } from '../../src/report/messages/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = ['src/report/messages', 'config/advice'];

/** All texts of one language as they stand in the sources, without the glossary itself. */
function written(lang: 'ja' | 'en'): string {
  const files = SOURCES.flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((file) => join(folder, file)),
  );
  const own = files.filter(
    (file) => (file.endsWith('.yaml') || new RegExp(`/${lang}[.-]`).test(file)) && !file.includes('glossary'),
  );
  return [...own, 'config/volatility.yaml', 'config/contacts.yaml', 'config/classes.yaml']
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
}

describe('the glossary', () => {
  it('explains only words that the report uses', () => {
    const [ja, en] = [written('ja'), written('en').toLowerCase()];
    const missing = GLOSSARY.flatMap(({ ja: word, en: english }) => {
      const parts = word.split(/[（）]/).filter((part) => part !== '');
      return [
        ...(parts.some((part) => ja.includes(part)) ? [] : [word]),
        ...(en.includes(english.toLowerCase()) ? [] : [english]),
      ];
    });
    expect(missing).toEqual([]);
  });

  it('has each word once, with a reading where there are kanji and a short gloss in both languages', () => {
    expect(new Set(GLOSSARY.map(({ id }) => id)).size).toBe(GLOSSARY.length);
    expect(GLOSSARY.length).toBeGreaterThan(35);
    for (const { id, ja, reading } of GLOSSARY) {
      if (/[\u4e00-\u9fff]/.test(ja)) expect(reading, ja).toMatch(/^[\u3041-\u3096ー]+$/);
      else expect(reading, ja).toBe('');
      expect(messagesFor('ja').glossary.glosses[id].length, id).toBeLessThan(70);
      expect(messagesFor('en').glossary.glosses[id].length, id).toBeLessThan(130);
    }
  });

  it('is followed by the texts: no form that it replaces', () => {
    const ja = written('ja');
    const forms = [
      'サーバー',
      'ユーザー',
      '踏み台サーバ',
      'メーカー',
      'パッチを',
      '攻撃面',
      '証跡',
      '診断した',
    ];
    expect(forms.filter((form) => ja.includes(form))).toEqual([]);
  });
});
