import { instantMs } from '../../../lib/time.ts';
import type { SharedBundle, TlpMark } from '../shared-record.ts';
import { idMaker } from './ids.ts';

/** A STIX object: what every one has, and the properties of its type. */
export interface StixObject {
  readonly type: string;
  readonly id: string;
  readonly [property: string]: unknown;
}

/** Traffic Light Protocol 2.0 as published by OASIS (cti-stix-common-objects): ids, date and extension are fixed. */
const TLP_EXTENSION = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d';
const TLP_CREATED = '2022-10-01T00:00:00.000Z';
const TLP_IDS: Readonly<Record<TlpMark, string>> = {
  CLEAR: 'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487',
  GREEN: 'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
  AMBER: 'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421',
  'AMBER+STRICT': 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003',
};

export interface StixWriter {
  readonly marking: StixObject;
  /** Id of an object of this bundle. */
  readonly idOf: (type: string, name: string) => string;
  /** A domain or relationship object. `name` tells it from others of its type. */
  readonly object: (type: string, name: string, properties: object) => StixObject;
  /** A cyber-observable object. */
  readonly observable: (type: string, id: string, properties: object) => StixObject;
  /** When the run ended. */
  readonly created: string;
}

export function stixWriter(bundle: SharedBundle): StixWriter {
  const idOf = idMaker(bundle);
  const created = stixTime(bundle.looked.to) ?? TLP_CREATED;
  const author = idOf('identity', 'sender');
  const common = { spec_version: '2.1', object_marking_refs: [TLP_IDS[bundle.tlp]] };
  return {
    created,
    idOf,
    marking: {
      type: 'marking-definition',
      spec_version: '2.1',
      id: TLP_IDS[bundle.tlp],
      created: TLP_CREATED,
      name: `TLP:${bundle.tlp}`,
      extensions: {
        [TLP_EXTENSION]: { extension_type: 'property-extension', tlp_2_0: bundle.tlp.toLowerCase() },
      },
    },
    object: (type, name, properties) => ({
      type,
      id: idOf(type, name),
      ...common,
      ...(type === 'identity' ? {} : { created_by_ref: author }),
      created,
      modified: created,
      lang: 'en',
      ...properties,
    }),
    observable: (type, id, properties) => ({ type, id, ...common, ...properties }),
  };
}

/** With milliseconds; a day alone is its beginning. Undefined: not a date. */
export function stixTime(at: string): string | undefined {
  const ms = instantMs(at);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
