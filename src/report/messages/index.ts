import { showable } from '../../lib/hostile-text.ts';
import type { Language } from '../dates.ts';
import { en, type Messages } from './en.ts';
import { ja } from './ja.ts';

export type { Messages };

export function messagesFor(lang: Language): Messages {
  return lang === 'ja' ? ja : en;
}

/** The text of an id, or the id itself, visible, when no text is known: never empty, never silently dropped. */
export function textOf(table: Readonly<Record<string, string>>, id: string): string {
  return Object.hasOwn(table, id) ? (table[id] ?? id) : showable(id, 80);
}
