/** Desks to consult, from `config/contacts.yaml`. Addresses change: each entry says when somebody last read it, and where. */
import { z } from 'zod';
import { Texts } from './texts.ts';

/**
 * How an entry was verified.
 *
 * - page: read at the desk's own site
 * - copy: read in a stored copy of the desk's page, or in a page that quotes it; may be out of date
 * - remembered: not read anywhere, so no more than the desk's name and the root of its site is told
 */
const Basis = z.enum(['page', 'copy', 'remembered']);

export const Contact = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    /** consult: who helps · duty: who must be told in some cases · guide: where desks are listed. */
    kind: z.enum(['consult', 'duty', 'guide']),
    /** Short name: "IPA". */
    who: Texts,
    desk: Texts,
    /** What it does for whoever asks. */
    does: Texts,
    /** What it does not do. Absent: not known. */
    'does-not': Texts.optional(),
    /** Id of the desk through which it is reached. Absent: itself. */
    through: z.string().optional(),
    mail: z.email().optional(),
    phone: z
      .string()
      .regex(/^[0-9+][0-9 ()-]{2,24}$/)
      .optional(),
    url: z.url({ protocol: /^https$/ }),
    /** Name of the page to look for, when the address has moved. */
    page: Texts.optional(),
    /** Two capital letters; absent: anywhere. */
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional(),
    basis: Basis,
    'last-verified': z.iso.date(),
    /** Address of what was read; "memory" for what was remembered. */
    'verified-at': z.union([z.url({ protocol: /^https$/ }), z.literal('memory')]),
    /** Date that the page read bears. Absent: it bears none. */
    'page-date': z.iso.date().optional(),
  })
  .superRefine((contact, context) => {
    const fault = (key: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message });
    if (contact.basis !== 'remembered') {
      if (contact['verified-at'] === 'memory')
        fault('verified-at', 'write the address of the page that was read, or make the basis "remembered"');
      return;
    }
    for (const key of ['mail', 'phone', 'page'] as const)
      if (contact[key] !== undefined)
        fault(key, 'what nobody has read is not printed: read it at the desk’s own site, or leave it out');
    if (new URL(contact.url).pathname !== '/')
      fault('url', 'what nobody has read is not printed: give the root of the desk’s site alone');
  });
export type Contact = z.infer<typeof Contact>;

export const ContactsFile = z.strictObject({ contacts: z.array(Contact).min(1) });
export type ContactsFile = z.infer<typeof ContactsFile>;
