/** Everything in a run that names the organisation: the words that no stranger may read in a bundle. */
import { canonicalAddress } from '../../lib/address.ts';
import type { Answers } from '../../model/answers.ts';
import type { Observation } from '../../model/observation.ts';
import type { Service } from '../../model/service.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { OwnText } from './own-words.ts';
import { plainVersion } from './plain-version.ts';

export interface OwnTextInput {
  readonly snapshot: Snapshot;
  readonly observations: readonly Observation[];
  readonly answers: Answers;
}

export function ownText({ snapshot, observations, answers }: OwnTextInput): OwnText {
  const { organisation, sites, permission, maintainer, expected } = snapshot;
  const certificates = [
    ...snapshot.services.flatMap(({ certificate }) => certificate ?? []),
    ...observations.flatMap(({ facts }) => [
      ...(facts.tls?.certificates ?? []),
      ...(facts.tls?.withoutSni === undefined ? [] : [facts.tls.withoutSni]),
    ]),
  ];
  return {
    names: [
      organisation.id,
      organisation.ja,
      organisation.en,
      ...sites.flatMap(({ ja, en, contact }) => [ja, en, ...asKnown(contact)]),
      ...asKnown(permission?.by),
      ...asKnown(permission?.reference),
      ...asKnown(maintainer?.name),
      ...asKnown(maintainer?.phone),
      ...asKnown(answers.answered?.by),
      ...expected.flatMap(({ owner, ticket }) => [owner, ...asKnown(ticket)]),
      ...assetsOf(snapshot).flatMap(({ name, owner }) => [...asKnown(name), ...asKnown(owner)]),
    ],
    hosts: [
      ...sites.flatMap(({ hosts }) => hosts),
      ...snapshot.services.flatMap(({ names }) => names),
      ...certificates.flatMap(({ names }) => names),
      ...(snapshot.candidates ?? []).flatMap(({ kind, value }) => (kind === 'name' ? [value] : [])),
      ...observations.flatMap(hostsOf),
    ].filter((host) => canonicalAddress(host) === host && !/^[\d.:a-f]+$/i.test(host)),
    loose: withoutVersions(snapshot, [
      ...certificates.flatMap(({ subject, issuer }) => [subject, issuer]).flatMap(partsOfName),
      ...snapshot.services.flatMap(looseOf),
      ...observations.flatMap(titlesOf),
      ...(snapshot.candidates ?? []).flatMap(({ shows, found }) => [...shows, ...found.map(({ by }) => by)]),
      ...assetsOf(snapshot).flatMap(({ note, file }) => [...asKnown(note), file]),
      ...expected.map(({ reason }) => reason),
      ...snapshot.coverage.flatMap(({ vantage, file }) => [vantage, ...asKnown(file)]),
      snapshot.vantage,
      ...sites.map(({ id }) => id),
      ...wordsOfAnswers(answers),
    ]),
    exact: [
      snapshot.scopeDigest,
      snapshot.runId,
      ...certificates.flatMap(({ sha256, serial, keySha256 }) => [sha256, serial, ...asKnown(keySha256)]),
      ...snapshot.services.flatMap(({ address, jarm, page }) => [
        address,
        ...asKnown(jarm),
        ...(page === undefined ? [] : [page.bodySha256, page.stableSha256]),
      ]),
      ...observations.flatMap(digestsOf),
    ],
  };
}

/** A title that tells the release is not yet a reason to hide the release: "Domino 12.0.2FP3". */
function withoutVersions({ services }: Snapshot, texts: readonly string[]): string[] {
  const versions = new Set(
    services.flatMap(({ version }) =>
      version.state === 'unknown' ? [] : (plainVersion(version.value) ?? []),
    ),
  );
  return texts.map((text) => text.replaceAll(VERSION_LIKE, (one) => (versions.has(one) ? ' ' : one)));
}
const VERSION_LIKE = /(?<![\dA-Za-z])\d[\dA-Za-z.()+~_-]*[\dA-Za-z)]/g;

function asKnown(text: string | undefined): string[] {
  return text === undefined || text.trim() === '' ? [] : [text];
}

function assetsOf({ assets, services }: Snapshot): NonNullable<Snapshot['assets']> {
  return [...(assets ?? []), ...services.flatMap((service) => service.assets ?? [])];
}

function looseOf({ label, said, page, contradictions, agreements }: Service): string[] {
  const values = [...contradictions, ...(agreements ?? [])].filter(
    ({ fact }) => fact !== 'version' && fact !== 'product',
  );
  return [
    ...(label === undefined ? [] : [label]),
    ...(page?.title === undefined ? [] : [page.title]),
    ...(page === undefined
      ? []
      : [...page.scripts, ...page.frames, ...page.forms, ...page.links, ...page.refresh]),
    ...(said ?? []).filter(([name]) => NAMING.test(name)).map(([, value]) => value),
    ...values.flatMap((one) => one.values.map(({ value }) => value)),
  ];
}

/** What protocols call the fields that hold names; the other fields hold terms of the protocol. */
const NAMING =
  /name|host|domain|forest|realm|organi[sz]ation|contact|location|descr|banner|title|user|share|export|workgroup|site|serial|address|url|path|mail|server|comment/i;

/** "CN=vpn.example.jp, O=Example" → the values; the attribute names are everybody's. */
function partsOfName(name: string): string[] {
  return name.split(/,\s*(?=[\w.]+=)/).map((part) => part.slice(part.indexOf('=') + 1));
}

function hostsOf({ facts }: Observation): string[] {
  const { ntlm } = facts.rdp ?? {};
  const said = [
    facts.tls?.sni ?? undefined,
    facts.http?.host,
    ntlm?.computerName,
    ntlm?.domainName,
    ntlm?.dnsComputerName,
    ntlm?.dnsDomainName,
    ntlm?.dnsForestName,
  ];
  return [...(facts.passive?.hostnames ?? []), ...said.flatMap(asKnown)];
}

function titlesOf({ facts }: Observation): string[] {
  return [
    ...(facts.http?.answers ?? []).flatMap(({ title, location }) => [title, location]),
    facts.ssh?.authBanner,
    ...(facts.protocols ?? []).flatMap(({ fields }) =>
      fields.filter(([name]) => NAMING.test(name)).map(([, value]) => value),
    ),
  ].flatMap(asKnown);
}

function digestsOf({ facts, evidence }: Observation): string[] {
  return [
    ...evidence.map(({ sha256 }) => sha256),
    ...(facts.ssh?.hostKeys ?? []).map(({ sha256 }) => sha256),
    ...(facts.http?.answers ?? []).map(({ bodySha256 }) => bodySha256),
    ...(facts.http?.favicon === undefined
      ? []
      : [facts.http.favicon.sha256, `${Math.abs(facts.http.favicon.mmh3)}`]),
    ...(facts.tls?.jarm === undefined ? [] : [facts.tls.jarm]),
  ];
}

/** Every text of the answers, whatever it was asked for. */
function wordsOfAnswers(answers: Answers): string[] {
  const texts: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  const { told: _told, ...others } = answers;
  walk(others);
  return texts;
}
