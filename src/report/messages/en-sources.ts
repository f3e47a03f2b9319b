import { count } from './english.ts';

/** Who saw it, who did not, and since when it is known to be open. */
export const enSources = {
  sources: {
    ownProbe: 'own probe',
    separator: ' · ',
    range: (from: string, to: string) => `${from} – ${to}`,
    who: (name: string, file: string) => (file === '' ? name : `${name} (${file})`),
    dated: (who: string, when: string) => `${who}: ${when}`,
    undated: (file: string) => `no date, file of ${file}`,
    list: (list: string) => `Seen open by ${list}.`,
    agree: (own: string, other: string) =>
      `The own probe (${own}) and other sources (newest ${other}) both found it open.`,
    contradiction: (own: string, other: string) =>
      `The own probe (${own}) and other sources (newest ${other}) both found it open, but do not say the same of it: it may have been changed in between.`,
    sameVersion: (version: string, list: string) => `They show the same version, ${version}: ${list}.`,
    versionIn: (who: string, at: string) => `${who} ${at}`,
    /** Subject of the sentences below. */
    only: {
      'passive-only': 'public records',
      'imported-only': 'imported files of other tools',
      'tool-only': 'another tool that this check started',
      mixed: 'other sources',
    },
    reason: {
      'not-looked': (who: string, other: string) =>
        `Only known from ${who} (newest ${other}): the own probe did not look at this place.`,
      stale: (who: string, other: string, days: number) =>
        `Only known from ${who}, and the newest look is ${count(days, 'day')} old (${other}). The own probe did not look: whether it is still open is not known.`,
      refused: (who: string, other: string, missed: string) =>
        `Only known from ${who} (newest ${other}). The own probe was refused on ${missed}: it was closed in between, or it refuses this vantage point.`,
      silent: (who: string, other: string, missed: string) =>
        `Only known from ${who} (newest ${other}). The own probe got no answer on ${missed}: it is filtered from here, or it was closed in between.`,
    },
    alone: {
      'not-all-asked':
        'Only the own probe saw it. The public records did not come in full, so that they do not show it means nothing.',
      'not-this-port':
        'Only the own probe saw it. Public records know this address, but not this port: their crawlers do not ask for it, or it was opened after their last visit.',
      'not-this-address':
        'Only the own probe saw it. Public records know nothing of this address: it may be new, or hidden from their crawlers.',
    },
    headline: (site: string, name: string) => `${name} at ${site} is in an imported file`,
    phone: 'A file of another tool shows it.',
  },
  exposure: {
    ownProbe: 'the own probe',
    once: (on: string) => `Seen open once, on ${on}: since when is not known.`,
    onceSince: (on: string, bound: string) => `Seen open once, on ${on}; at most since ${bound}.`,
    seen: (when: string) => `Seen open ${when}.`,
    seenSince: (when: string, bound: string) => `Seen open ${when}; at most since ${bound}.`,
    atLeast: (days: number, from: string, to: string) =>
      `Open at least ${count(days, 'day')} (${from} to ${to}).`,
    atLeastSince: (days: number, from: string, to: string, bound: string) =>
      `Open at least ${count(days, 'day')} (${from} to ${to}), at most since ${bound}.`,
    bound: (at: string, how: string) => `${at} (${how} then)`,
    refused: (who: string) => `${who} found it closed`,
    silent: (who: string) => `${who} got no answer`,
    unreachable: (who: string) => `${who} was sent back by a router`,
    on: (day: string) => `on ${day}`,
    during: (from: string, to: string) => `from ${from} to ${to}`,
    gap: (from: string, to: string, before: string) =>
      `No look between ${from} and ${to}; before that seen open ${before}.`,
    broke: (v: { at: string; how: string; again: string; before: string }) =>
      `Shut on ${v.at} (${v.how}), open again from ${v.again}; before that seen open ${v.before}.`,
    again: (before: string) => `Open again after it was shut: before that seen open ${before}.`,
    earlier: (n: number) => `${count(n, 'earlier period')}: in the JSON form.`,
    after: (at: string, how: string) => `On ${at}, ${how}.`,
    certificate: (from: string) => `A certificate seen here is valid from ${from}: perhaps open since then.`,
    /** For a cell of a table. */
    short: {
      once: (on: string) => `seen open once, on ${on}`,
      seen: (when: string) => `seen open ${when}`,
      atLeast: (days: number) => `open at least ${count(days, 'day')}`,
      since: (at: string) => `at most since ${at}`,
      undated: 'open since: not known',
    },
    undated: 'No look at this port has a date of its own: since when it is open is not known.',
    key: 'Bar: seen open. Dashes: no look. Stroke: found shut.',
  },
};
