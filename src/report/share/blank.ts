/** All that a bundle says without a word of a run: names of fields, values of lists, headings, fixed sentences. */
import { z } from 'zod';
import { messagesFor } from '../messages/index.ts';
import { filesOf, type BundleFile } from './files.ts';
import type { Contact } from '../../model/contacts.ts';
import { INDICATOR_TEXTS, STIX_TEXTS } from './stix/texts.ts';
import { SharedBundle } from './shared-record.ts';

/** @param bundle any; of it the mark, the envelope, the addresses of others and the table are kept */
export function blankFiles(bundle: SharedBundle, contacts: readonly Contact[] = []): BundleFile[] {
  const { note: _note, passingOn: _passingOn, ...rest } = bundle;
  const blank: SharedBundle = {
    ...rest,
    id: 'BUNDLE-0000',
    sender: {},
    services: [],
    findings: [],
    evidence: [],
    // Named by the sender on purpose: "ffff" in one of them is no word of his.
    told: [],
  };
  const fixed = [
    JSON.stringify(z.toJSONSchema(SharedBundle)),
    ...constantTexts(messagesFor('ja')),
    ...constantTexts(messagesFor('en')),
    ...constantTexts(STIX_TEXTS),
    ...constantTexts(INDICATOR_TEXTS),
  ];
  return [
    ...filesOf({ bundle: blank, evidence: [], contacts }),
    { path: 'fixed', content: fixed.join('\n') },
  ];
}

/** A sentence with blanks is a function: its source holds its words. */
function constantTexts(messages: unknown): string[] {
  if (typeof messages === 'string') return [messages];
  if (typeof messages === 'function') return [String(messages)];
  if (typeof messages !== 'object' || messages === null) return [];
  return Object.entries(messages).flatMap(([key, inner]) => [key, ...constantTexts(inner)]);
}
