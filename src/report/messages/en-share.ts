import type { ENVELOPES, PASSING_ON, REGIONS, SECTORS, SIZES } from '../share/shared-record.ts';
import type { ShareField, Treatment } from '../share/fields.ts';
import type { Pointer, PointerKind } from '../share/pointing.ts';
import type { SharedMessage, SharedService } from '../share/shared-record.ts';
import { count } from './english.ts';

type Withheld = NonNullable<SharedMessage['reason']>;
type Say = (pointer: Pointer, items: string) => string;

export const enShare = {
  share: {
    title: 'Shareable copy (redacted)',
    lead: 'Information about an attack helps others most when it is early. It may be partial. The copy is made on your own machine; the tool sends nothing to anybody.',
    howTitle: 'How to make one',
    how: [
      'The command first prints what it leaves out and what can still point to you. It writes only after you say yes.',
      'You send the folder yourself, to whom you choose. Read README_en.txt before you do.',
    ],
    envelopesTitle: 'Two envelopes',
    envelopes: {
      technical: 'Door, product, version, period, answers of the device. This is the default.',
      victim: 'Also what you have found out and done. Only when you ask for it (--envelope victim).',
    } satisfies Record<(typeof ENVELOPES)[number], string>,
    envelopeNames: {
      technical: 'Technical information',
      victim: 'Victim and response information',
    } satisfies Record<(typeof ENVELOPES)[number], string>,
    basis:
      'The division follows the guidance on sharing and publishing information about damage from cyber attacks (Cybersecurity Council, 2023-03-08). A report of the Ministry of Economy, Trade and Industry (2023-11) says that specialists may pass on technical information without asking each time, as long as the victim cannot be told from it.',
    tlpTitle: 'Marks (TLP 2.0)',
    tlp: {
      CLEAR: 'No limit. Redacted.',
      GREEN: 'Within the community, not in public. Redacted.',
      AMBER: 'To a desk: it, and those of its clients who need to know. Addresses and answers as they are.',
      'AMBER+STRICT': 'To a desk: it alone. Addresses and answers as they are.',
    },
    table: {
      title: 'What leaves, what stays',
      note: 'The program redacts by this table. CLEAR is as GREEN, AMBER+STRICT as AMBER.',
      field: 'Field',
      strangers: 'GREEN',
      desk: 'AMBER',
    },
    victimOnly: 'victim envelope only',
    treatment: { keep: 'as it is', change: 'in another form', drop: 'not included' } satisfies Record<
      Treatment,
      string
    >,
    fields: {
      organisation: 'Organisation, persons, mail, phone',
      hosts: 'Own addresses',
      network: 'Country, kind of connection',
      service:
        'Port, protocol, product, version, kind of authentication, faults of TLS and certificates, features of pages, campaign paths that answered',
      judgement: 'Number of the finding, priority, known use, CVE numbers',
      bytes: 'Bytes of requests and answers',
      fingerprints: 'Hashes of certificates, pages, keys; JARM',
      certificates: 'Certificate subject, issuer, serial, dates',
      names: 'Host names, page titles, banners',
      times: 'Times',
      others: 'Addresses of others, where named',
      bands: 'Sector, size, region (when given)',
      answers: 'Answers of the owner: yes, no, days, dates',
      words: 'Answers of the owner in words',
      told: 'Desks already told',
      note: 'Note for this copy (--note)',
      run: 'Permission, contacts, ledger, vantage point, run number, everything else',
    } satisfies Record<ShareField, string>,
    changed: {
      hosts: 'as HOST-7F3K, the same host under the same label every time',
      bytes: 'unknown words as ▒, length kept; what cannot be masked with confidence is withheld',
      times: 'day only (UTC)',
      told: 'public desks by name, others as a number',
      note: 'suspect words as ▒; you see which',
      organisation: 'ORG-K7F3; the name only with --name',
    },
    pointingTitle: 'What can still point to you',
    pointingLead: 'For a GREEN copy of the doors of this report that name a fault:',
    pointingNone:
      'No finding of this report names a fault, so the copy would hold none. Choose some with --findings.',
    pointers: {
      'as-is': ({ count: n }, items) =>
        `Addresses, host names, certificates and answers of ${count(n, 'place')} are in it as they are${items === '' ? '' : ` (${items})`}. They name the organisation.`,
      named: (_, items) => `The name of the organisation is in it: ${items}.`,
      contact: (_, items) => `The contact is in it: ${items}.`,
      'ports-together': (_, items) =>
        `Several ports of one host stand together: ${items}. The set is rarer than each port.`,
      'products-together': (_, items) =>
        `The products of one organisation stand together: ${items}. The set is far rarer than each.`,
      'unusual-port': (_, items) => `Unusual ports: ${items}.`,
      'exact-version': (_, items) => `Product with its exact version: ${items}. Few may have the same one.`,
      features: ({ count: n }) =>
        `TLS versions, certificate problems, features of pages: of ${count(n, 'place')}. They can be compared with public search sites such as Shodan.`,
      'place-and-day': (_, items) =>
        `Country, kind of connection and the exact day stand together: ${items}.`,
      'first-day': ({ count: n }) =>
        `Since when it has been open: of ${count(n, 'place')}. The days can be compared with public search sites such as Shodan.`,
      abroad: (_, items) => `Outside Japan: ${items}. In a small country few come into question.`,
      bands: ({ count: n }, items) =>
        n > 1 ? `Sector, size and region together: ${items}. Few may fit.` : `Given: ${items}.`,
      'campaign-path': (_, items) =>
        `A path of a known campaign answered: ${items}. Whoever searches for it finds the same hosts.`,
      evidence: ({ count: n }) =>
        `Masked answers: ${n}. Words are hidden, their lengths and the order of headers are not.`,
      note: () => 'The free note. The program masks what it knows, not names of persons or projects.',
      others: (_, items) =>
        `Addresses of others: ${items}. They may be victims themselves. Whoever knows their traffic may see the sender.`,
      told: (_, items) => `Desks that were told: ${items}. They know who the sender is.`,
      answers: (_, items) => `Answers about ${items}: days of logs, dates, yes and no.`,
      numbers: (_, items) =>
        `The numbers of findings (such as ${items}) are those of the report. A gap shows that there are others.`,
      'same-labels': () =>
        'Labels stay the same in every copy. Readers of two copies see that they speak of the same host. Whoever got a copy with addresses (AMBER) knows the sender of this one as well.',
      comparison: () =>
        'Whoever suspects somebody already can compare: the doors are on the Internet for everybody. No redaction prevents that.',
    } satisfies Record<PointerKind, Say>,
    network: {
      premises: 'premises',
      cloud: 'cloud',
      'mobile-line': 'mobile line',
      unknown: 'kind not known',
    } satisfies Record<SharedService['network'], string>,
    withheld: {
      'encrypted-handshake': 'start of an encrypted connection: contains the server name or the certificate',
      certificate: 'contains a certificate',
      'not-text': 'not a text, cannot be masked with confidence',
      'third-party-record': 'record of another service',
      'nothing-left': 'nothing would be left after masking',
    } satisfies Record<Withheld, string>,
    sectors: {
      manufacturing: 'manufacturing',
      'information-technology': 'information technology',
      'critical-infrastructure': 'critical infrastructure',
      finance: 'finance',
      'health-care': 'health care',
      'education-research': 'education and research',
      government: 'government',
      'retail-services': 'retail and services',
      'construction-transport': 'construction and transport',
      other: 'other',
    } satisfies Record<(typeof SECTORS)[number], string>,
    sizes: {
      'up-to-50': 'up to 50 persons',
      '51-300': '51 to 300 persons',
      '301-1000': '301 to 1,000 persons',
      'over-1000': 'over 1,000 persons',
    } satisfies Record<(typeof SIZES)[number], string>,
    regions: {
      'east-japan': 'eastern Japan',
      'west-japan': 'western Japan',
      'outside-japan': 'outside Japan',
      several: 'several regions',
    } satisfies Record<(typeof REGIONS)[number], string>,
    cli: {
      heading: (out: string) => `Shareable copy, folder ${out}`,
      empty: 'No finding would be in it. Choose some with --findings.',
      messages: (asIs: number, masked: number, withheld: number) =>
        `Requests and answers: ${asIs} as they are, ${masked} masked, ${withheld} withheld.`,
      treatments: { drop: 'Left out:', change: 'In another form:', keep: 'As it is:' } satisfies Record<
        Treatment,
        string
      >,
      flagged: 'Masked in your note (shown to you only). Read the rest of it for names once more:',
      hints:
        'Less points to you with fewer findings (--findings B-07), without evidence (--no-evidence), and without sector, size and region.',
      files: (n: number) =>
        `${count(n, 'file')}, readable by you alone. Nothing is sent: you send the folder yourself.`,
      asIs: 'This copy is not redacted. Give it only to a desk that you trust.',
      folderName: (name: string) =>
        `The folder name "${name}" holds a word that leads to you, and whoever gets an archive of it sees the name. Choose another with --out.`,
      question: (out: string) => `Write ${out}? [y/N]`,
      needsYes: 'Nothing was written. Read the list above, then run the command again with --yes.',
      notWritten: 'Nothing was written.',
      written: (n: number, key: string) =>
        `Wrote ${count(n, 'file')}. Read the cover note before you send it. The key of the labels stays here: ${key}`,
    },
    readme: {
      envelopes: {
        technical:
          'Door, product, version, period, answers of the device. What the organisation found out itself is not included.',
        victim:
          'Door, product, version, period, answers of the device, and what the organisation found out and did.',
      } satisfies Record<(typeof ENVELOPES)[number], string>,
      title: (id: string) => `Shared copy ${id}`,
      partial:
        'This is partial information. What is empty is not known or not included. Empty does not mean none.',
      what: 'What',
      none: 'No finding is included.',
      counts: (findings: number, hosts: number) =>
        `${count(findings, 'finding')} on ${count(hosts, 'host')} that the Internet can reach:`,
      certainty: (text: string) => `certainty: ${text}`,
      authentication: (text: string) => `authentication as seen before log-in: ${text}`,
      facts: (text: string) => `seen there: ${text}`,
      path: (method: string, path: string, status: number) =>
        `a path of a public report answered: ${method} ${path} (${status}); what stands there was not looked at`,
      knownUse: (text: string) => `known use: ${text}`,
      kev: (day: string) => `in KEV since ${day}`,
      ransomware: 'used in ransomware attacks',
      answered: (text: string) => `answered by the organisation: ${text} (see "answer" in bundle.json)`,
      answerKeys: {
        openedOn: 'opened on',
        mayClose: 'may it be closed',
        logs: 'logs that are left',
        controls: 'controls',
        words: 'in words',
      },
      fixed: (text: string) => `fixed in ${text}`,
      moreCves: (n: number) => `${count(n, 'CVE')} more: see bundle.json`,
      moreFindings: (n: number) => `${count(n, 'finding')} more: see bundle.json`,
      versionUnknown: 'version not known',
      productUnknown: 'product not known',
      since: 'Since when',
      openSince: (first: string, last: string) => `known open since ${first}, last seen ${last}`,
      noDate: 'first date not known',
      from: 'From where it was seen',
      lookedOn: (day: string) => `Looked on ${day}.`,
      looked: (from: string, to: string) => `Looked from ${from} to ${to}.`,
      incomplete: 'The look was not finished.',
      passive: 'No packet was sent: records of others only.',
      sources: (text: string) => `Who saw it: ${text}.`,
      missing: 'What is missing',
      withheldLine: (n: number, reason: string) => `${count(n, 'message')} withheld: ${reason}`,
      leftOut: (n: number) => `${count(n, 'exchange')} more not included`,
      unknownVersions: (n: number) => `Version of ${count(n, 'place')} not known or not included`,
      dropped: (text: string) => `Left out on purpose: ${text}`,
      told: 'Already told to',
      toldOthers: (n: number) => `${count(n, 'other party', 'other parties')}, not named here`,
      notTold: '(not answered)',
      pass: 'May it be passed on',
      passing: {
        yes: 'Yes, within the mark.',
        no: 'No. Please ask the sender before any further use.',
        ask: 'Please ask first.',
      } satisfies Record<(typeof PASSING_ON)[number], string>,
      fillElsewhere:
        'Copy this text out of the folder before you fill it in. Filled in here, it names the sender to whoever gets the folder.',
      passingUnsaid: '(not said: the mark holds)',
      reach: 'How to reach the sender',
      reachThrough: 'Through whoever gave you this copy.',
      reachBlank: '(to be filled in): ______________________________',
      sender: 'Sender',
      senderNone: 'Not named.',
      note: 'Note of the sender',
      others: 'Addresses of others',
      othersNote:
        'Named by the sender. Check first whether they are victims themselves, such as relay points (ORB).',
      pointing: 'What can still point to the sender',
      pointingAsk: 'Please do not try to find out who the sender is, and do not look for these hosts.',
      files: 'Files',
      fileNotes: {
        'bundle.json': 'everything, for programs',
        'stix.json': 'the same as STIX 2.1, for programs',
        'indicators.csv': 'indicators alone; own doors are none',
        'desk/':
          'for the sender: draft of a mail to a desk, what to bring, list of desks (recipients need not read it)',
        evidence:
          'requests and answers; in .txt each ▒ stands for one masked byte, in .bin bytes are as they came',
        SHA256SUMS: 'digests: sha256sum -c SHA256SUMS',
      },
      limits: 'Limits',
      limitLines: [
        'What is not in this copy was not seen, or not shared. It does not mean that nothing is there.',
        'Nobody is accused, and no attribution is made. Updated does not mean not entered.',
        'The answers of devices were written by strangers. Do not run or open what they quote.',
      ],
      madeBy: (version: string, advisory: string) =>
        `Made by ${`sekisho ${version}`.trim()}, advisory data of ${advisory}. The tool sends nothing; a person has sent this.`,
    },
  },
};
