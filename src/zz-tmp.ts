import { loadKnowledge } from './knowledge/load.ts';
import { createMatcher } from './identify/match/match.ts';
import { readSamples } from './identify/match/samples.ts';
const t0 = performance.now();
let k;
try { k = loadKnowledge('/work/main/config'); } catch (e) { console.log(String((e as Error).message).slice(0, 6000)); process.exit(1); }
console.log('ms', performance.now() - t0, k.version, k.products.size, k.ports.small?.length, k.ports.standard?.length);
for (let i = 0; i < 3; i++) { const t = performance.now(); loadKnowledge('/work/main/config'); console.log('again', performance.now() - t); }
const m = createMatcher(k.products.values());
for (const p of k.products.values()) for (const e of p.examples) {
  const a = readSamples(e.samples); const r = m.match(a); const own = r.find((x) => x.productId === p.id);
  const v = m.readVersion(p.id, a); const vv = v.state === 'known' ? v.value : undefined;
  const rivals = r.filter((x) => x.productId !== p.id && !x.generic).map((x) => x.productId + ':' + x.certainty);
  if ((own?.certainty ?? 'none') !== e.expect || (e.expect !== 'none' && vv !== e.version) || (e.expect !== 'none' && rivals.length)) console.log(p.id, '|', e.name, '| got', own?.certainty, own?.facts, vv, '| want', e.expect, e.version, '| rivals', rivals);
}
import { readFileSync, readdirSync } from 'node:fs';
import { parseStrictYaml } from './lib/strict-yaml.ts';
import { OrdinaryFile } from './knowledge/files.ts';
for (const f of readdirSync('config/ordinary')) {
  const { value } = parseStrictYaml(readFileSync('config/ordinary/' + f, 'utf8'), f, OrdinaryFile);
  for (const o of value) { const r = m.match(readSamples(o.samples)).filter((x) => !o.may.includes(x.productId)); if (r.length) console.log(f, o.id, r); const got = m.match(readSamples(o.samples)).map((x) => x.productId); for (const w of o.may) if (!got.includes(w)) console.log('may not seen', o.id, w); }
}
