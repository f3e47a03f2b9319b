import type { CandidateReason } from '../../model/snapshot.ts';
import { count } from './english.ts';

/** Texts for who may send nothing (a report from records alone) and for what only the owner can tell. */
export const enRescue = {
  passive: {
    source: (records: boolean, files: boolean) =>
      [...(records ? ['public records'] : []), ...(files ? ['imported files'] : [])].join(' and '),
    titleSilent: (source: string) => `Made from ${source} alone. Nothing was sent to the organisation.`,
    titleBlind: (source: string) => `Made from ${source} alone. The own probes learnt nothing this time.`,
    files: 'Packets that other tools sent before their files were imported are not counted here.',
    span: (newest: string, newDays: string, oldest: string, oldDays: string) =>
      `Of the places shown, the newest record is of ${newest} (${newDays}), the oldest of ${oldest} (${oldDays}).`,
    single: (date: string, days: string) => `The records of the places shown are of ${date} (${days}).`,
    age: (days: number) => (days === 0 ? 'the same day' : `${count(days, 'day')} old`),
    undated: 'The records carry no date that can be used.',
    cannotTitle: 'What records cannot prove',
    cannot: [
      'That a port is closed. What is in no record may be open.',
      'That a port is still open. It was open when the record was made.',
      'Anything about ports that a crawler does not ask, or that do not answer a crawler’s addresses.',
      'The product and its version. They are the crawler’s reading of an answer.',
      'Whose a name is. Names in records may be old, or somebody else’s.',
      'That a weakness (CVE) is there. Records conclude it from the version alone.',
    ],
    range: (oldest: string, newest: string) => (oldest === newest ? newest : `${oldest} to ${newest}`),
    rangeUndated: 'no dates',
    note: (range: string) => `Records only (${range}): proof of neither open nor closed today.`,
    sheet: (silent: string, range: string) =>
      `Records only (${range}). ${silent} Records cannot prove that a port is closed, nor that it is still open.`,
    confirmUndated:
      'This is known from a record without a date alone. Ask first whether it still stands there.',
    confirmFirst: (newest: string, days: number) =>
      `This is known from records alone, the newest of ${newest} (${days === 0 ? 'the same day' : `${count(days, 'day')} old`}). Ask first whether it still stands there.`,
    subject: 'records only',
    sheetSilent: 'Nothing was sent to the organisation.',
    sheetBlind: 'The own probes learnt nothing.',
    notToday: 'It shows what others have recorded, not what answers today.',
    recordDates: (range: string) => `Records of others: ${range}`,
    nothingRecorded: 'nothing in the records',
    noDoors: 'The records hold no door. That does not show that there is none.',
    noFindings: 'No findings. That is a statement about what the records hold, not about your network.',
    noWork:
      'In what the records hold, no finding asks for work today. Have the places in section 5 confirmed: nobody has checked what answers now.',
    p1Unknown: '▲ findings to act on now: not known, because nothing was confirmed',
    counted: (looked: number, all: number, recorded: number) =>
      `addresses ${all}, asked about ${looked}, with records ${recorded}`,
  },
  yours: {
    title: 'Is this yours?',
    lead: 'Names and addresses that may be yours and are not in the organisation file. Nothing was contacted by these names or at these addresses.',
    leadLedger: 'What was seen, beside your asset ledger (your own list of devices).',
    value: 'Name or address',
    how: 'How it came up',
    date: 'Date',
    shows: 'On record there',
    answer: 'Yours?',
    yes: 'Yes',
    no: 'No',
    ask: 'Ask:',
    found: {
      certificate: (by: string) => `A certificate shown at ${by} names it.`,
      'remote-desktop': (by: string) => `The Windows computer at ${by} gives it as its own name or domain.`,
      'passive-name': (by: string, source: string) => `${source} has it as a name of ${by}.`,
      domain: (by: string, source: string) => `${source} found it under a domain of yours (${by}).`,
      'certificate-name': (by: string, source: string) =>
        `${source} found a certificate there that carries a name of yours (${by}).`,
      organisation: (by: string, source: string) =>
        `${source} has its address under the name of your organisation (${by}).`,
      asn: (by: string, source: string) => `${source} has its address in a network of yours (${by}).`,
      favicon: (by: string, source: string) =>
        `${source} saw the same icon there as at a service of yours (${by}).`,
      'same-certificate': (by: string, source: string) =>
        `${source} saw the same certificate there as at a service of yours (${by}).`,
      'same-page': (by: string, source: string) =>
        `${source} saw the same page there as at a service of yours (${by}).`,
      ledger: (by: string) => `It stands in your asset ledger (${by}), and outside the ranges of the file.`,
    } satisfies Record<CandidateReason, (by: string, source: string) => string>,
    add: 'Yes: add the name to “hosts”, or the address to “ranges”, of a site in the organisation file, and see that the permission covers it. The next check then looks at it.',
    leave: 'No, or not known: leave the file as it is. Nothing is contacted until the file says so.',
    more: (n: number) => `${count(n, 'more candidate')}: in the JSON form.`,
    full: (n: number) => `Only ${n} candidates are kept for one check. There may have been more.`,
    providersTitle: 'Names of networks and clouds',
    providers:
      'Names that a line, cloud or content network gives to what it lends. As a rule they need no answer.',
  },
  ledger: {
    title: 'Beside your asset ledger',
    rows: (rows: number, files: string) => `${count(rows, 'row')} (${files}).`,
    unlisted: (n: number) =>
      `${count(n, 'address', 'addresses')} seen, and in no row of the asset ledger. Whose ${n === 1 ? 'is it' : 'are they'}?`,
    allListed: 'Every address that was seen stands in the asset ledger.',
    unlistedMore: (n: number) => `${count(n, 'more address', 'more addresses')}: in the JSON form.`,
    unseen: (n: number) =>
      `${count(n, 'row')} of the asset ledger ${n === 1 ? 'was' : 'were'} not seen by this check. That is usual: most devices cannot be reached from outside. It does not prove that they cannot.`,
    unseenMore: (n: number) => `${count(n, 'more row')}: in the JSON form.`,
    line: (file: string, line: number) => `${file}, line ${line}`,
    is: (text: string) => `ledger: ${text}`,
    slash: ' / ',
    listed: (line: string) => `listed (${line})`,
    otherPort: 'ledger: this address, not this port',
    absent: 'not in the asset ledger',
  },
};
