import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Knowledge } from '../model/knowledge.ts';

/**
 * The checked knowledge as one JSON text beside the built program. Parsing and checking some forty YAML files costs half a
 * second in a cold process; this costs a twentieth. It is used only when the YAML files are byte for byte those that it was made
 * from, and it lies beside the code that made it: so neither an edited file nor another release is ever answered from it.
 */
interface Compiled {
  readonly digest: string;
  readonly knowledge: Omit<Knowledge, 'products' | 'advice' | 'ports'> & {
    readonly products: readonly [string, unknown][];
    readonly advice: readonly [string, unknown][];
    readonly ports: Readonly<Record<string, readonly (number | [number, number])[]>>;
  };
}

/** `dist/knowledge/compiled.json`; beside the sources there is none. */
export const COMPILED_FILE = fileURLToPath(new URL('compiled.json', import.meta.url));

export function compileKnowledge(knowledge: Knowledge, digest: string): string {
  const { products, advice, ports, ...rest } = knowledge;
  const compiled: Compiled = {
    digest,
    knowledge: {
      ...rest,
      products: [...products],
      advice: [...advice],
      ports: Object.fromEntries(Object.entries(ports).map(([name, list]) => [name, toSpans(list)])),
    },
  };
  return JSON.stringify(compiled);
}

/** Undefined when there is no such file, or it was made from other files. */
export function readCompiled(file: string, digest: string): Knowledge | undefined {
  let compiled: Compiled;
  try {
    compiled = JSON.parse(readFileSync(file, 'utf8')) as Compiled;
  } catch {
    return undefined;
  }
  if (compiled.digest !== digest) return undefined;
  const { products, advice, ports, ...rest } = compiled.knowledge;
  return {
    ...rest,
    products: new Map(products) as Knowledge['products'],
    advice: new Map(advice) as Knowledge['advice'],
    ports: Object.fromEntries(Object.entries(ports).map(([name, spans]) => [name, fromSpans(spans)])),
  };
}

function toSpans(ports: readonly number[]): (number | [number, number])[] {
  const spans: [number, number][] = [];
  for (const port of ports) {
    const last = spans.at(-1);
    if (last !== undefined && last[1] + 1 === port) last[1] = port;
    else spans.push([port, port]);
  }
  return spans.map(([first, last]) => (first === last ? first : [first, last]));
}

function fromSpans(spans: readonly (number | [number, number])[]): number[] {
  return spans.flatMap((span) => {
    if (typeof span === 'number') return [span];
    const [first, last] = span;
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
