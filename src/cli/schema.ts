import { z } from 'zod';
import { Product, Sample } from '../model/product.ts';
import { OrganisationFile } from '../scope/organisation-schema.ts';
import { FindingJson, ReportJson, ServiceJson } from '../report/json-schema.ts';
import { AppError } from '../lib/app-error.ts';
import type { Terminal } from './terminal.ts';

const SCHEMAS = {
  organisation: OrganisationFile,
  product: Product,
  sample: Sample,
  services: ServiceJson,
  findings: FindingJson,
  report: ReportJson,
} as const;
export const SCHEMA_TOPICS = Object.keys(SCHEMAS);

const INPUTS: ReadonlySet<string> = new Set(['organisation', 'product', 'sample']);

/** `sekisho schema TOPIC`: JSON Schema 2020-12, for editors and for those who read our JSON lines. */
export function schemaCommand(topic: string, terminal: Terminal): void {
  const schema = Object.hasOwn(SCHEMAS, topic) ? SCHEMAS[topic as keyof typeof SCHEMAS] : undefined;
  if (schema === undefined)
    throw new AppError('usage', `There is no schema "${topic}". Known: ${SCHEMA_TOPICS.join(', ')}.`);
  terminal.result(jsonSchema(topic, schema));
}

/** Files are described as people write them, JSON lines as we print them. */
function jsonSchema(topic: string, schema: z.ZodType): string {
  const io = INPUTS.has(topic) ? 'input' : 'output';
  return JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }), null, 2);
}
