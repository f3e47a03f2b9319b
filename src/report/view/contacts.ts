/** Desks as the report names them. What nobody has read at its source is never printed as if it were sure. */
import type { Contact } from '../../model/contacts.ts';
import type { Dates, Language } from '../dates.ts';
import type { Messages } from '../messages/index.ts';

export interface Desk {
  readonly who: string;
  readonly desk: string;
  readonly does: readonly string[];
  readonly how: readonly string[];
  /** Day on which it was read, then how and of what date. */
  readonly verified: readonly string[];
}

/** What a list of desks needs to be written in one language. */
export interface DeskWords {
  readonly m: Messages;
  readonly lang: Language;
  readonly dates: Dates;
}

export function deskOf(words: DeskWords, contact: Contact, all: readonly Contact[]): Desk {
  const { m, lang } = words;
  const say = m.desk.desks;
  const not = contact['does-not'];
  const through = all.find(({ id }) => id === contact.through);
  const { mail, phone, page } = contact;
  return {
    who: contact.who[lang],
    desk: contact.desk[lang],
    does: [
      contact.does[lang],
      ...(not === undefined ? [] : [say.not(not[lang])]),
      ...(contact.kind === 'duty' ? [say.duty] : []),
    ],
    how: [
      ...(through === undefined ? [] : [say.through(through.who[lang])]),
      ...[mail, phone].filter((one) => one !== undefined),
      contact.url,
      ...(page === undefined ? [] : [say.page(page[lang])]),
    ],
    verified: verified(words, contact),
  };
}

function verified({ m, dates }: DeskWords, contact: Contact): string[] {
  const say = m.desk.desks;
  if (contact.basis === 'remembered') return [say.asMemory];
  const pageDate = contact['page-date'];
  const lines = [dates.numeric(contact['last-verified'])];
  if (pageDate !== undefined) lines.push(say.pageDate(dates.numeric(pageDate)));
  return [...lines, contact.basis === 'page' ? say.asPage : say.asCopy];
}

/** Those who help, for page one: whoever is reached through another desk is named in section 13. */
export function firstDesks(contacts: readonly Contact[]): Contact[] {
  return contacts.filter(({ kind, through }) => kind === 'consult' && through === undefined).slice(0, 3);
}

/** "企業組織向け…窓口（cs-support@ipa.go.jp、サイトの「…」）" */
export function briefDesk({ m, lang }: DeskWords, contact: Contact): string {
  const say = m.desk.brief;
  const reach = contact.mail ?? contact.phone;
  if (reach !== undefined)
    return m.withNote(contact.desk[lang], contact.basis === 'page' ? reach : say.check(reach));
  const { page } = contact;
  return page === undefined ? contact.desk[lang] : m.withNote(contact.desk[lang], say.page(page[lang]));
}
