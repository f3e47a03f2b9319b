import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Knowledge } from '../model/knowledge.ts';
import { loadProducts } from './load.ts';
import { createReader } from './read.ts';
import { digestOf, readProductTexts } from './texts.ts';

/**
 * The knowledge with the product files of this installation, which lie under `products/<class>/` of its data folder: written by
 * `sekisho learn` or by hand. Checked like those that ship; the version tells that they are in use.
 *
 * @throws ConfigError with every problem of every file; AppError when the folder cannot be read.
 */
export function withLocalProducts(knowledge: Knowledge, directory: string | undefined): Knowledge {
  if (directory === undefined || !existsSync(join(directory, 'products'))) return knowledge;
  const texts = readProductTexts(directory);
  if (texts.size === 0) return knowledge;
  const reader = createReader(directory, texts);
  const products = loadProducts(reader, { known: knowledge.products });
  reader.finish();
  return { ...knowledge, products, version: `${knowledge.version}+${digestOf(texts).slice(0, 8)}` };
}
