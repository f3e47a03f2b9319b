/** Names of STIX objects: the same bundle gives the same names, and no name can be led back to what is not in the bundle. */
import { v5 } from 'uuid';
import { sha256Hex } from '../../../lib/hash.ts';

/** STIX 2.1 §2.9: of all cyber-observable objects, whoever makes them. */
const OBSERVABLES = '00abedb4-aa42-466c-9c01-fed23315a9b7';
/** Of all other objects that sekisho makes. */
const OWN = '6b0f7f0e-5d0c-4f57-9d5e-2f1f8a3f7c11';

/** @param contributing what makes the object this object, by the specification of its type */
export function observableId(type: string, contributing: object): string {
  return `${type}--${v5(canonicalJson(contributing), OBSERVABLES)}`;
}

/** Gives ids of one bundle. They hold for this content alone: another mark, or another run, is another set of objects. */
export function idMaker(bundle: object): (type: string, name: string) => string {
  const seed = sha256Hex(canonicalJson(bundle));
  return (type, name) => `${type}--${v5(`${seed}\n${type}\n${name}`, OWN)}`;
}

/** RFC 8785 for what these objects hold: texts, whole numbers, lists, keys in ASCII. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`);
  return `{${entries.join(',')}}`;
}
