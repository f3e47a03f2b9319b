import { count } from './english.ts';

/** Texts of one finding, of the words to read on the phone, and of the evidence. */
export const enFinding = {
  finding: {
    lead: (full: number, table: number) =>
      full === 0
        ? `${count(table, 'finding')} to know about.`
        : `${count(full, 'finding')} in full${table > 0 ? `, ${table.toLocaleString('en-US')} more in a table at the end` : ''}.`,
    none: 'No findings. That is a statement about what answered from this vantage point at this time, not about your network.',
    head: 'ID, priority, certainty',
    priority: 'Priority',
    traces: 'Traces',
    certainty: 'Certainty',
    ground: 'Ground',
    row: (n: number, text: string) => `table row ${n}: ${text}`,
    rowOnly: (text: string) => `decision “${text}”`,
    modifiers: (list: string) => `adjusted: ${list}`,
    verdictUnknown: (missing: string) =>
      `Facts are missing (${missing}). It does not mean that nothing applies.`,
    parts: {
      phone: 'To read on the phone',
      seen: 'What is seen',
      why: 'Why it matters',
      evidence: 'Evidence as-is',
      first: 'First action',
      preserve: 'Record before you touch',
      traces: 'Where to look for traces',
      long: 'Long-term measure',
      auth: 'Authentication',
      ask: 'Whom to ask',
      since: 'Since when',
      verify: 'Verify and undo',
      references: 'References',
    },
    headline: {
      artefact: (site: string, name: string) => `A device on the way answers for ${site}: ${name}`,
      misuse: (site: string, name: string) => `Signs of misuse at ${site}: ${name}`,
      open: (site: string, name: string) => `${name} at ${site} can be reached without a password`,
      affected: (site: string, name: string) => `${name} at ${site} has a weakness used in attacks`,
      suspected: (site: string, name: string) => `${name} at ${site} may have a weakness used in attacks`,
      ended: (site: string, name: string) => `${name} at ${site} is past its end of support`,
      everyone: (site: string, name: string) => `${name} at ${site} can be reached by anyone`,
      visible: (site: string, name: string) => `${name} at ${site} can be seen from outside`,
      record: (site: string, name: string) => `${name} at ${site} is in public records`,
      some: (site: string, name: string) => `${name} at ${site} is limited by source address`,
    },
    where: (address: string, port: number, transport: string) =>
      `${address}, ${transport === '' ? '' : `${transport} `}port ${port}.`,
    seenNow: (v: {
      at: string;
      vantage: string;
      transport: string;
      address: string;
      port: number;
      name: string;
    }) =>
      `On ${v.at}, from vantage point “${v.vantage}”, ${v.transport} port ${v.port} of ${v.address} answered as ${v.name}.`,
    seenAnswer: (v: {
      at: string;
      vantage: string;
      transport: string;
      address: string;
      port: number;
      name: string;
      status: string;
    }) =>
      `On ${v.at}, from vantage point “${v.vantage}”, ${v.transport} port ${v.port} of ${v.address} ${v.status}.`,
    seenRecord: (v: { source: string; at: string; address: string; port: string; name: string }) =>
      `${v.source} recorded ${v.name} at ${v.address}, port ${v.port}, on ${v.at}.`,
    notConfirmed: 'This check has not confirmed it itself.',
    title: (text: string) => `It calls itself “${text}”.`,
    names: (list: string) => `Names in its certificate or answer: ${list}.`,
    authentication: (kind: string, facts: string) =>
      `Authentication seen before log-in: ${kind}${facts === '' ? '' : `; ${facts}`}.`,
    versionSeen: (value: string, certainty: string) => `Version: ${value} (${certainty}).`,
    versionUnknown: 'The version cannot be seen from outside.',
    certificateProblems: (list: string) => `The certificate: ${list}.`,
    tlsWeaknesses: (list: string) => `Outdated encryption that it accepts: ${list}.`,
    indicatorLead:
      'Paths that public reports name for attacks answer here, and made-up names beside them do not answer in the same way:',
    indicator: (v: { path: string; status: number; neighbour: number; campaign: string }) =>
      `${v.path} answered ${v.status}, a made-up name beside it ${v.neighbour} (${v.campaign}).`,
    indicatorSource: (v: { publisher: string; date: string; url: string }) =>
      `Named by ${v.publisher} (${v.date}): ${v.url}`,
    indicatorNoProof:
      'From outside it cannot be told what stands there: it may be a file of your own. Look on the server itself, after part 5.',
    indicatorsNone: (n: number) =>
      n === 0
        ? 'No path of a known campaign was asked for here.'
        : `${count(n, 'path')} of known campaigns asked for; none stood out. That does not show that nothing was left on the server.`,
    webRisksLead:
      'What makes it easier to leave a web shell (a script for remote control) here, as far as it shows:',
    disagree: (fact: string, values: string) => `Sources disagree on the ${fact}: ${values}.`,
    candidates: (list: string) => `It may also be: ${list}.`,
    exploitedLead:
      'Weaknesses of this product that were used in attacks (KEV is CISA’s list of such weaknesses):',
    exploited: (v: {
      cve: string;
      grade: string;
      date: string;
      ransomware: boolean;
      fixed: string;
      unchecked: boolean;
    }) =>
      [
        `${v.cve}: ${v.grade}.`,
        v.date === '' ? '' : `In KEV since ${v.date}.`,
        v.ransomware ? 'Also used by ransomware groups.' : '',
        v.fixed === '' ? '' : `Fixed in ${v.fixed}.`,
        v.unchecked ? 'Check this against the vendor’s notice.' : '',
      ]
        .filter((part) => part !== '')
        .join(' '),
    usedBy: (v: { who: string; date: string; source: string }) =>
      `Publicly reported use by ${v.who} (${v.source}, ${v.date}).`,
    usedByMore: (n: number) => `${count(n, 'more such report')}: in the JSON form.`,
    usedByNote: 'Such reports are about other places. They do not say that anyone has entered here, nor who.',
    listed: (list: string) =>
      `Of the CVE numbers that a public record names, these are in KEV; not verified, and it is not known which releases they touch: ${list}.`,
    guidesLead: 'Published by the vendor or a CERT for checking this product for tampering or traces:',
    guide: (v: { name: string; publisher: string; date: string; url: string }) =>
      `${v.name} (${v.publisher}${v.date === '' ? '' : `, ${v.date}`}): ${v.url}`,
    guidesFirst: 'Some such checks restart the device or change it: do part 5 first.',
    exploitedMore: (n: number) => `${n.toLocaleString('en-US')} more: in the JSON form.`,
    supportEnded: 'The vendor’s support has ended: new weaknesses will not be fixed.',
    publicToo: 'The same record is in public search services, so others can see it, too.',
    noAdvice:
      'There is no special advice for this kind yet. Ask who needs the door, and close it if nobody does.',
    concerns: (list: string) => `Weak by its own answer: ${list}.`,
    said: (list: string) => `What the protocol's answer says: ${list}.`,
    passiveVulns: (list: string) => `CVE numbers named by a public record, not verified: ${list}.`,
    recordFirst: 'Do part 5 first. Then:',
    copyFirst: 'Copy the logs of part 5 before you change anything. Then:',
    volatile:
      'In the order in which things vanish. Tick each when taken; note its SHA-256, your name and the time.',
    nothingSpecial: 'Nothing special beyond your usual records.',
    period: (from: string, to: string) =>
      `Period to look at: at least ${from === to ? from : `${from} to ${to}`}, and earlier if logs are left.`,
    log: 'Log',
    look: 'What to look for',
    askAdmin: 'Administrator',
    askAdminText:
      'Who opened this, for what, since when? May it be closed? Where are its logs, and for how many days?',
    askMaintainer: 'Maintenance firm',
    askMaintainerText:
      'Source addresses, names of the people, shared passwords, work times. Who updates it, by which clause of the contract?',
    askSeller: 'Seller or vendor',
    askSellerText: 'Exact version, update path, end of support, how to take logs, what a restart erases.',
    askIsp: 'Line provider',
    askIspText: 'For how many days are traffic records kept? Which line has this address, since when?',
    askSite: 'Site',
    askSiteText:
      'Who looks after it there? Was the line or device bought locally? How is it linked to the head office?',
    contact: (text: string) => `Contact in the organisation file: ${text}.`,
    seenBy: (source: string) => `Seen by ${source}`,
    firstSeen: 'First seen',
    daysOpen: (n: number) => `${count(n, 'day')} up to this check`,
    notice: (cve: string) => `${cve} listed as used in attacks (KEV)`,
    reopenedAt: 'Re-opened',
    firstNote: 'It may have been open earlier: nothing is known from before the first record.',
    verify: 'After the work, check this one place again (ORG.yaml is your organisation file):',
    verifyNote:
      'When it no longer answers, and the next check finds the same, it becomes “closed, confirmed”. To undo, take back the setting in the router or firewall.',
    references: {
      kev: (cve: string, date: string) => `CISA, Known Exploited Vulnerabilities Catalog, ${cve}, ${date}`,
      cve: (cve: string) => `CVE record ${cve}`,
      bod: 'CISA, BOD 23-02, 2023-06-13 (a target for deadlines of management interfaces; not Japanese law)',
      jcrat: 'IPA J-CRAT, activity reports of the cyber rescue team (in Japanese)',
    },
    sameAs: (parts: string, id: string) => `Parts ${parts}: the same as for ${id}, same kind of service.`,
    evidenceTime: 'Time',
    evidenceVantage: 'Source, vantage',
    evidenceTarget: 'Target',
    evidenceCertificate: 'Certificate',
    evidenceTls: 'TLS versions accepted',
    evidenceRules: 'Rules, advisory data',
    evidenceScope: 'Scope digest',
    certificate: (subject: string, issuer: string, from: string, to: string) =>
      `${subject}; issuer ${issuer}; ${from} to ${to}`,
    selfSigned: 'self-signed',
    unedited: 'Not edited. The whole answers are in the run’s journal.',
    noEvidence: 'The bytes are not part of this report. They are in the run’s journal.',
    elsewhere: (refs: string) => `More in the appendix: ${refs}.`,
    tableTitle: 'Findings to know about (○)',
    restTitle: 'Further findings',
    tableNote: 'Registered and watched. No work today; decide at the next renewal whether each is needed.',
    restNote: (n: number) =>
      `The first ${n} findings are above, in order of priority. These follow in the same order. For all parts of one: sekisho findings --json.`,
    tableMore: (n: number) => `${n.toLocaleString('en-US')} more: see “sekisho findings”.`,
    place: 'Place',
    what: 'What answers',
    reading: 'Reading',
  },
  phone: {
    label: 'Read this to the maintenance firm as it stands',
    where: (v: { id: string; site: string; name: string; address: string; port: number; udp: boolean }) =>
      `Number ${v.id}. ${v.site}, ${v.name}, ${v.address}, ${v.udp ? 'UDP port' : 'port'} ${v.port}.`,
    ipv4: (parts: readonly string[]) => parts.join(' dot '),
    ipv6: (text: string) => text.replaceAll('::', ' double colon ').replaceAll(':', ' colon ').trim(),
    reached: 'It can be reached from outside.',
    recorded: 'A public record shows it.',
    block: 'Please block access to it from outside.',
    ask: 'Please tell me who uses it, and for what.',
    copyFirst: 'But before that, copy the records.',
    recordFirst: 'But before that, copy the records. Do not switch it off or restart it.',
  },
  evidence: {
    lead: 'Bytes as sent and received, not edited. The first 512 bytes are shown, 8 per row.',
    none: 'Nothing beyond what is in the findings.',
    sent: (n: number) => `Sent, ${count(n, 'byte')}`,
    received: (n: number) => `Received, ${count(n, 'byte')}`,
    nothingSent: 'Nothing was sent: the server spoke first, or it is a public record.',
    nothingReceived: 'Nothing came back.',
    more: (n: number) => `${count(n, 'more byte')} in the run’s journal.`,
    omitted: (n: number) => `${count(n, 'item')} left out for size. They are in the run’s journal.`,
    hash: 'SHA-256',
  },
};
