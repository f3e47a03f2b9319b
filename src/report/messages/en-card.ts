import { count } from './english.ts';

/** Texts of "the boundary in numbers", at the end of section 2. */
export const enCard = {
  card: {
    title: 'The boundary in numbers',
    lead: 'Counted from this run and from the register, the list of every finding ever seen here. “3 / 12” means 3 out of 12. There is no score.',
    passive:
      'No own look was made. These are numbers of what records hold; what is not recorded may be there all the same.',
    ids: 'IDs',
    of: (n: number, all: number) => `${n.toLocaleString('en-US')} / ${all.toLocaleString('en-US')}`,
    days: (n: number) => count(n, 'day'),
    compare: {
      title: 'Against last time',
      what: 'What',
      last: (day: string) => `Last ${day}`,
      now: (day: string) => `Now ${day}`,
      difference: 'Change',
      same: '±0',
      services: 'Places seen (ports)',
      doors: 'Doors anyone can reach',
      recorded: 'Doors known from records alone',
      first: 'This is the first run: there is nothing to compare with.',
      unknown: 'No own look was made and the records hold nothing, so none of these numbers is known.',
      notKept: 'The numbers of the last run are not kept here, so nothing is compared.',
      otherScope: 'The scope has changed since: a difference need not be one of the boundary.',
      passiveBefore: 'The last run made no own look, so much of it is not known.',
      partly: 'One of the two runs looked at a part only: a difference may come from what was looked at.',
    },
    moves: {
      title: 'Come, gone and come back',
      what: 'What happened',
      count: 'Findings',
      ids: 'IDs (section 3 says more)',
      closedRecently: (days: number) => `Closed within the last ${days} days`,
      base: (n: number) =>
        n === 0 ? 'The register holds nothing yet.' : `The register holds ${count(n, 'finding')} in all.`,
      first: 'This is the first run: nothing can have come or gone.',
    },
    knownUse: {
      title: 'Weaknesses known to be used in attacks',
      what: 'Priority',
      findings: 'Findings',
      cves: 'Weaknesses (CVE)',
      ransomware: 'Known to be used by ransomware',
      longest: 'Longest open after the notice',
      listed: 'Named by public records only',
      none: (n: number) =>
        n === 0
          ? 'This run has no findings.'
          : `No weakness known to be used in attacks could be tied to ${n === 1 ? 'the finding' : `the ${n.toLocaleString('en-US')} findings`} of this run.`,
      versionless: (n: number) =>
        `For ${count(n, 'finding')} the version is not known, so nothing can be said there.`,
      grade: (name: string, n: number) => `${n.toLocaleString('en-US')} ${name}`,
      certainty: (list: string) => `Findings by how sure it is that the device is affected: ${list}.`,
      grades: {
        confirmed: 'confirmed',
        'product-matches': 'by product alone (version not known)',
        'passive-only': 'from records alone',
        'to-confirm': 'to confirm',
      },
      ransomwareNote: 'Use by ransomware is counted where the public list (KEV) says so.',
    },
    kinds: {
      title: 'Doors for management, remote control and data',
      what: 'Kind',
      reached: 'Reached',
      recorded: 'Records only',
      fresh: 'New or re-opened',
      late: (days: number) => `Seen over ${days} days`,
      star: ' *',
      absent: (list: string) => `Not seen this time: ${list}. Not seen does not mean not there (section 15).`,
      absentRecords: (list: string) =>
        `Not in the records: ${list}. Not recorded does not mean not there (section 15).`,
      management: (days: number) =>
        `* Kinds that the US directive BOD 23-02 lists: where they manage a device or a network, federal agencies must take them off the Internet within ${days} days. A yardstick, not Japanese law. “Reached” counts places that answered an own look.`,
    },
    ages: {
      title: 'How long findings have been open',
      what: 'Priority',
      open: 'Open',
      buckets: ['0–7 days', '8–14', '15–30', '31–90', 'over 90'],
      median: 'Median',
      oldest: 'Oldest',
      toClose: 'Median days to close',
      total: 'All',
      closed: (days: string, n: number) => `${days} (${n.toLocaleString('en-US')} closed)`,
      none: 'No finding has been seen so far: there are no ages to count.',
      base: (n: number) =>
        `Of ${count(n, 'finding')} seen so far, counted from the day anyone first saw it: it may have been open for longer.`,
      notSeen: (n: number) =>
        `Not counted: ${n.toLocaleString('en-US')} not seen this time and not confirmed closed.`,
      notInRun: (n: number) => `${n.toLocaleString('en-US')} of the open ones were not looked at this time.`,
      noneClosed: 'No finding has been confirmed closed so far, so there is no time to close.',
      undated: (n: number) =>
        `For ${n.toLocaleString('en-US')} of the closed ones the day of closing is not known.`,
    },
    certificates: {
      title: 'Certificates',
      what: 'State',
      count: 'Places',
      where: 'Where (day it ends)',
      states: {
        expired: 'ended',
        ending: 'ends within 30 days',
        undated: 'end not readable',
        weak: 'short key or outdated signature',
        name: 'host name not in it',
        untrusted: 'vouched for by nobody, or the product’s own',
        shared: 'same certificate or key at several addresses',
      },
      base: (n: number, all: number) =>
        `A certificate was seen at ${n.toLocaleString('en-US')} of ${count(all, 'place')}.`,
      recorded: (n: number) =>
        `${n.toLocaleString('en-US')} of them are known from records and may have been replaced since.`,
      absent: (list: string) => `None of those seen has one of these states: ${list}.`,
      none: 'No certificate was seen in this run.',
      noneRecorded: 'The records of this run hold no certificate.',
    },
    sites: {
      title: 'By site',
      site: 'Site',
      services: 'Places seen',
      doors: 'Doors anyone can reach',
      knownUse: 'With known use in attacks',
      longest: 'Longest open door',
      more: (n: number) => `${count(n, 'more site')} not shown here: section 11 has them.`,
    },
  },
};
