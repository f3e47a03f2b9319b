import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createMatcher } from '../../src/identify/match/match.ts';
import { type OrdinaryFile, OrdinaryFile as Ordinary } from '../../src/knowledge/files.ts';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import { parseStrictYaml } from '../../src/lib/strict-yaml.ts';

export const CONFIG = resolve(import.meta.dirname, '../../config');
export const knowledge = loadKnowledge(CONFIG);
export const products = [...knowledge.products.values()];
export const matcher = createMatcher(products);

const folder = resolve(CONFIG, 'ordinary');
export const ordinary: OrdinaryFile = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => parseStrictYaml(readFileSync(resolve(folder, name), 'utf8'), name, Ordinary).value);
