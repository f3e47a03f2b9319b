/**
 * Checks STIX files against the JSON schemas of OASIS, which are not part of this repository:
 *
 *     git clone https://github.com/oasis-open/cti-stix2-json-schemas /tmp/stix
 *     npx tsx test/tools/validate-stix.ts stix.json … --schemas /tmp/stix/schemas
 *
 * Each object is checked against the schema of its type. Exit code 1 when any has a fault. Reads files, opens no connection.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { schemas: { type: 'string' } },
});
if (values.schemas === undefined || positionals.length === 0)
  throw new Error('usage: validate-stix.ts FILE… --schemas DIR');

const Schema = z.looseObject({ $id: z.string() });
const Bundle = z.looseObject({ objects: z.array(z.looseObject({ type: z.string(), id: z.string() })) });

const FOLDERS = ['common', 'sdos', 'sros', 'observables'];
const ajv = new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const ids = new Map<string, string>();
for (const folder of FOLDERS) {
  for (const name of readdirSync(join(values.schemas, folder))) {
    const schema = Schema.parse(JSON.parse(readFileSync(join(values.schemas, folder, name), 'utf8')));
    ajv.addSchema(schema);
    ids.set(name.replace('.json', ''), schema.$id);
  }
}

function schemaOf(type: string): ValidateFunction {
  const validate = ajv.getSchema(ids.get(type) ?? '');
  if (validate === undefined) throw new Error(`no schema for ${type}`);
  return validate;
}

for (const file of positionals) {
  const bundle = Bundle.parse(JSON.parse(readFileSync(file, 'utf8')));
  const counts = new Map<string, number>();
  let faults = 0;
  const check = (type: string, value: unknown, name: string): void => {
    const validate = schemaOf(type);
    if (validate(value)) return;
    faults += 1;
    for (const { instancePath, message } of validate.errors ?? [])
      console.log(`${file}: ${name}${instancePath}: ${message ?? ''}`);
  };
  // The published schema of the bundle knows neither groupings nor notes: the envelope alone is checked by it.
  const { objects: _objects, ...envelope } = bundle;
  check('bundle', envelope, 'bundle');
  for (const object of bundle.objects) {
    counts.set(object.type, (counts.get(object.type) ?? 0) + 1);
    check(object.type, object, object.id);
  }
  const summary = [...counts].map(([type, count]) => `${type} ${count}`).join(', ');
  console.log(`${file}: ${faults === 0 ? 'valid' : `${faults} with faults`} (${summary})`);
  if (faults > 0) process.exitCode = 1;
}
