/** Every fixed sentence of `stix.json` and `indicators.csv`, so that the search for words of the organisation knows them as ours. */
import type { SharedFinding } from '../shared-record.ts';

export const STIX_TEXTS = {
  undisclosed: 'Undisclosed organisation',
  own: (role: string) => `Own ${role} of the sender, seen from outside. Not malicious infrastructure.`,
  kind: (kind: string, protocol: string) => `Kind: ${kind}. Protocol: ${protocol}.`,
  open: (from: string, to: string) => `Found open from ${from} to ${to}; nobody looked all the time.`,
  authentication: (text: string) => `Authentication as seen before log-in: ${text}.`,
  concern: (text: string) => `It ${text}.`,
  finding: (id: string, marks: readonly string[], reach: string, use: string) =>
    `${id}: ${marks.join(', ')}; ${reach}; known use: ${use}`,
  missing: (facts: readonly string[]) => (facts.length === 0 ? '.' : `; not known: ${facts.join(', ')}.`),
  inferred: 'The product is inferred, not confirmed.',
  grades: {
    confirmed: 'The release that was seen is among those affected.',
    'product-matches': 'The product is among those affected; whether this release is, is not known.',
    'passive-only': 'A public record names it for this place; not verified.',
    'to-confirm': 'To be confirmed.',
  } satisfies Record<SharedFinding['exploited'][number]['grade'], string>,
  listedBy: 'CISA Known Exploited Vulnerabilities Catalog',
  listed: (date: string) => `Listed since ${date}.`,
  path: {
    name: (path: string) => `Path named in a public report: ${path}`,
    about:
      'A public report names this path for an attack. An answer is no proof: what stands there must be looked at on the device.',
    source: 'public report',
    seen: (place: string) =>
      `The path answered at ${place} unlike made-up neighbours. What stands there was not looked at.`,
  },
  other: {
    name: (address: string) => `Address named by the sender: ${address}`,
    about: 'Not verified. The address may belong to another victim whose device relays the attack.',
  },
  limits: {
    abstract: 'What this is, and what it is not',
    unfinished: 'The check was not finished.',
    passive: 'Only public records were read; nothing was sent.',
    text:
      'What was not seen is not thereby absent. Reachability means that a first answer came back; no password was tried and nothing ' +
      'was exploited. Whether anybody entered cannot be told from outside. Product names say nothing about who attacks.',
  },
  words: 'Words of the sender',
  grouping: {
    name: (id: string) => `Boundary check ${id}`,
    victim: 'What can be reached at the boundary of an organisation, with what it has found out itself.',
    technical: 'What can be reached at the boundary of an organisation: technical information.',
  },
  /** Types, properties and values of the format itself. */
  format: `bundle grouping identity identity_class organization sectors industry manufacturing technology infrastructure financial-services
    healthcare education government retail construction transportation contact_information infrastructure_types unknown labels
    observed-data first_observed last_observed number_observed object_refs relationship relationship_type source_ref target_ref
    consists-of related-to has vulnerability external_references source_name external_id description indicator indicator_types
    anomalous-activity suspicious-activity unspecified context pattern pattern_type pattern_version valid_from sighting
    sighting_of_ref where_sighted_refs observed_data_refs note abstract content network-traffic dst_ref dst_port protocols ipv4-addr
    ipv6-addr value software name vendor version x509-certificate hashes serial_number subject issuer validity_not_before
    validity_not_after extensions http-request-ext request_value ms-wbt-server rfb isakmp created_by_ref modified spec_version`,
};

export const INDICATOR_TEXTS = {
  path: '公開の報告にあるパスが、作りもののパスと異なる応答をした。そこにあるものは見ていない。 / The path answered unlike made-up neighbours. What stands there was not looked at.',
  address:
    '差出人が挙げたもの。中継に使われた別の被害者かもしれない。 / Named by the sender. It may belong to another victim.',
  none: 'この写しに痕跡情報はない。自組織の入口は痕跡情報ではない。 / This bundle holds no indicator. Own doors are no indicators.',
};
