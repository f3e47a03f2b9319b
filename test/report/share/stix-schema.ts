/**
 * The STIX 2.1 objects that sekisho writes, strictly, after the specification (OASIS Standard, 2021-06-10): section numbers beside each
 * type. What the schemas cannot say (references resolve, times are in order, ids are those of the specification) `stixFaults` checks.
 */
import { v5 } from 'uuid';
import { z } from 'zod';
import { canonicalJson } from '../../../src/report/share/stix/ids.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const idOf = (...types: string[]): z.ZodString =>
  z.string().regex(new RegExp(`^(?:${types.join('|')})--${UUID}$`));
const anyId = z.string().regex(new RegExp(`^[a-z][a-z0-9-]+[a-z0-9]--${UUID}$`));
/** §3.2: created and modified to the millisecond; the others follow. */
const time = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/);
const text = z.string().min(1);
const spec_version = z.literal('2.1');
const object_marking_refs = z.array(idOf('marking-definition')).length(1);
const external_references = z
  .array(
    z.union([
      z.strictObject({ source_name: z.literal('cve'), external_id: z.string().regex(/^CVE-\d{4}-\d{4,}$/) }),
      z
        .strictObject({
          source_name: z.string().regex(/^(?!cve$|capec$).+/),
          description: text.optional(),
          url: z.url().optional(),
        })
        .refine(({ description, url }) => description !== undefined || url !== undefined),
    ]),
  )
  .min(1);

/** §3.2, domain and relationship objects. */
const common = {
  spec_version,
  created_by_ref: idOf('identity'),
  created: time,
  modified: time,
  lang: z.literal('en').optional(),
  labels: z.array(text).min(1).optional(),
  object_marking_refs,
};
const observable = { spec_version, object_marking_refs };
/** §10.9 indicator-type-ov, §10.13 infrastructure-type-ov, §10.7 grouping-context-ov, §10.8 identity-class-ov */
const indicatorTypes = z.enum([
  'anomalous-activity',
  'anonymization',
  'benign',
  'compromised',
  'malicious-activity',
  'attribution',
  'unknown',
]);
/** A string within quotes has no bare quote and no bare backslash. */
const pattern = z.string().regex(/^\[[a-z0-9-]+:[a-z0-9_.'-]+ = '(?:[^'\\]|\\['\\])*'\]$/);

const object = z.discriminatedUnion('type', [
  // §4.5; the author of everything else, so that it has none itself.
  z.strictObject({
    ...common,
    created_by_ref: z.undefined().optional(),
    type: z.literal('identity'),
    id: idOf('identity'),
    name: text,
    identity_class: z.literal('organization'),
    sectors: z.array(text).min(1).optional(),
    contact_information: text.optional(),
  }),
  // §4.8; first_seen and last_seen are about malicious activity and must not be here.
  z.strictObject({
    ...common,
    type: z.literal('infrastructure'),
    id: idOf('infrastructure'),
    name: text,
    description: text,
    infrastructure_types: z.array(z.literal('unknown')).length(1),
  }),
  // §4.14
  z.strictObject({
    ...common,
    type: z.literal('observed-data'),
    id: idOf('observed-data'),
    first_observed: time,
    last_observed: time,
    number_observed: z.number().int().min(1).max(999_999_999),
    object_refs: z
      .array(idOf('ipv4-addr', 'ipv6-addr', 'network-traffic', 'software', 'x509-certificate'))
      .min(1),
  }),
  // §4.19
  z.strictObject({
    ...common,
    type: z.literal('vulnerability'),
    id: idOf('vulnerability'),
    name: text,
    external_references,
  }),
  // §4.7
  z.strictObject({
    ...common,
    type: z.literal('indicator'),
    id: idOf('indicator'),
    name: text,
    description: text,
    indicator_types: z.array(indicatorTypes).min(1),
    pattern,
    pattern_type: z.literal('stix'),
    pattern_version: z.literal('2.1'),
    valid_from: time,
    external_references: external_references.optional(),
  }),
  // §5.2
  z.strictObject({
    ...common,
    type: z.literal('sighting'),
    id: idOf('sighting'),
    description: text,
    sighting_of_ref: idOf('indicator'),
    where_sighted_refs: z.array(idOf('identity')).length(1),
    observed_data_refs: z.array(idOf('observed-data')).min(1).optional(),
  }),
  // §5.1; pairs that §4.8 allows for infrastructure.
  z
    .strictObject({
      ...common,
      type: z.literal('relationship'),
      id: idOf('relationship'),
      relationship_type: z.enum(['consists-of', 'has', 'related-to']),
      description: text.optional(),
      source_ref: idOf('infrastructure'),
      target_ref: idOf('ipv4-addr', 'ipv6-addr', 'software', 'x509-certificate', 'vulnerability'),
    })
    .refine(
      ({ relationship_type: kind, target_ref: to }) =>
        kind === 'related-to' || (kind === 'has') === to.startsWith('vulnerability--'),
    ),
  // §4.13
  z.strictObject({
    ...common,
    type: z.literal('note'),
    id: idOf('note'),
    abstract: text,
    content: text,
    object_refs: z.array(anyId).min(1),
  }),
  // §4.4
  z.strictObject({
    ...common,
    type: z.literal('grouping'),
    id: idOf('grouping'),
    name: text,
    description: text,
    context: z.enum(['suspicious-activity', 'unspecified']),
    object_refs: z.array(anyId).min(1),
  }),
  // §6.9, §6.10
  z.strictObject({ ...observable, type: z.literal('ipv4-addr'), id: idOf('ipv4-addr'), value: z.ipv4() }),
  z.strictObject({ ...observable, type: z.literal('ipv6-addr'), id: idOf('ipv6-addr'), value: z.ipv6() }),
  // §6.12
  z.strictObject({
    ...observable,
    type: z.literal('network-traffic'),
    id: idOf('network-traffic'),
    dst_ref: idOf('ipv4-addr', 'ipv6-addr'),
    dst_port: z.number().int().min(0).max(65_535),
    protocols: z.array(z.string().regex(/^[a-z0-9-]+$/)).min(1),
  }),
  // §6.14
  z.strictObject({
    ...observable,
    type: z.literal('software'),
    id: idOf('software'),
    name: text,
    vendor: text.optional(),
    version: text.optional(),
  }),
  // §6.18
  z.strictObject({
    ...observable,
    type: z.literal('x509-certificate'),
    id: idOf('x509-certificate'),
    hashes: z.strictObject({ 'SHA-256': z.string().regex(/^[0-9a-f]{64}$/) }),
    serial_number: text.optional(),
    subject: z.string(),
    issuer: z.string(),
    validity_not_before: time.optional(),
    validity_not_after: time.optional(),
  }),
  // §7.2, with the extension of TLP 2.0
  z.strictObject({
    type: z.literal('marking-definition'),
    spec_version,
    id: idOf('marking-definition'),
    created: z.literal('2022-10-01T00:00:00.000Z'),
    name: z.enum(['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT']),
    extensions: z.strictObject({
      'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d': z.strictObject({
        extension_type: z.literal('property-extension'),
        tlp_2_0: z.enum(['clear', 'green', 'amber', 'amber+strict']),
      }),
    }),
  }),
]);

/** §8: a bundle of 2.1 has no spec_version of its own. */
export const StixBundle = z.strictObject({
  type: z.literal('bundle'),
  id: idOf('bundle'),
  objects: z.array(object).min(1),
});
export type StixBundle = z.infer<typeof StixBundle>;
type StixObject = StixBundle['objects'][number];

const OBSERVABLES = '00abedb4-aa42-466c-9c01-fed23315a9b7';
/** §6: what the id of each type is made from. */
const CONTRIBUTING: Readonly<Partial<Record<StixObject['type'], readonly string[]>>> = {
  'ipv4-addr': ['value'],
  'ipv6-addr': ['value'],
  'network-traffic': [
    'start',
    'end',
    'src_ref',
    'dst_ref',
    'src_port',
    'dst_port',
    'protocols',
    'extensions',
  ],
  software: ['name', 'cpe', 'swid', 'vendor', 'version'],
  'x509-certificate': ['hashes', 'serial_number'],
};

/** Everything that is wrong with a text that should be a bundle; empty: nothing. */
export function stixFaults(json: string): string[] {
  const parsed = StixBundle.safeParse(JSON.parse(json));
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const { objects } = parsed.data;
  const ids = new Set<string>(objects.map(({ id }) => id));
  const faults = ids.size === objects.length ? [] : ['an id stands twice'];
  if (objects[0]?.type !== 'marking-definition') faults.push('the marking is not first');
  for (const one of objects) {
    const refs = JSON.stringify(one).match(new RegExp(`(?<=")[a-z0-9-]+--${UUID}(?=")`, 'g')) ?? [];
    for (const ref of refs)
      if (!ids.has(ref) && !ref.startsWith('extension-definition--')) faults.push(`${one.id}: no ${ref}`);
    if ('modified' in one && one.modified < one.created)
      faults.push(`${one.id}: modified before it was made`);
    if (one.type === 'observed-data' && one.last_observed < one.first_observed)
      faults.push(`${one.id}: last before first`);
    if (CONTRIBUTING[one.type] !== undefined && one.id !== idBySpecification(one))
      faults.push(`${one.id}: not the id of its content`);
  }
  const grouping = objects.find(({ type }) => type === 'grouping');
  if (grouping?.type !== 'grouping') return [...faults, 'no grouping'];
  const held = new Set(grouping.object_refs);
  const loose = objects.filter(
    ({ id, type }) => type !== 'grouping' && type !== 'marking-definition' && !held.has(id),
  );
  return [...faults, ...loose.map(({ id }) => `${id}: in no grouping`)];
}

function idBySpecification(one: StixObject): string {
  const properties = new Map(Object.entries(one));
  const contributing = (CONTRIBUTING[one.type] ?? []).flatMap((name): [string, unknown][] =>
    properties.has(name) ? [[name, properties.get(name)]] : [],
  );
  return `${one.type}--${v5(canonicalJson(Object.fromEntries(contributing)), OBSERVABLES)}`;
}
