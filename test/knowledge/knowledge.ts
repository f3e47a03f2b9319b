import { resolve } from 'node:path';
import { createMatcher } from '../../src/identify/match/match.ts';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import { readOrdinary } from '../../src/knowledge/ordinary.ts';

export const CONFIG = resolve(import.meta.dirname, '../../config');
export const knowledge = loadKnowledge(CONFIG);
export const products = [...knowledge.products.values()];
export const matcher = createMatcher(products);

export const ordinary = readOrdinary(CONFIG);
